package jspy.sample;

import jspy.memory.PageCopies;
import jspy.memory.TargetMemory;
import jspy.python.Local;
import jspy.python.Locals;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * The variables of all frames, of the moment of their stacks: they are read along with the stacks
 * until a reading has met no memory that it did not copy. Where stacks are not proved they are read
 * after them, and certain only in threads that stood still.
 *
 * <p>One thread, that of the reader.
 */
final class DumpedLocals {
    /** The first finds what there is to read, the next have it; a busy program needs a few more. */
    private static final int MAX_READINGS = 16;

    private final StackSource reader;
    private final PageCopies pages; // null: what is read last is all there is
    private final boolean runs;
    private final Locals locals;
    private final List<List<List<Local>>> threads = new ArrayList<>();

    /**
     * @param maxChars longest text of a value
     * @param runs false for memory that nothing changes any more: a core file, a snapshot
     */
    DumpedLocals(
            StackSource reader,
            TargetMemory memory,
            PythonRuntime runtime,
            int maxChars,
            boolean runs) {
        this.reader = reader;
        this.runs = runs;
        PageCopies copies = new PageCopies(memory);
        pages = runs && reader.readAlso(copies) ? copies : null;
        locals = new Locals(pages == null ? memory : pages, runtime, maxChars);
    }

    /**
     * Reads stacks and variables.
     *
     * @param reading of the stacks: one status of {@link StackSource}
     * @return the status of the last reading
     */
    int read(IntSupplier reading) {
        int status = reading.getAsInt();
        for (int i = 0; status >= 0; i++) {
            boolean proved = status == StackSource.PROVED;
            if (pages != null && !proved) {
                pages.drop();
            }
            decode();
            if (pages == null || !proved || !pages.missed() || i == MAX_READINGS) {
                return status;
            }
            status = reading.getAsInt();
        }
        return status;
    }

    /** Whether all variables are of the stacks' moment. */
    boolean proved() {
        return pages == null ? !runs : !pages.missed();
    }

    List<Local> of(int thread, int frame) {
        return threads.get(thread).get(frame);
    }

    // internals

    private void decode() {
        threads.clear();
        for (int t = 0; t < reader.stacks().count(); t++) {
            ThreadStack stack = reader.stacks().thread(t);
            List<List<Local>> frames = new ArrayList<>();
            for (int i = 0; i < stack.depth(); i++) {
                frames.add(locals.of(stack.frame(i), stack.code(i)));
            }
            threads.add(frames);
        }
    }
}
