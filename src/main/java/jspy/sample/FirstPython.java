package jspy.sample;

import jspy.process.AttachCheck;
import jspy.process.AttachException;
import jspy.process.Children;
import jspy.process.TargetProcess;
import jspy.python.NoPythonException;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * The first Python among a process and all below it, for a recording with children: a shell that
 * starts Python now or in a moment is as good as Python itself.
 */
public final class FirstPython {
    private static final long LOOK_EVERY_MILLIS = 20;

    /** What an interpreter takes to start. Nobody waits for one: another may be below. */
    private static final long SETTLED_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** More processes than anybody looks through. */
    private static final int MAX_PROCESSES = 4096;

    private FirstPython() {}

    /**
     * @param patience for how long there may be none
     * @throws NoPythonException why the process itself is none, when nothing below it is one either
     */
    public static Attachment of(TargetProcess root, Duration patience)
            throws IOException, NoPythonException, InterruptedException {
        long start = System.nanoTime();
        while (true) {
            long waited = System.nanoTime() - start;
            boolean settled = waited >= Math.min(SETTLED_NANOS, patience.toNanos());
            try {
                return Attachment.now(root, settled);
            } catch (NoPythonException e) {
                Attachment found = belowOrNull(root, settled);
                if (found != null) {
                    return found.below(root);
                }
                if (waited >= patience.toNanos() || !root.isAlive()) {
                    throw e;
                }
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }

    // internals

    private static Attachment belowOrNull(TargetProcess root, boolean settled) {
        Deque<Integer> parents = new ArrayDeque<>();
        parents.add(root.pid());
        for (int seen = 0; !parents.isEmpty() && seen < MAX_PROCESSES; seen++) {
            for (int child : Children.of(root.proc(), parents.poll())) {
                parents.add(child);
                try {
                    return Attachment.now(new AttachCheck(root.proc()).attach(child), settled);
                } catch (AttachException | NoPythonException | IOException notPython) {
                    // its children may be
                }
            }
        }
        return null;
    }
}
