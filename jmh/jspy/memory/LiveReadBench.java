package jspy.memory;

import jspy.os.Linux;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;

/** One gathered {@code process_vm_readv} of jspy's own memory: what a read costs. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class LiveReadBench {
    /** Ranges and their length in bytes. */
    @Param({"1x8", "1x4096", "8x64", "32x64", "8x4096"})
    public String ranges;

    private final MemorySegment own = Arena.ofAuto().allocate(1 << 20, 4096);
    private final ReadList list = new ReadList(64, 1 << 20);
    private LiveMemory memory;

    @Setup
    public void setUp() {
        memory = new LiveMemory(new Linux(), (int) ProcessHandle.current().pid());
        own.fill((byte) 1); // so that every page is there
        String[] parts = ranges.split("x");
        for (int i = 0; i < Integer.parseInt(parts[0]); i++) {
            list.add(own.address() + i * 8192L, Integer.parseInt(parts[1]));
        }
        if (memory.readAll(list, 0) != list.count()) {
            throw new IllegalStateException("cannot read: errno " + memory.lastErrno());
        }
    }

    @Benchmark
    public int readAll() {
        return memory.readAll(list, 0);
    }
}
