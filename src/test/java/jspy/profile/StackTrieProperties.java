package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class StackTrieProperties {
    @Property(tries = 200)
    void trieIsMapFromStacksToNodes(
            @ForAll @Size(max = 300)
                    List<@Size(max = 12) List<@IntRange(max = 20) Integer>> stacks) {
        StackTrie trie = new StackTrie();
        Map<List<Integer>, Integer> nodes = new HashMap<>();
        for (List<Integer> stack : stacks) {
            int node = StackTrie.ROOT;
            for (int depth = 1; depth <= stack.size(); depth++) {
                node = trie.child(node, stack.get(depth - 1));
                Integer known = nodes.putIfAbsent(List.copyOf(stack.subList(0, depth)), node);
                assertEquals(known == null ? node : known, node);
            }
        }
        assertEquals(nodes.size() + 1, trie.size());
        nodes.forEach((stack, node) -> assertEquals(stack, stackOf(trie, node)));
    }

    private static List<Integer> stackOf(StackTrie trie, int leaf) {
        List<Integer> stack = new ArrayList<>();
        for (int node = leaf; node != StackTrie.ROOT; node = trie.parent(node)) {
            assertEquals(trie.depth(node), trie.depth(trie.parent(node)) + 1);
            stack.addFirst(trie.frame(node));
        }
        return stack;
    }
}
