package jspy.profile;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What the drain thread pays for a sample: finding its stack in a warm trie, and inserting all
 * stacks anew.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StackTrieBenchmark {
    private static final int STACKS = 1 << 10;
    private static final int FUNCTIONS = 2_000;

    @Param({"10", "50", "1000"})
    private int depth;

    private int[][] stacks;
    private StackTrie warm;
    private int next;

    @Setup
    public void setUp() {
        Random random = new Random(1);
        stacks = new int[STACKS][depth];
        for (int[] stack : stacks) {
            // Stacks of one program share their root side.
            int shared = random.nextInt(depth);
            for (int i = 0; i < depth; i++) {
                stack[i] = i < shared ? i : random.nextInt(FUNCTIONS);
            }
        }
        warm = new StackTrie();
        for (int[] stack : stacks) {
            insert(warm, stack);
        }
    }

    /** One sample whose stack is known: must not allocate. */
    @Benchmark
    public int findStack() {
        next = next + 1 & STACKS - 1;
        return insert(warm, stacks[next]);
    }

    /** A whole trie of 1,024 stacks. */
    @Benchmark
    public int buildTrie() {
        StackTrie trie = new StackTrie();
        for (int[] stack : stacks) {
            insert(trie, stack);
        }
        return trie.size();
    }

    private static int insert(StackTrie trie, int[] stack) {
        int node = StackTrie.ROOT;
        for (int frame : stack) {
            node = trie.child(node, frame);
        }
        return node;
    }
}
