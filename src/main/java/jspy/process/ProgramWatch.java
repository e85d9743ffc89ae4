package jspy.process;

import jspy.os.LinuxKernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Whether a process still lives and still runs the same program, asked again and again: from one
 * descriptor of its {@code stat} that stays open, which never comes to mean another process. One
 * thread, whose kernel it is given; a look allocates nothing.
 */
public final class ProgramWatch implements AutoCloseable {
    /** {@link #look}: it ended. */
    public static final long ENDED = 0;

    /** More than the longest stat line: a name of 64 bytes, 52 numbers of up to 20 digits. */
    private static final int BUFFER_BYTES = 1536;

    /** {@code startcode}, {@code endcode}, {@code startstack}: fields 26 to 28 of stat, proc(5). */
    private static final int FIRST_FIELD = 26;

    private static final int LAST_FIELD = 28;

    /** {@code state}: what comes after the name. */
    private static final int STATE_FIELD = 3;

    private final LinuxKernel kernel;
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, 8);
    private int descriptor;

    public ProgramWatch(LinuxKernel kernel, ProcFiles proc, int pid) {
        this.kernel = kernel;
        byte[] path = (proc.path(pid, "stat") + "\0").getBytes(StandardCharsets.UTF_8);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(path.length);
            MemorySegment.copy(path, 0, name, ValueLayout.JAVA_BYTE, 0, path.length);
            descriptor = kernel.openReadOnly(name.address());
        }
    }

    /**
     * {@link #ENDED}, or a number that tells one program image from the next: made of the addresses
     * of code and stack, which an exec changes.
     */
    public long look() {
        if (descriptor < 0) {
            return ENDED;
        }
        long length = kernel.pread(descriptor, buffer.address(), BUFFER_BYTES, 0);
        int at = (int) length - 1;
        // the name may hold any byte, parentheses too: the last one ends it
        while (at >= 0 && byteAt(at) != ')') {
            at--;
        }
        if (at < 0 || at + 2 >= length || isEnd(byteAt(at + 2))) {
            return ENDED;
        }
        long image = 1;
        int field = STATE_FIELD - 1;
        for (at++; at < length && field <= LAST_FIELD; at++) {
            int read = byteAt(at);
            if (read == ' ') {
                field++;
            }
            if (field >= FIRST_FIELD && field <= LAST_FIELD) {
                image = image * 31 + read;
            }
        }
        return image == ENDED ? 1 : image;
    }

    @Override
    public void close() {
        if (descriptor >= 0) {
            kernel.close(descriptor);
            descriptor = -1;
        }
    }

    // internals

    /** Zombie, dead: {@code task_state_array}, fs/proc/array.c */
    private static boolean isEnd(int state) {
        return state == 'Z' || state == 'X' || state == 'x';
    }

    private int byteAt(int index) {
        return buffer.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    }
}
