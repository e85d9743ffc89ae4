package jspy.unwind;

import jspy.binary.Elf;
import jspy.binary.ElfSymbol;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The functions of one binary by address, before the load bias: of several names of one function
 * the plainest. Immutable; any thread.
 */
final class NativeSymbols {
    /** A symbol without a size reaches at most this far. */
    private static final long UNSIZED_BYTES = 1 << 16;

    private final long[] starts;
    private final long[] ends;
    private final String[] names;

    private NativeSymbols(List<ElfSymbol> sorted) {
        starts = sorted.stream().mapToLong(ElfSymbol::address).toArray();
        ends = new long[starts.length];
        names = sorted.stream().map(ElfSymbol::name).toArray(String[]::new);
        for (int i = 0; i < starts.length; i++) {
            long next = i + 1 < starts.length ? starts[i + 1] : Long.MAX_VALUE;
            long sizeBytes = sorted.get(i).sizeBytes();
            ends[i] =
                    sizeBytes > 0
                            ? starts[i] + sizeBytes
                            : Math.min(next, starts[i] + UNSIZED_BYTES);
        }
    }

    /** Of all these files together, which are one binary and its debug file. */
    static NativeSymbols of(List<Elf> files) {
        List<ElfSymbol> functions = new ArrayList<>();
        for (Elf elf : files) {
            for (Iterable<ElfSymbol> table : List.of(elf.symbols(), elf.dynamicSymbols())) {
                for (ElfSymbol symbol : table) {
                    if (isFunction(symbol)) {
                        functions.add(symbol);
                    }
                }
            }
        }
        functions.sort(
                Comparator.comparingLong(ElfSymbol::address)
                        .thenComparing(NativeSymbols::plainness)
                        .thenComparing(ElfSymbol::name));
        List<ElfSymbol> one = new ArrayList<>();
        for (ElfSymbol symbol : functions) {
            if (one.isEmpty() || one.getLast().address() != symbol.address()) {
                one.add(symbol);
            }
        }
        return new NativeSymbols(one);
    }

    /** The function that the instruction belongs to. */
    Optional<String> name(long address) {
        int index = find(address);
        return index < 0 ? Optional.empty() : Optional.of(names[index]);
    }

    /** First address of the function that the instruction belongs to, -1 when none is known. */
    long start(long address) {
        int index = find(address);
        return index < 0 ? -1 : starts[index];
    }

    int count() {
        return starts.length;
    }

    // internals

    private int find(long address) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (starts[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && address < ends[high] ? high : -1;
    }

    private static boolean isFunction(ElfSymbol symbol) {
        return (symbol.type() == ElfSymbol.FUNCTION
                        || symbol.type() == ElfSymbol.INDIRECT_FUNCTION
                        || symbol.type() == ElfSymbol.NO_TYPE && symbol.sizeBytes() > 0)
                && !symbol.name().isEmpty();
    }

    /** A sized one before one without, and few underscores in front before many. */
    private static int plainness(ElfSymbol symbol) {
        int underscores = 0;
        while (underscores < symbol.name().length() && symbol.name().charAt(underscores) == '_') {
            underscores++;
        }
        return underscores + (symbol.sizeBytes() == 0 ? 100 : 0);
    }
}
