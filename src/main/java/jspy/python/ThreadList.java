package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;

import java.util.ArrayList;
import java.util.List;

/**
 * The thread states that an interpreter keeps, by the ids they have for their threads: also of
 * threads that a fork left behind. Cold side, of a moment; one thread uses it.
 */
public final class ThreadList {
    private final TargetMemory memory;
    private final PythonRuntime runtime;

    public ThreadList(TargetMemory memory, PythonRuntime runtime) {
        this.memory = memory;
        this.runtime = runtime;
    }

    /**
     * A thread state.
     *
     * @param nativeId 0 where the version has none
     * @param ident {@code PyThreadState.thread_id}, the pthread_t
     */
    public record State(long nativeId, long ident) {}

    /** Those of all interpreters, newest first. */
    public List<State> read() {
        Peek peek = new Peek(memory);
        Interpreters interpreters = new Interpreters(peek, runtime.offsets());
        long nativeIdAt = runtime.offsets().thread().nativeThreadId();
        List<State> states = new ArrayList<>();
        for (long interpreter : interpreters.all(runtime.interpretersHeadAddress())) {
            for (long thread : interpreters.threads(interpreter)) {
                long nativeId =
                        nativeIdAt == Offsets.ABSENT ? 0 : peek.pointer(thread + nativeIdAt);
                states.add(new State(nativeId, interpreters.ident(thread)));
            }
        }
        return states;
    }
}
