package jspy.sample;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** Records through the ring, by one thread and by two. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class RingBench {
    @State(Scope.Thread)
    public static class Alone {
        @Param({"8", "64"})
        public int longs;

        private final SpscRing ring = new SpscRing(1 << 19);
    }

    @State(Scope.Group)
    public static class Shared {
        private final SpscRing ring = new SpscRing(1 << 19);
    }

    @Benchmark
    public long oneThread(Alone state) {
        write(state.ring, state.longs);
        return read(state.ring);
    }

    /** Counts what was taken, and what was refused because the ring was full. */
    @Benchmark
    @Group("twoThreads")
    public boolean producer(Shared state) {
        return write(state.ring, 64);
    }

    @Benchmark
    @Group("twoThreads")
    public long consumer(Shared state) {
        return read(state.ring);
    }

    // internals

    private static boolean write(SpscRing ring, int longs) {
        long position = ring.claim(longs);
        if (position == SpscRing.FULL) {
            return false;
        }
        for (int i = 1; i < longs; i++) {
            ring.put(position, i, i);
        }
        ring.commit();
        return true;
    }

    private static long read(SpscRing ring) {
        long position = ring.poll();
        if (position < 0) {
            return -1;
        }
        long sum = 0;
        long longs = ring.get(position, 0);
        for (int i = 1; i < longs; i++) {
            sum += ring.get(position, i);
        }
        ring.release(position);
        return sum;
    }
}
