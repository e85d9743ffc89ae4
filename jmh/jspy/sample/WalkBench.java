package jspy.sample;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.memory.WorkingSet;
import jspy.python.CodeIdentity;
import jspy.python.FrameWalker;
import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.snapshot.SnapshotMemory;
import jspy.testing.SyntheticPython;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/**
 * Walking a replayed process. {@code walk}: the walk alone, over copies that are there. {@code
 * sample}: all that the sampler does for a proved sample but the system call: the list, the read
 * out of the snapshot, the walk, the look-up of every code object. {@code handedOver}: the same
 * when the GIL changed hands since the last sample, so that every thread is read. {@code sent}: the
 * leaf has moved on, and the sample goes through the ring.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class WalkBench {
    private static final long STABLE_NANOS = 200_000_000;

    @Param({"shallow", "deep50", "deep1000", "threads50"})
    public String shape;

    private final ReadList list = new ReadList(1024, 256 * 1024);
    private final WorkingSet set = new WorkingSet(list);
    private final ProcessStacks stacks = new ProcessStacks();
    private FrameWalker walker;
    private long[] interpreters;
    private StackSource reader;
    private StackSource handedOverReader;
    private HandedOver handedOver;
    private final SpscRing ring = new SpscRing(1 << 17);
    private StackSource movedReader;
    private SampleEncoder encoder;
    private HandedOver moved;
    private long time;

    @Setup
    public void setUp() {
        SyntheticPython python = process(shape);
        PythonRuntime runtime = python.runtime();
        walker = new FrameWalker(runtime.offsets(), runtime.instructionUnits(), set);
        interpreters = new long[] {python.interpreter()};
        SnapshotMemory memory = new SnapshotMemory(python.image());
        do {
            list.clear();
            set.addTo();
            memory.readAll(list, 0);
            walker.walk(interpreters, 1, stacks, 0, false);
            while (set.wanted() > 0) {
                int first = list.count();
                set.addWanted();
                memory.readAll(list, first);
                walker.walk(interpreters, 1, stacks, 0, true);
            }
        } while (list.count() > set.ranges());
        reader = warmed(python, memory);
        SyntheticPython later = process(shape);
        later.hold(0);
        handedOver = new HandedOver(memory, new SnapshotMemory(later.image()));
        handedOverReader = warmed(python, handedOver);
        SyntheticPython further = process(shape);
        further.leafAt(0, 1);
        moved = new HandedOver(memory, new SnapshotMemory(further.image()));
        CodeTable codes = new CodeTable(new CodeIdentity(python.runtime().offsets()));
        movedReader = warmed(python, moved, codes);
        encoder = new SampleEncoder(ring, codes, 0);
    }

    @Benchmark
    public int walk() {
        walker.walk(interpreters, 1, stacks, 0, false);
        return stacks.count();
    }

    @Benchmark
    public int sample() {
        return reader.read();
    }

    @Benchmark
    public int handedOver() {
        handedOver.next();
        return handedOverReader.read();
    }

    @Benchmark
    public boolean sent() {
        moved.next();
        boolean sent = encoder.send(movedReader, movedReader.read(), ++time);
        for (long position = ring.poll(); position >= 0; position = ring.poll()) {
            ring.release(position);
        }
        return sent;
    }

    // internals

    static SyntheticPython process(String shape) {
        SyntheticPython python = new SyntheticPython();
        int threads = shape.equals("threads50") ? 50 : 1;
        int depth =
                switch (shape) {
                    case "shallow" -> 4;
                    case "deep1000" -> 1000;
                    case "threads50" -> 12;
                    default -> 50;
                };
        for (int i = 0; i < 100; i++) {
            python.addCode("function_" + i, "package/module.py", 10 * i + 1);
        }
        for (int t = 0; t < threads; t++) {
            python.addThread();
            int[] stack = new int[depth];
            for (int i = 0; i < depth; i++) {
                stack[i] = (t + i) % 100;
            }
            python.stack(t, stack);
        }
        python.hold(0);
        return python;
    }

    /** A reader whose code objects have proved lasting, so that nothing is copied any more. */
    private static StackSource warmed(SyntheticPython python, TargetMemory memory) {
        return warmed(python, memory, new CodeTable(new CodeIdentity(python.runtime().offsets())));
    }

    private static StackSource warmed(
            SyntheticPython python, TargetMemory memory, CodeTable codes) {
        StackSource reader = python.replay(() -> memory).reader(codes, new SampleCounters(), true);
        long end = System.nanoTime() + STABLE_NANOS;
        while (System.nanoTime() < end) {
            int status = reader.read();
            if (status != StackSource.PROVED) {
                throw new IllegalStateException("not proved: " + status);
            }
        }
        return reader;
    }

    /** Two moments of a process in turn, between which its GIL was handed over. */
    private static final class HandedOver implements TargetMemory {
        private final TargetMemory one;
        private final TargetMemory other;
        private TargetMemory now;

        HandedOver(TargetMemory one, TargetMemory other) {
            this.one = one;
            this.other = other;
            now = one;
        }

        void next() {
            now = now == one ? other : one;
        }

        @Override
        public int read(long address, MemorySegment into, long offset, int length) {
            return now.read(address, into, offset, length);
        }

        @Override
        public int readAll(ReadList ranges, int first) {
            return now.readAll(ranges, first);
        }

        @Override
        public String how() {
            return now.how();
        }

        @Override
        public void close() {}
    }
}
