package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class StackTrieTest {
    @Test
    void emptyTrieHasItsRoot() {
        StackTrie trie = new StackTrie();
        assertEquals(1, trie.size());
        assertEquals(0, trie.depth(StackTrie.ROOT));
        assertEquals(StackTrie.NONE, trie.parent(StackTrie.ROOT));
        assertEquals(StackTrie.NONE, trie.frame(StackTrie.ROOT));
    }

    @Test
    void stacksTenThousandDeepAreOrdinary() {
        StackTrie trie = new StackTrie();
        for (int round = 0; round < 2; round++) {
            int node = StackTrie.ROOT;
            for (int depth = 1; depth <= 10_000; depth++) {
                node = trie.child(node, 5);
                assertEquals(depth, trie.depth(node));
            }
        }
        assertEquals(10_001, trie.size());
    }

    @Test
    void whatDoesNotExistIsRefused() {
        StackTrie trie = new StackTrie();
        assertThrows(IndexOutOfBoundsException.class, () -> trie.child(1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> trie.child(0, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> trie.depth(1));
        assertThrows(IndexOutOfBoundsException.class, () -> trie.frame(-1));
    }
}
