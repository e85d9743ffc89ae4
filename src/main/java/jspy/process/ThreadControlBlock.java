package jspy.process;

import jspy.binary.ElfHeader;
import jspy.memory.TargetMemory;
import jspy.process.Capability.No;
import jspy.process.Capability.Yes;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntPredicate;

/**
 * What the C library keeps for each thread of a process, reached from {@code pthread_self()}, which
 * CPython keeps as {@code thread_id}: the core the kernel last ran it on ({@code struct rseq},
 * glibc 2.35 and later), and its native id.
 *
 * <p>One thread uses it. Made at attach; {@link #coreAddress} only adds.
 */
public final class ThreadControlBlock {
    /**
     * {@code cpu_id} in {@code struct rseq}, linux/rseq.h; the kernel writes it whenever the thread
     * is switched in.
     */
    private static final int CORE_OFFSET = 4;

    /**
     * {@code tid} in {@code struct pthread}, x86-64, glibc 2.36 nptl/descr.h; a guess that is
     * checked.
     */
    private static final int USUAL_ID_OFFSET = 0x2d0;

    /** Too large for a thread descriptor: the number that was read is something else. */
    private static final int MAX_DESCRIPTOR_BYTES = 1 << 16;

    private final TargetMemory memory;
    private final MemorySegment word = Arena.ofAuto().allocate(16, 8);
    private final ThreadIdOffset ids;
    private final int namedIdOffset;
    private final Capability rseq;
    private long rseqFromSelf;
    private OptionalInt idOffset = OptionalInt.empty();

    private ThreadControlBlock(TargetMemory memory, RuntimeLibraries libraries) {
        this.memory = memory;
        ids = new ThreadIdOffset(memory);
        rseq = findRseq(libraries);
        namedIdOffset = namedIdOffset(libraries);
    }

    /**
     * Reads the symbols of the loader, the C library and the executable; the files are closed
     * again.
     */
    public static ThreadControlBlock of(Program process, MemoryMaps maps, TargetMemory memory) {
        try (Arena arena = Arena.ofConfined()) {
            return new ThreadControlBlock(
                    memory, RuntimeLibraries.open(process, memory, maps, arena));
        }
    }

    /** Whether {@link #coreAddress} works. */
    public Capability rseq() {
        return rseq;
    }

    /**
     * Address in the target of the 32-bit number of the core on which that thread runs, or ran
     * last.
     */
    public long coreAddress(long pthreadSelf) {
        return pthreadSelf + rseqFromSelf + CORE_OFFSET;
    }

    /**
     * Finds out where native ids are, given threads that exist: all of them if possible, as several
     * make it certain.
     *
     * @param isNativeId whether the process has a thread of that id ({@link ThreadIds#isNative})
     */
    public Capability findNativeIds(long[] pthreadSelves, IntPredicate isNativeId) {
        idOffset = ids.find(pthreadSelves, isNativeId, namedIdOffset);
        if (idOffset.isPresent()) {
            return new Yes("tid at offset 0x%x of struct pthread".formatted(idOffset.getAsInt()));
        }
        return new No("no offset in the threads' descriptors holds their native ids", "");
    }

    /** The native id of a thread, 0 when it cannot be told. */
    public int nativeId(long pthreadSelf) {
        return idOffset.isPresent() ? ids.read(pthreadSelf, idOffset.getAsInt()) : 0;
    }

    // internals

    private Capability findRseq(RuntimeLibraries libraries) {
        for (LoadedElf library : libraries.opened()) {
            OptionalLong offsetAt = address(library, "__rseq_offset");
            OptionalLong sizeAt = address(library, "__rseq_size");
            if (offsetAt.isPresent() && sizeAt.isPresent()) {
                OptionalLong base = threadPointerFromSelf(libraries, library.elf().header());
                return readRseq(library, base, offsetAt.getAsLong(), sizeAt.getAsLong());
            }
        }
        if (libraries.isMusl()) {
            return new No("musl does not register rseq", "");
        }
        return libraries.failures().isEmpty()
                ? new No("the C library has no __rseq_offset (glibc has it since 2.35)", "")
                : new No(String.join("; ", libraries.failures()), "");
    }

    private Capability readRseq(LoadedElf library, OptionalLong base, long offsetAt, long sizeAt) {
        String name = library.mapping().fileName();
        OptionalLong offset = word(offsetAt, 8);
        OptionalLong size = word(sizeAt, 4);
        if (offset.isEmpty() || size.isEmpty()) {
            return new No(
                    "__rseq_offset of %s at 0x%x cannot be read".formatted(name, offsetAt), "");
        }
        if (size.getAsLong() == 0) {
            return new No(
                    "rseq is switched off in the target (__rseq_size of %s is 0)".formatted(name),
                    "start it without GLIBC_TUNABLES=glibc.pthread.rseq=0");
        }
        if (base.isEmpty()) {
            return new No("the size of struct pthread is not known", "");
        }
        rseqFromSelf = base.getAsLong() + offset.getAsLong();
        return new Yes("__rseq_offset of " + name);
    }

    /**
     * On x86-64 the thread pointer is {@code pthread_self()}; on aarch64 it is the end of {@code
     * struct pthread}.
     */
    private OptionalLong threadPointerFromSelf(RuntimeLibraries libraries, ElfHeader header) {
        if (header.machine() == ElfHeader.MACHINE_X86_64) {
            return OptionalLong.of(0);
        }
        for (LoadedElf library : libraries.opened()) {
            OptionalLong sizeAt = address(library, "_thread_db_sizeof_pthread");
            OptionalLong size = sizeAt.isEmpty() ? sizeAt : word(sizeAt.getAsLong(), 4);
            if (size.isPresent()
                    && size.getAsLong() > 0
                    && size.getAsLong() < MAX_DESCRIPTOR_BYTES) {
                return size;
            }
        }
        return OptionalLong.empty();
    }

    /**
     * {@code _thread_db_pthread_tid}: bits, count and offset, for debuggers; nptl_db/structs.def
     */
    private int namedIdOffset(RuntimeLibraries libraries) {
        for (LoadedElf library : libraries.opened()) {
            OptionalLong at = address(library, "_thread_db_pthread_tid");
            OptionalLong bits = at.isEmpty() ? at : word(at.getAsLong(), 4);
            OptionalLong offset = at.isEmpty() ? at : word(at.getAsLong() + 8, 4);
            if (bits.orElse(0) == 32
                    && offset.orElse(-1) >= 0
                    && offset.getAsLong() < MAX_DESCRIPTOR_BYTES) {
                return (int) offset.getAsLong();
            }
        }
        return USUAL_ID_OFFSET;
    }

    private static OptionalLong address(LoadedElf library, String symbol) {
        try {
            return library.address(symbol);
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    private OptionalLong word(long address, int sizeBytes) {
        if (memory.read(address, word, 0, sizeBytes) != sizeBytes) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(
                sizeBytes == 8
                        ? word.get(ValueLayout.JAVA_LONG, 0)
                        : Integer.toUnsignedLong(word.get(ValueLayout.JAVA_INT, 0)));
    }
}
