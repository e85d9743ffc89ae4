package jspy.unwind;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** 44 frames, as CPython has them in the middle of C calling Python; tables are built. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UnwindBench {
    private final MadeStack made = MadeStack.of(Machine.X86_64, new Random(7), 44);
    private final Unwinder unwinder = new Unwinder(Machine.X86_64, made.expressions);

    public UnwindBench() {
        made.modules.buildTables();
    }

    @Benchmark
    public int unwind() {
        return unwinder.unwind(made.modules, made.registers, made.stack);
    }

    /** The same with nothing remembered of the rules. */
    @Benchmark
    public int rulesFromTheTable() {
        int found = 0;
        NativeModule module = made.modules.get(0);
        UnwindTable table = ((BinaryRules) module.rules()).table();
        for (int i = 0; i < 44; i++) {
            found += table.find(made.programCounters.get(i) - module.bias());
        }
        return found;
    }
}
