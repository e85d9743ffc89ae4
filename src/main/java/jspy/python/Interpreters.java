package jspy.python;

import jspy.layout.Offsets;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lists of interpreters and of their threads. {@code PyInterpreterState}, {@code
 * PyThreadState}: both lists begin with the newest. Cold side; the lists change under the reader,
 * so they are bounded, and an address that comes twice ends them.
 */
final class Interpreters {
    /** More interpreters than any process has. */
    static final int MAX_INTERPRETERS = 4096;

    /** More threads than any process has: {@code PID_MAX_LIMIT} is 2²². */
    static final int MAX_THREADS = 1 << 16;

    private final Peek peek;
    private final Offsets offsets;

    Interpreters(Peek peek, Offsets offsets) {
        this.peek = peek;
        this.offsets = offsets;
    }

    /**
     * @param headAddress address of the word that points to the newest
     */
    List<Long> all(long headAddress) {
        return list(peek.pointer(headAddress), offsets.interpreter().next(), MAX_INTERPRETERS);
    }

    /** Thread states of an interpreter, newest first. */
    List<Long> threads(long interpreter) {
        return list(
                peek.pointer(interpreter + offsets.interpreter().threadsHead()),
                offsets.thread().next(),
                MAX_THREADS);
    }

    long interpreterOf(long threadState) {
        return peek.pointer(threadState + offsets.thread().interp());
    }

    long ident(long threadState) {
        return peek.pointer(threadState + offsets.thread().threadId());
    }

    /** {@code sys.modules}, or 0. */
    long modules(long interpreter) {
        return peek.pointer(interpreter + offsets.interpreter().modules());
    }

    // internals

    private List<Long> list(long first, long nextAt, int max) {
        List<Long> found = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (long at = first; at != 0 && found.size() < max && seen.add(at); ) {
            found.add(at);
            at = peek.pointer(at + nextAt);
        }
        return found;
    }
}
