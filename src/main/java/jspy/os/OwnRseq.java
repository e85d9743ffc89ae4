package jspy.os;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;

/**
 * Tells whether the calling thread was switched off its core, without asking the kernel: by the
 * restartable-sequences area that the C library registered for it ({@code struct rseq}, {@code
 * struct rseq_cs}, linux/rseq.h; glibc 2.35 on).
 *
 * <p>A thread that writes the address of a critical section into its area finds 0 there once it has
 * been switched: on the way back to user mode the kernel sees that the thread is not inside that
 * section and takes the address out ({@code rseq_ip_fixup}, kernel/rseq.c). The section named here
 * is a byte that nobody executes, so that this is all that ever happens. Its description stays for
 * as long as the process: the kernel kills a process whose description is no more.
 *
 * <p>One thread: the one that called {@link #ofThisThread}.
 */
@SuppressWarnings("restricted") // the area lies in the C library's memory of the thread
public final class OwnRseq {
    private static final long CORE = 4; // cpu_id
    private static final long SECTION = 8; // rseq_cs
    private static final long AREA_BYTES = 32;

    /** Of {@code struct rseq_cs}. */
    private static final long SECTION_START = 8;

    private static final long SECTION_LENGTH = 16;
    private static final long SECTION_ABORT = 24;
    private static final long SECTION_BYTES = 32;

    /** {@code RSEQ_SIG} of x86: the kernel looks for it before the abort handler. bits/rseq.h */
    private static final int SIGNATURE = 0x53053053;

    private static final long TRIAL_SLEEP_NANOS = 20_000;
    private static final int TRIALS = 5;

    private static final class Section {
        static final long ADDRESS = describe();
    }

    private final MemorySegment area;

    private OwnRseq(MemorySegment area) {
        this.area = area;
    }

    /**
     * For the calling thread; null where there is no such area, or where it does not do what is
     * said above.
     */
    public static OwnRseq ofThisThread(LinuxKernel kernel) {
        long address = areaOfThisThread(kernel);
        if (address == 0) {
            return null;
        }
        OwnRseq own = new OwnRseq(MemorySegment.ofAddress(address).reinterpret(AREA_BYTES));
        for (int tries = 0; tries < TRIALS; tries++) {
            if (own.isMine(kernel) && own.works(kernel)) {
                return own;
            }
        }
        return null;
    }

    /** From now on {@link #kept} watches. */
    public void begin() {
        area.set(ValueLayout.JAVA_LONG, SECTION, Section.ADDRESS);
    }

    /** Whether the thread has not been off its core since {@link #begin}. */
    public boolean kept() {
        return area.get(ValueLayout.JAVA_LONG, SECTION) == Section.ADDRESS;
    }

    // internals

    /** Not while the thread changes cores, nor where somebody else uses its area. */
    private boolean isMine(LinuxKernel kernel) {
        int core = area.get(ValueLayout.JAVA_INT, CORE);
        return core >= 0 && core == kernel.currentCore() && (isFree() || kept());
    }

    private boolean isFree() {
        return area.get(ValueLayout.JAVA_LONG, SECTION) == 0;
    }

    /** Whether a sleep takes the section's address out, tried. */
    private boolean works(LinuxKernel kernel) {
        begin();
        boolean stays = kept();
        kernel.sleepUntil(kernel.monotonicNanos() + TRIAL_SLEEP_NANOS);
        boolean goes = isFree();
        area.set(ValueLayout.JAVA_LONG, SECTION, 0);
        return stays && goes;
    }

    /** 0 where the C library registers none, or where it lies is not known. */
    private static long areaOfThisThread(LinuxKernel kernel) {
        // On x86-64 pthread_self() is the thread pointer, from which the offset counts.
        if (!System.getProperty("os.arch").equals("amd64")) {
            return 0;
        }
        SymbolLookup library = Linker.nativeLinker().defaultLookup();
        MemorySegment offset = library.find("__rseq_offset").orElse(null);
        MemorySegment size = library.find("__rseq_size").orElse(null);
        if (offset == null
                || size == null
                || size.reinterpret(4).get(ValueLayout.JAVA_INT, 0) == 0) {
            return 0;
        }
        return kernel.threadPointer() + offset.reinterpret(8).get(ValueLayout.JAVA_LONG, 0);
    }

    private static long describe() {
        MemorySegment memory = Arena.global().allocate(SECTION_BYTES + 16, 32);
        long address = memory.address();
        memory.set(ValueLayout.JAVA_INT, SECTION_BYTES, SIGNATURE);
        memory.set(ValueLayout.JAVA_LONG, SECTION_START, address + SECTION_BYTES + 8);
        memory.set(ValueLayout.JAVA_LONG, SECTION_LENGTH, 1);
        memory.set(ValueLayout.JAVA_LONG, SECTION_ABORT, address + SECTION_BYTES + 4);
        return address;
    }
}
