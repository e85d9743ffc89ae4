package jspy.sample;

import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;

/**
 * Which OS thread runs a thread state. Up to 3.12 an interpreter keeps the thread state that it was
 * made with, and whoever enters it runs that one. The C stack of its newest call tells who: the
 * descriptor of a thread, which is what its ident points to, lies at the top of its stack.
 */
final class ThreadRunners {
    /** From here on whoever enters an interpreter brings a thread state of its own. */
    private static final int FIRST_MINOR_WITH_THREAD_STATES_OF_THEIR_OWN = 13;

    private final boolean unsure;
    private final long mainInterpreter; // the oldest

    ThreadRunners(PythonRuntime runtime, long[] interpreters) {
        unsure =
                interpreters.length > 1
                        && !runtime.version()
                                .atLeast(3, FIRST_MINOR_WITH_THREAD_STATES_OF_THEIR_OWN);
        mainInterpreter = interpreters.length == 0 ? 0 : interpreters[interpreters.length - 1];
    }

    /** Tells each stack who runs it, as far as that can be found out. */
    void find(ProcessStacks stacks) {
        for (int i = 0; i < stacks.count() && unsure; i++) {
            find(stacks, stacks.thread(i));
        }
    }

    /** Whether it is certain which thread runs a thread state. Up to 3.10 there is no C address. */
    boolean isSure(ThreadStack thread) {
        return !unsure
                || thread.depth() == 0
                || thread.newestCall() != 0
                || thread.interpreter() == mainInterpreter;
    }

    boolean areSure(ProcessStacks stacks) {
        for (int i = 0; i < stacks.count(); i++) {
            if (!isSure(stacks.thread(i))) {
                return false;
            }
        }
        return true;
    }

    // internals

    private static void find(ProcessStacks stacks, ThreadStack thread) {
        long call = thread.newestCall();
        ThreadStack runner = null;
        for (int i = 0; i < stacks.count() && call != 0; i++) {
            ThreadStack other = stacks.thread(i);
            if (other.stateIdent() > call
                    && (runner == null || other.stateIdent() < runner.stateIdent())) {
                runner = other;
            }
        }
        if (runner != null && runner.stateIdent() != thread.ident()) {
            thread.runBy(runner.stateIdent(), runner.stateNativeId());
        }
    }
}
