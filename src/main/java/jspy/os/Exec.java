package jspy.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Another program in place of this one, with the same process id, files and environment. */
public final class Exec {
    private Exec() {}

    /**
     * {@code execv(3)}. Comes back only where that was refused: nothing has changed then.
     *
     * @param path of the program, without a zero at its end
     * @param arguments the first is the program's name; no zeros in them
     * @return the negated errno
     */
    public static int replace(byte[] path, byte[][] arguments) {
        MethodHandle execv = Downcalls.bind("execv");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Downcalls.CAPTURE);
            MemorySegment words = arena.allocate(ValueLayout.JAVA_LONG, arguments.length + 1L);
            for (int i = 0; i < arguments.length; i++) {
                words.setAtIndex(ValueLayout.JAVA_LONG, i, text(arena, arguments[i]));
            }
            long program = text(arena, path);
            long failed = (long) execv.invokeExact(errno, program, words.address(), 0L, 0L, 0L, 0L);
            return failed == 0 ? 0 : -errno.get(ValueLayout.JAVA_INT, Downcalls.ERRNO_OFFSET);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    // internals

    private static long text(Arena arena, byte[] bytes) {
        MemorySegment copy = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return copy.address();
    }
}
