package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;
import jspy.python.CodeDecoder;
import jspy.python.CodeIdentity;
import jspy.python.PythonRuntime;
import jspy.testing.SyntheticPython;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * What the sampler reads of a process whose every stack is known goes through encoder, ring and
 * drain and comes out as it was, however the stacks change and however full the ring is.
 */
class SampleRoundTripProperties {
    private static final int CODES = 40;
    private static final int SAMPLES = 60;

    @Property(tries = 50)
    void everySampleThatWasSentIsCountedWithItsStacks(@ForAll long seed) {
        Random random = new Random(seed);
        boolean still = random.nextBoolean();
        SyntheticPython python = new SyntheticPython();
        for (int i = 0; i < CODES; i++) {
            python.addCode("f" + i, "file.py", 100 * i + 1);
        }
        int threads = 1 + random.nextInt(5);
        int[][] stacks = new int[threads][];
        for (int t = 0; t < threads; t++) {
            python.addThread();
            stacks[t] = stack(random, new int[0]);
            python.stack(t, stacks[t]);
        }
        python.hold(0);
        Switched memory = new Switched(python.memory());
        PythonRuntime runtime = python.runtime();
        CodeIdentity identity = new CodeIdentity(runtime.offsets());
        CodeTable codes = new CodeTable(identity);
        StackSource reader = python.replay(() -> memory).reader(codes, new SampleCounters(), still);
        SpscRing ring = new SpscRing(1 << (8 + random.nextInt(5)));
        Tally tally = new Tally(ThreadFilter.ALL, false, System.nanoTime());
        Drain drain = new Drain(ring);
        DrainedProcess process =
                new DrainedProcess(
                        1,
                        tally,
                        new FrameNames(
                                codes,
                                new CodeDecoder(runtime.offsets(), runtime.version()),
                                tally.frames,
                                LineStyle.CURRENT,
                                UnaryOperator.identity()),
                        new Nobody(),
                        new CodeGuard(memory, identity, codes));
        SampleEncoder encoder = new SampleEncoder(ring, codes, drain.addStream(process));

        Map<String, Long> expected = new HashMap<>();
        long lost = 0;
        for (int i = 0; i < SAMPLES; i++) {
            for (int t = 0; t < threads; t++) {
                if (random.nextInt(3) == 0) {
                    stacks[t] = stack(random, stacks[t]);
                    python.stack(t, stacks[t]);
                }
            }
            if (random.nextInt(3) == 0) {
                python.hold(random.nextInt(threads));
            } else if (still) {
                python.hold(0); // Python moved: the GIL was handed over
            }
            memory.now = python.memory();
            int status = reader.read();
            assertEquals(still ? StackSource.PROVED : StackReader.TWO_COPIES, status);
            if (!encoder.send(reader, status, System.nanoTime())) {
                lost++;
                drainNow(drain);
                continue;
            }
            for (int t = 0; t < threads; t++) {
                if (stacks[t].length > 0) {
                    expected.merge(name(python.ident(t), stacks[t]), 1L, Long::sum);
                }
            }
            if (random.nextInt(20) == 0) {
                drainNow(drain);
            }
        }
        drainNow(drain);
        assertEquals(expected, counted(tally), () -> "seed " + seed);
        assertTrue(lost < SAMPLES);
    }

    // internals

    /** Another stack that shares a part of the last one with it. */
    private static int[] stack(Random random, int[] before) {
        int kept = before.length == 0 ? 0 : random.nextInt(before.length + 1);
        int depth = random.nextInt(8) == 0 ? random.nextInt(300) : random.nextInt(12);
        int[] stack = new int[Math.max(kept, depth)];
        for (int i = 0; i < stack.length; i++) {
            stack[i] = i < kept ? before[i] : random.nextInt(CODES);
        }
        return stack;
    }

    private static void drainNow(Drain drain) {
        drain.finish();
        drain.run();
    }

    private static String name(long ident, int[] codes) {
        StringBuilder name = new StringBuilder().append(ident);
        for (int code : codes) {
            name.append(";f").append(code).append(" (file.py:").append(100 * code + 2).append(')');
        }
        return name.toString();
    }

    private static Map<String, Long> counted(Tally tally) {
        Map<String, Long> counted = new HashMap<>();
        for (ThreadLog log : tally.logs()) {
            for (int node : log.counts().nodes()) {
                counted.merge(
                        log.ident() + path(tally, node), log.counts().samples(node), Long::sum);
            }
        }
        return counted;
    }

    private static String path(Tally tally, int node) {
        return node == StackTrie.ROOT
                ? ""
                : path(tally, tally.trie.parent(node))
                        + ";"
                        + tally.frames.get(tally.trie.frame(node)).label();
    }

    /** A memory whose contents change between reads. */
    private static final class Switched implements TargetMemory {
        TargetMemory now;

        Switched(TargetMemory first) {
            now = first;
        }

        @Override
        public int read(long address, MemorySegment into, long offset, int length) {
            return now.read(address, into, offset, length);
        }

        @Override
        public int readAll(ReadList list, int first) {
            return now.readAll(list, first);
        }

        @Override
        public String how() {
            return now.how();
        }

        @Override
        public void close() {}
    }

    private static final class Nobody implements TargetThreads {
        @Override
        public long hostThreadId(long nativeId, long ident) {
            return nativeId;
        }

        @Override
        public boolean isActive(long hostThreadId, boolean moved) {
            return true;
        }

        @Override
        public Map<Long, String> names() {
            return Map.of();
        }
    }
}
