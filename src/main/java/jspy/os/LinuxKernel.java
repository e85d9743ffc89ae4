package jspy.os;

/**
 * The Linux system calls that jspy makes, as typed methods. An instance belongs to one thread (it
 * holds that thread's errno cell). Results below zero are {@code -errno}. Pointers are native
 * addresses whose arena the caller keeps open.
 */
public interface LinuxKernel {

    /** {@code ssize_t process_vm_readv(pid, local, liovcnt, remote, riovcnt, 0)}: bytes copied. */
    long processVmReadv(int pid, long localIov, long localCount, long remoteIov, long remoteCount);

    /** {@code pread(fd, buffer, length, offset)}: bytes read. */
    long pread(int fd, long buffer, long length, long offset);

    /**
     * {@code openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC)}: a descriptor. {@code path}: a C string.
     */
    int openReadOnly(long path);

    int close(int fd);

    /**
     * {@code kill(pid, signal)}; signal 0 asks whether the process is there and may be signalled.
     */
    int kill(int pid, int signal);

    /** {@code signal(number, SIG_DFL)}: of this process. */
    void defaultSignal(int number);

    /** {@code getppid}, {@code gettid}, … take nothing and cannot fail. */
    int gettid();

    /** {@code sched_setaffinity(0, sizeBytes, mask)}: the calling thread. */
    int setAffinity(long mask, long sizeBytes);

    /** {@code sched_getaffinity(0, sizeBytes, mask)}: bytes of mask written. */
    int getAffinity(long mask, long sizeBytes);

    /** {@code pthread_self()}: what glibc keeps of the calling thread lies there. */
    long threadPointer();

    /** The core the calling thread runs on ({@code sched_getcpu}). */
    int currentCore();

    /** {@code getrusage(RUSAGE_THREAD, rusage)}; see {@link Rusage}. */
    int threadUsage(long rusage);

    /**
     * {@code clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, …)} to a time of {@link
     * System#nanoTime}'s clock.
     */
    int sleepUntil(long monotonicNanos);

    /** {@code clock_gettime(CLOCK_MONOTONIC)} in nanoseconds. */
    long monotonicNanos();

    /** {@code clock_gettime(CLOCK_PROCESS_CPUTIME_ID)} in nanoseconds. */
    long processCpuNanos();

    /** {@code prctl(PR_SET_TIMERSLACK, nanos)}: how late this thread's timers may fire. */
    int setTimerSlack(long nanos);

    /**
     * {@code setpriority(PRIO_PROCESS, 0, nice)} of this thread: below 0 it is given a core before
     * others, which needs CAP_SYS_NICE.
     */
    default int setNice(int nice) {
        return -Errno.EPERM;
    }

    /**
     * {@code ptrace(request, thread, address, data)}, requests of {@link Ptrace}. Only the thread
     * that seized a thread may ask for more; when that ends, all its threads are let go.
     */
    long ptrace(int request, int thread, long address, long data);

    /**
     * {@code waitpid(thread, status, options)}: the thread, or 0 when there is nothing to say yet.
     *
     * @param status address of an int
     */
    int waitFor(int thread, long status, int options);

    /** Requests and events, linux/ptrace.h, linux/wait.h, linux/elf.h. */
    final class Ptrace {
        public static final int CONTINUE = 7;
        public static final int DETACH = 17;
        public static final int GET_REGISTER_SET = 0x4204;
        public static final int SEIZE = 0x4206;
        public static final int INTERRUPT = 0x4207;

        /** {@code PTRACE_EVENT_STOP}: it stopped because it was asked to, or with its group. */
        public static final int EVENT_STOP = 128;

        /** {@code NT_PRSTATUS}: the general registers, for {@link #GET_REGISTER_SET} */
        public static final int GENERAL_REGISTERS = 1;

        /** {@code WNOHANG} */
        public static final int DO_NOT_WAIT = 1;

        /** {@code __WALL}: threads too */
        public static final int ALL_THREADS = 0x40000000;

        private Ptrace() {}
    }

    /**
     * {@code struct rusage} of x86-64 and aarch64: two timevals, then fourteen longs.
     * bits/types/struct_rusage.h
     */
    final class Rusage {
        public static final long SIZE_BYTES = 144;
        public static final long VOLUNTARY_SWITCHES = 128;
        public static final long INVOLUNTARY_SWITCHES = 136;

        private Rusage() {}
    }
}
