package jspy.sample;

import java.util.Map;

/**
 * What is known of the target's threads beside their stacks. Asked by the drain thread, never on
 * the target's core; an answer may be a moment old.
 */
public interface TargetThreads {
    /**
     * A thread state without a thread: a fork that Python was not told of (uWSGI's) leaves those of
     * the parent's other threads in the child.
     */
    long GONE = -1;

    /**
     * The thread's id as the host sees it, 0 when it is not known, or {@link #GONE}.
     *
     * @param nativeId {@code PyThreadState.native_thread_id}, 0 where the version has none
     * @param ident {@code PyThreadState.thread_id}, the pthread_t
     */
    long hostThreadId(long nativeId, long ident);

    /**
     * Whether the thread is on a CPU or waits for one. True for one that the system knows nothing
     * of: never hide work.
     *
     * @param moved its stack is another one than at the last sample
     */
    boolean isActive(long hostThreadId, boolean moved);

    /** The name of a thread as the system has it; null when it ended, or where nobody knows. */
    default String systemName(long hostThreadId) {
        return null;
    }

    /** Names by ident, as {@code threading} has them now; empty when they cannot be read. */
    Map<Long, String> names();
}
