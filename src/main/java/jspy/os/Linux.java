package jspy.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@link LinuxKernel} by FFM. Each holder class binds its symbol when it is first called, so that a
 * command pays only for what it uses.
 */
public final class Linux implements LinuxKernel {
    /**
     * {@code CLOCK_MONOTONIC}, {@code CLOCK_PROCESS_CPUTIME_ID}, {@code TIMER_ABSTIME}:
     * linux/time.h
     */
    private static final long CLOCK_MONOTONIC = 1;

    private static final long CLOCK_PROCESS_CPUTIME_ID = 2;
    private static final long TIMER_ABSTIME = 1;

    /** {@code RUSAGE_THREAD}, bits/resource.h */
    private static final long RUSAGE_THREAD = 1;

    /** sys/resource.h */
    private static final int PRIO_PROCESS = 0;

    /** {@code PR_SET_TIMERSLACK}, linux/prctl.h */
    private static final long PR_SET_TIMERSLACK = 29;

    /** {@code O_RDONLY | O_CLOEXEC}, asm-generic/fcntl.h */
    private static final long READ_ONLY = 0x80000;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final boolean steady;
    private final MemorySegment capture = Arena.ofAuto().allocate(Downcalls.CAPTURE);
    private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);

    /** For a thread that makes a few calls. */
    public Linux() {
        this(false);
    }

    private Linux(boolean steady) {
        this.steady = steady;
    }

    /**
     * For a thread that makes the same calls for hours: those that it makes all the time allocate
     * nothing. The first such call of a JVM costs some 10 ms.
     */
    public static Linux steady() {
        return new Linux(true);
    }

    @Override
    public long processVmReadv(
            int pid, long localIov, long localCount, long remoteIov, long remoteCount) {
        return steady
                ? repeatable(
                        SteadyReadv.HANDLE,
                        ReadvHandle.HANDLE,
                        pid,
                        localIov,
                        localCount,
                        remoteIov,
                        remoteCount)
                : call(ReadvHandle.HANDLE, pid, localIov, localCount, remoteIov, remoteCount, 0);
    }

    @Override
    public long pread(int fd, long buffer, long length, long offset) {
        return steady
                ? repeatable(SteadyPread.HANDLE, PreadHandle.HANDLE, fd, buffer, length, offset, 0)
                : call(PreadHandle.HANDLE, fd, buffer, length, offset, 0, 0);
    }

    @Override
    public int openReadOnly(long path) {
        return (int) call(OpenHandle.HANDLE, path, READ_ONLY, 0, 0, 0, 0);
    }

    @Override
    public int close(int fd) {
        return (int) call(CloseHandle.HANDLE, fd, 0, 0, 0, 0, 0);
    }

    @Override
    public int kill(int pid, int signal) {
        return (int) call(KillHandle.HANDLE, pid, signal, 0, 0, 0, 0);
    }

    @Override
    public void defaultSignal(int number) {
        call(SignalHandle.HANDLE, number, 0, 0, 0, 0, 0);
    }

    @Override
    public int gettid() {
        return (int) call(GettidHandle.HANDLE, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public int setAffinity(long mask, long sizeBytes) {
        return (int) call(SetAffinityHandle.HANDLE, 0, sizeBytes, mask, 0, 0, 0);
    }

    @Override
    public int getAffinity(long mask, long sizeBytes) {
        return (int) call(GetAffinityHandle.HANDLE, 0, sizeBytes, mask, 0, 0, 0);
    }

    @Override
    public long threadPointer() {
        return call(SelfHandle.HANDLE, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public int currentCore() {
        return (int) call(CoreHandle.HANDLE, 0, 0, 0, 0, 0, 0);
    }

    @Override
    public int threadUsage(long rusage) {
        return (int)
                (steady
                        ? repeatable(
                                SteadyRusage.HANDLE,
                                RusageHandle.HANDLE,
                                RUSAGE_THREAD,
                                rusage,
                                0,
                                0,
                                0)
                        : call(RusageHandle.HANDLE, RUSAGE_THREAD, rusage, 0, 0, 0, 0));
    }

    @Override
    public int sleepUntil(long monotonicNanos) {
        timespec.set(ValueLayout.JAVA_LONG, 0, monotonicNanos / NANOS_PER_SECOND);
        timespec.set(ValueLayout.JAVA_LONG, 8, monotonicNanos % NANOS_PER_SECOND);
        // clock_nanosleep returns the error itself, not -1
        long until = timespec.address();
        return -(int)
                (steady
                        ? plain(SteadySleep.HANDLE, CLOCK_MONOTONIC, TIMER_ABSTIME, until, 0, 0)
                        : call(SleepHandle.HANDLE, CLOCK_MONOTONIC, TIMER_ABSTIME, until, 0, 0, 0));
    }

    /** What HotSpot asks for {@code nanoTime} is this very clock; a downcall costs more. */
    @Override
    public long monotonicNanos() {
        return System.nanoTime();
    }

    @Override
    public long processCpuNanos() {
        return clock(CLOCK_PROCESS_CPUTIME_ID);
    }

    @Override
    public int setTimerSlack(long nanos) {
        return (int) call(PrctlHandle.HANDLE, PR_SET_TIMERSLACK, nanos, 0, 0, 0, 0);
    }

    @Override
    public int setNice(int nice) {
        return (int) call(PriorityHandle.HANDLE, PRIO_PROCESS, 0, nice, 0, 0, 0);
    }

    @Override
    public long ptrace(int request, int thread, long address, long data) {
        return steady
                ? repeatable(
                        SteadyPtrace.HANDLE, PtraceHandle.HANDLE, request, thread, address, data, 0)
                : call(PtraceHandle.HANDLE, request, thread, address, data, 0, 0);
    }

    @Override
    public int waitFor(int thread, long status, int options) {
        return (int)
                (steady
                        ? repeatable(
                                SteadyWait.HANDLE, WaitHandle.HANDLE, thread, status, options, 0, 0)
                        : call(WaitHandle.HANDLE, thread, status, options, 0, 0, 0));
    }

    // internals

    private long clock(long clockId) {
        call(ClockHandle.HANDLE, clockId, timespec.address(), 0, 0, 0, 0);
        return timespec.get(ValueLayout.JAVA_LONG, 0) * NANOS_PER_SECOND
                + timespec.get(ValueLayout.JAVA_LONG, 8);
    }

    /**
     * The result, or {@code -errno} when the low half is -1. The test is on the int: an int result
     * leaves the upper half of the register undefined, and no call here returns 4 GiB − 1.
     */
    private long call(MethodHandle handle, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) handle.invokeExact(capture, a, b, c, d, e, f);
            return (int) result == -1
                    ? -capture.get(ValueLayout.JAVA_INT, Downcalls.ERRNO_OFFSET)
                    : result;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /**
     * A call that failed is made again to learn why: it changes nothing, and if it now succeeds, as
     * seizing a thread may that a debugger has just let go, that is its result.
     */
    private long repeatable(
            MethodHandle steadily, MethodHandle handle, long a, long b, long c, long d, long e) {
        long result = plain(steadily, a, b, c, d, e);
        return (int) result == -1 ? call(handle, a, b, c, d, e, 0) : result;
    }

    private static long plain(MethodHandle handle, long a, long b, long c, long d, long e) {
        try {
            return (long) handle.invokeExact(a, b, c, d, e, 0L);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static final class SteadyReadv {
        static final MethodHandle HANDLE = Downcalls.bindWithoutErrno("process_vm_readv");
    }

    private static final class SteadyPread {
        static final MethodHandle HANDLE = Downcalls.bindWithoutErrno("pread");
    }

    private static final class SteadyRusage {
        static final MethodHandle HANDLE = Downcalls.bindWithoutErrno("getrusage");
    }

    private static final class SteadySleep {
        static final MethodHandle HANDLE = Downcalls.bindWithoutErrno("clock_nanosleep");
    }

    private static final class SteadyPtrace {
        static final MethodHandle HANDLE = Downcalls.bindWithoutErrno("ptrace");
    }

    private static final class SteadyWait {
        static final MethodHandle HANDLE = Downcalls.bindWithoutErrno("waitpid");
    }

    private static final class ReadvHandle {
        static final MethodHandle HANDLE = Downcalls.bind("process_vm_readv");
    }

    private static final class PreadHandle {
        static final MethodHandle HANDLE = Downcalls.bind("pread");
    }

    private static final class OpenHandle {
        static final MethodHandle HANDLE = Downcalls.bind("open");
    }

    private static final class CloseHandle {
        static final MethodHandle HANDLE = Downcalls.bind("close");
    }

    private static final class KillHandle {
        static final MethodHandle HANDLE = Downcalls.bind("kill");
    }

    private static final class SignalHandle {
        static final MethodHandle HANDLE = Downcalls.bind("signal");
    }

    private static final class GettidHandle {
        static final MethodHandle HANDLE = Downcalls.bind("gettid");
    }

    private static final class SetAffinityHandle {
        static final MethodHandle HANDLE = Downcalls.bind("sched_setaffinity");
    }

    private static final class GetAffinityHandle {
        static final MethodHandle HANDLE = Downcalls.bind("sched_getaffinity");
    }

    private static final class SelfHandle {
        static final MethodHandle HANDLE = Downcalls.bind("pthread_self");
    }

    private static final class CoreHandle {
        static final MethodHandle HANDLE = Downcalls.bind("sched_getcpu");
    }

    private static final class RusageHandle {
        static final MethodHandle HANDLE = Downcalls.bind("getrusage");
    }

    private static final class SleepHandle {
        static final MethodHandle HANDLE = Downcalls.bind("clock_nanosleep");
    }

    private static final class ClockHandle {
        static final MethodHandle HANDLE = Downcalls.bind("clock_gettime");
    }

    private static final class PrctlHandle {
        static final MethodHandle HANDLE = Downcalls.bind("prctl");
    }

    private static final class PriorityHandle {
        static final MethodHandle HANDLE = Downcalls.bind("setpriority");
    }

    private static final class PtraceHandle {
        static final MethodHandle HANDLE = Downcalls.bind("ptrace");
    }

    private static final class WaitHandle {
        static final MethodHandle HANDLE = Downcalls.bind("waitpid");
    }
}
