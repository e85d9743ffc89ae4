package jspy.process;

import jspy.os.Errno;
import jspy.os.LinuxKernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * What the kernel says about single threads of a process: {@code task/TID/stat} (state, core; 4–5
 * µs), {@code task/TID/schedstat} (1–1.5 µs) and {@code task/TID/syscall} (where a thread that
 * sleeps left user mode), from descriptors that stay open. Thread ids are those of this {@code
 * /proc}.
 *
 * <p>One thread, whose kernel it is given. A look allocates nothing and throws nothing; after one
 * that returned {@link #OK} the getters have its answer. Times are nanoseconds, counters only grow.
 */
public final class ThreadStates implements AutoCloseable {
    public static final int OK = 0;

    /** The thread is no more. */
    public static final int ENDED = -1;

    public static final int DENIED = -2;

    /** Something else: too many open files, or a file that is not what it should be. */
    public static final int FAILED = -3;

    /** {@code EMFILE}, asm-generic/errno-base.h */
    private static final int TOO_MANY_FILES = 24;

    /** Descriptors kept open when the limit of open files allows. */
    private static final int MAX_DESCRIPTORS = 2000;

    private static final int MIN_DESCRIPTORS = 16;

    /** More than the longest stat line: 52 numbers of up to 20 digits. */
    private static final int BUFFER_BYTES = 1536;

    /** {@code processor} is field 39 of stat, {@code state} field 3; proc(5). */
    private static final int SPACES_FROM_STATE_TO_CORE = 36;

    private static final byte[] STAT = "/stat\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SCHEDULE = "/schedstat\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SYSCALL = "/syscall\0".getBytes(StandardCharsets.US_ASCII);

    /** Kinds of files, the lower part of a descriptor's key. */
    private static final int KINDS = 3;

    private static final int LONGEST_NAME_BYTES = 32;

    private final LinuxKernel kernel;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment path;
    private final int prefixBytes;
    private final MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
    private final KeptDescriptors kept;

    private int length;
    private int at;
    private char state;
    private int core;
    private long runNanos;
    private long waitNanos;
    private long switches;
    private boolean isBlocked;
    private long stackPointer;
    private long programCounter;

    public ThreadStates(LinuxKernel kernel, ProcFiles proc, int pid) {
        this(kernel, proc, pid, descriptorLimit(proc));
    }

    ThreadStates(LinuxKernel kernel, ProcFiles proc, int pid, int maxDescriptors) {
        this.kernel = kernel;
        kept = new KeptDescriptors(kernel, maxDescriptors);
        byte[] prefix = (proc.path(pid, "task") + "/").getBytes(StandardCharsets.UTF_8);
        prefixBytes = prefix.length;
        path = arena.allocate(prefixBytes + LONGEST_NAME_BYTES, 8);
        MemorySegment.copy(prefix, 0, path, ValueLayout.JAVA_BYTE, 0, prefixBytes);
    }

    /** Looks at a thread's state and core. */
    public int look(int thread) {
        int status = read(thread, STAT, 0);
        return status == OK && !parseStat() ? FAILED : status;
    }

    /** Looks at a thread's scheduler counters. */
    public int lookAtSchedule(int thread) {
        int status = read(thread, SCHEDULE, 1);
        return status == OK && !parseSchedule() ? FAILED : status;
    }

    /** Looks at where a thread left user mode, if it is not on a core or waiting for one. */
    public int lookAtSyscall(int thread) {
        int status = read(thread, SYSCALL, 2);
        return status == OK && !parseSyscall() ? FAILED : status;
    }

    /**
     * {@code R} on a core or waiting for one, {@code S} asleep, {@code D} asleep in the kernel,
     * {@code T}, {@code t}, …
     */
    public char state() {
        return state;
    }

    /** The core it runs on, or ran on last. */
    public int core() {
        return core;
    }

    public long runNanos() {
        return runNanos;
    }

    /** Time for which it could have run, had there been a core. */
    public long waitNanos() {
        return waitNanos;
    }

    /** How often it was given a core. */
    public long switches() {
        return switches;
    }

    /** It sleeps in the kernel; the two addresses below are its. */
    public boolean isBlocked() {
        return isBlocked;
    }

    public long stackPointer() {
        return stackPointer;
    }

    /** Where it goes on in user mode. */
    public long programCounter() {
        return programCounter;
    }

    /** Closes what is open for a thread that ended. */
    public void forget(int thread) {
        for (int kind = 0; kind < KINDS; kind++) {
            kept.close(thread * KINDS + kind);
        }
    }

    public int openDescriptors() {
        return kept.count();
    }

    @Override
    public void close() {
        kept.closeAll();
        arena.close();
    }

    // internals

    /** Half of what this process may open, as jspy has other files. */
    private static int descriptorLimit(ProcFiles proc) {
        try {
            for (String line : proc.text("self/limits").split("\n")) {
                if (line.startsWith("Max open files")) {
                    int soft = Integer.parseInt(line.substring(26).trim().split("\\s+")[0]);
                    return Math.max(MIN_DESCRIPTORS, Math.min(MAX_DESCRIPTORS, soft / 2));
                }
            }
            return MIN_DESCRIPTORS;
        } catch (NumberFormatException e) {
            // "unlimited"
            return MAX_DESCRIPTORS;
        } catch (IOException | IndexOutOfBoundsException e) {
            return MIN_DESCRIPTORS;
        }
    }

    private int read(int thread, byte[] name, int kind) {
        int key = thread * KINDS + kind;
        int descriptor = kept.find(key);
        if (descriptor >= 0) {
            long got = kernel.pread(descriptor, buffer.address(), BUFFER_BYTES, 0);
            if (got > 0) {
                length = (int) got;
                return OK;
            }
            // it ended; another thread may have its id by now
            kept.close(key);
        }
        descriptor = open(thread, name);
        if (descriptor < 0) {
            return status(descriptor);
        }
        kept.keep(key, descriptor);
        long got = kernel.pread(descriptor, buffer.address(), BUFFER_BYTES, 0);
        if (got <= 0) {
            kept.close(key);
            return got == 0 ? ENDED : status(got);
        }
        length = (int) got;
        return OK;
    }

    private int open(int thread, byte[] name) {
        int end = prefixBytes + digits(thread);
        int left = thread;
        for (int i = end - 1; i >= prefixBytes; i--) {
            path.set(ValueLayout.JAVA_BYTE, i, (byte) ('0' + left % 10));
            left /= 10;
        }
        for (int i = 0; i < name.length; i++) {
            path.set(ValueLayout.JAVA_BYTE, end + i, name[i]);
        }
        int descriptor = kernel.openReadOnly(path.address());
        if (descriptor == -TOO_MANY_FILES && kept.closeOldest()) {
            descriptor = kernel.openReadOnly(path.address());
        }
        return descriptor;
    }

    private static int digits(int number) {
        int digits = 1;
        for (int left = number / 10; left > 0; left /= 10) {
            digits++;
        }
        return digits;
    }

    private static int status(long negativeErrno) {
        return switch ((int) -negativeErrno) {
            case Errno.ENOENT, Errno.ESRCH -> ENDED;
            case Errno.EPERM, Errno.EACCES -> DENIED;
            default -> FAILED;
        };
    }

    /** The name is in parentheses and may hold any byte, parentheses too: the last one ends it. */
    private boolean parseStat() {
        at = length - 1;
        while (at >= 0 && byteAt(at) != ')') {
            at--;
        }
        at += 2;
        if (at < 2 || at >= length) {
            return false;
        }
        char letter = (char) byteAt(at);
        int spaces = 0;
        while (at < length && spaces < SPACES_FROM_STATE_TO_CORE) {
            spaces += byteAt(at++) == ' ' ? 1 : 0;
        }
        long number = number();
        if (number < 0) {
            return false;
        }
        state = letter;
        core = (int) number;
        return true;
    }

    private boolean parseSchedule() {
        at = 0;
        long first = number();
        at++;
        long second = number();
        at++;
        long third = number();
        if (first < 0 || second < 0 || third < 0) {
            return false;
        }
        runNanos = first;
        waitNanos = second;
        switches = third;
        return true;
    }

    /**
     * {@code running}, or a system call with its arguments (a page fault is -1 without any), and
     * last the two addresses: proc(5).
     */
    private boolean parseSyscall() {
        isBlocked = byteAt(0) != 'r';
        if (!isBlocked) {
            return true;
        }
        at = length - 1;
        programCounter = hexBefore();
        stackPointer = hexBefore();
        return at > 0 && stackPointer != 0 && programCounter != 0;
    }

    /**
     * The number that ends at the cursor or at white space before it; the cursor moves before it.
     */
    private long hexBefore() {
        while (at > 0 && (byteAt(at) == '\n' || byteAt(at) == ' ')) {
            at--;
        }
        long number = 0;
        for (int shift = 0; at > 0 && byteAt(at) != 'x' && byteAt(at) != ' '; shift += 4) {
            int digit = Character.digit(byteAt(at--), 16);
            if (digit < 0 || shift > 60) {
                return 0;
            }
            number |= (long) digit << shift;
        }
        at -= 2;
        return number;
    }

    /** The decimal number at the cursor, which moves behind it; -1 when there is none. */
    private long number() {
        int from = at;
        long number = 0;
        while (at < length && byteAt(at) >= '0' && byteAt(at) <= '9') {
            number = number * 10 + byteAt(at++) - '0';
        }
        return at == from || at - from > 18 ? -1 : number;
    }

    private int byteAt(int index) {
        return buffer.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    }
}
