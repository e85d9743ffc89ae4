package jspy.process;

import jspy.os.Errno;
import jspy.os.LinuxKernel;
import jspy.os.LinuxKernel.Ptrace;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Stops single threads of a process for some microseconds, by ptrace: SEIZE, INTERRUPT, what there
 * is to read, DETACH. No signal is sent, the other threads run on, and between two stops the
 * process is nobody's tracee: its signals, its end and its debuggers have nothing to wait for.
 *
 * <p>All calls on the one platform thread that made it: the kernel knows tracers by their thread.
 * That thread must end after {@link #close}: with it, as with jspy however that ends, the kernel
 * lets go of whatever it still holds, and a thread that waits in the kernel may be held until then.
 * After {@link #stop} returned {@link #STOPPED} nothing may come before {@link #resume} that can
 * block or throw.
 */
public final class ThreadStopper implements AutoCloseable {
    public static final int STOPPED = 0;

    /** The thread is no more. */
    public static final int ENDED = -1;

    /** The system does not allow it, or a debugger has the thread. */
    public static final int DENIED = -2;

    /** It waits in the kernel and cannot be stopped now; {@link #settle} lets it go as it comes. */
    public static final int LATE = -3;

    public static final int FAILED = -4;

    /**
     * {@code struct user_regs_struct} of x86-64 has 216 bytes, {@code user_pt_regs} of aarch64 272.
     */
    public static final int MAX_REGISTER_BYTES = 512;

    /** {@code ECHILD}, asm-generic/errno-base.h */
    private static final int NO_SUCH_TRACEE = 10;

    /**
     * A thread that runs stops in microseconds, one that waits for a core when it gets it: on a
     * starved machine after hundreds of milliseconds. Giving up earlier would hold it, when it
     * comes, until someone settles.
     */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    /**
     * Looks, some 0.5 µs each, before the first nap: a thread that runs on another core has stopped
     * by then, and a nap costs it some 50 µs.
     */
    private static final int LOOKS_BEFORE_A_NAP = 40;

    /**
     * A thread that runs on another core has come by then: going to sleep for it and being woken
     * takes longer.
     */
    private static final long COMES_WITHIN_NANOS = 6_000;

    private static final long FIRST_NAP_NANOS = 10_000;
    private static final long LONGEST_NAP_NANOS = 1_000_000;

    /** Above every limit that the kernel has for thread ids ({@code PID_MAX_LIMIT}). */
    private static final int NO_THREAD = 1 << 30;

    private static final int STOPPED_MASK = 0xff;
    private static final int STOPPED_MARK = 0x7f;

    private final LinuxKernel kernel;
    private final Thread owner = Thread.currentThread();
    private final MemorySegment status = Arena.ofAuto().allocate(4, 4);
    private final MemorySegment iovec = Arena.ofAuto().allocate(16, 8);

    /** Threads that were asked to stop and have not yet. */
    private int[] late = new int[8];

    private int lateCount;
    private int asked; // to stop, and not yet awaited
    private int stopped;
    private int signal;
    private long stops;

    public ThreadStopper(LinuxKernel kernel) {
        if (owner.isVirtual()) {
            throw new IllegalStateException("a virtual thread cannot trace");
        }
        this.kernel = kernel;
    }

    /**
     * Stops a thread; only one is stopped at a time. It waits as long as the thread takes, which is
     * long if that just began to wait in the kernel without letting itself be disturbed: so ask
     * first whether it runs.
     */
    public int stop(int thread) {
        int result = ask(thread);
        if (result == STOPPED) {
            result = await(thread);
            stopped = result == STOPPED ? thread : 0;
            stops += result == STOPPED ? 1 : 0;
            asked = 0;
        }
        return result;
    }

    /**
     * The first half of {@link #stop}, for one who asks several threads and then waits for all:
     * {@link #STOPPED} when {@link #arrive} has something to wait for.
     */
    public int ask(int thread) {
        checkOwner();
        if (stopped != 0) {
            throw new IllegalStateException("thread %d is stopped".formatted(stopped));
        }
        if (isLate(thread)) {
            settle();
            if (isLate(thread)) {
                return LATE;
            }
        }
        long seized = kernel.ptrace(Ptrace.SEIZE, thread, 0, 0);
        if (seized < 0) {
            return status(seized);
        }
        kernel.ptrace(Ptrace.INTERRUPT, thread, 0, 0);
        asked = thread;
        return STOPPED;
    }

    /** The other half: waits until the thread that was asked stands, at most until then. */
    public int arrive(long deadlineNanos) {
        checkOwner();
        int result = await(asked, deadlineNanos);
        if (result == STOPPED) {
            stopped = asked;
            stops++;
        } else if (result == LATE) {
            addLate(asked);
        }
        asked = 0;
        return result;
    }

    /**
     * Copies the general registers of the stopped thread, as {@code PTRACE_GETREGSET} has them.
     *
     * @param into {@link #MAX_REGISTER_BYTES} of native memory
     * @return their size in bytes, which tells the machine; negative when there are none
     */
    public int registers(MemorySegment into) {
        checkOwner();
        iovec.set(ValueLayout.JAVA_LONG, 0, into.address());
        iovec.set(ValueLayout.JAVA_LONG, 8, into.byteSize());
        long result =
                kernel.ptrace(
                        Ptrace.GET_REGISTER_SET,
                        stopped,
                        Ptrace.GENERAL_REGISTERS,
                        iovec.address());
        return result < 0 ? status(result) : (int) iovec.get(ValueLayout.JAVA_LONG, 8);
    }

    /** Lets the stopped thread run on, with the signal that it was about to get. */
    public void resume() {
        checkOwner();
        if (stopped != 0) {
            kernel.ptrace(Ptrace.DETACH, stopped, 0, signal);
            stopped = 0;
        }
    }

    /**
     * Lets threads go that stopped later than was waited for. While there are {@link #lateThreads},
     * call it every few milliseconds: each of them stands still from when it comes until then.
     */
    public void settle() {
        checkOwner();
        int kept = 0;
        for (int i = 0; i < lateCount; i++) {
            int result = poll(late[i]);
            if (result == STOPPED) {
                kernel.ptrace(Ptrace.DETACH, late[i], 0, signal);
            } else if (result == LATE) {
                late[kept++] = late[i];
            }
        }
        lateCount = kept;
    }

    /** Makes the calls for a thread that there is not, so that the first one does not wait. */
    public void rehearse() {
        for (int request :
                new int[] {
                    Ptrace.SEIZE, Ptrace.INTERRUPT, Ptrace.GET_REGISTER_SET, Ptrace.DETACH
                }) {
            kernel.ptrace(request, NO_THREAD, 0, 0);
        }
        poll(NO_THREAD);
        kernel.monotonicNanos();
    }

    /** How often a thread was stopped. */
    public long stops() {
        return stops;
    }

    /** Threads that wait in the kernel with a stop pending. */
    public int lateThreads() {
        return lateCount;
    }

    @Override
    public void close() {
        if (asked != 0) {
            addLate(asked);
            asked = 0;
        }
        resume();
        settle();
    }

    // internals

    /**
     * Waits in the kernel for a thread that did not come at once: one that waits for a core itself
     * gives it away as it stops, and whoever naps meanwhile comes too late or too often.
     */
    private int await(int thread) {
        long comes = kernel.monotonicNanos() + COMES_WITHIN_NANOS;
        while (kernel.monotonicNanos() < comes) {
            Thread.onSpinWait();
        }
        int result = LATE;
        while (result == LATE) {
            result = poll(thread, 0);
        }
        return result;
    }

    private int await(int thread, long deadlineNanos) {
        int result = poll(thread);
        for (int i = 0; i < LOOKS_BEFORE_A_NAP && result == LATE; i++) {
            result = poll(thread);
        }
        long nap = FIRST_NAP_NANOS;
        while (result == LATE) {
            long now = kernel.monotonicNanos();
            if (now > deadlineNanos) {
                return LATE;
            }
            kernel.sleepUntil(now + nap);
            nap = Math.min(nap * 2, LONGEST_NAP_NANOS);
            result = poll(thread);
        }
        return result;
    }

    /** {@link #LATE} when there is nothing to say yet. */
    private int poll(int thread) {
        return poll(thread, Ptrace.DO_NOT_WAIT);
    }

    private int poll(int thread, int options) {
        int who = kernel.waitFor(thread, status.address(), Ptrace.ALL_THREADS | options);
        if (who == 0 || who == -Errno.EINTR) {
            return LATE;
        }
        if (who < 0) {
            return who == -NO_SUCH_TRACEE ? ENDED : status(who);
        }
        int word = status.get(ValueLayout.JAVA_INT, 0);
        if ((word & STOPPED_MASK) != STOPPED_MARK) {
            return ENDED;
        }
        // a signal may arrive first: then the thread stands before its delivery, as still
        signal = word >>> 16 == Ptrace.EVENT_STOP ? 0 : word >>> 8 & 0xff;
        return STOPPED;
    }

    private boolean isLate(int thread) {
        for (int i = 0; i < lateCount; i++) {
            if (late[i] == thread) {
                return true;
            }
        }
        return false;
    }

    private void addLate(int thread) {
        if (lateCount == late.length) {
            late = Arrays.copyOf(late, lateCount * 2);
        }
        late[lateCount++] = thread;
    }

    private static int status(long negativeErrno) {
        return switch ((int) -negativeErrno) {
            case Errno.ESRCH -> ENDED;
            case Errno.EPERM, Errno.EACCES -> DENIED;
            default -> FAILED;
        };
    }

    private void checkOwner() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("only %s may trace".formatted(owner));
        }
    }
}
