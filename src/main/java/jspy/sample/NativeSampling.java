package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.CoreSeat;
import jspy.profile.FrameTable;
import jspy.unwind.NativeCode;
import jspy.unwind.NativeNames;

import java.io.IOException;
import java.util.List;

/**
 * All that the readers of one process share to read native frames, and its drain to name them: the
 * code that it has mapped, and the numbers of its modules. Made at attach, where opening its files
 * may take its time; unwind tables are built in the background from the first sample on. Closed
 * when sampler and drain are done.
 */
final class NativeSampling implements AutoCloseable {
    private final Attachment attachment;
    private final NativeCode code;
    private final NativeModuleTable modules = new NativeModuleTable();
    private final ThreadFilter filter;
    private final boolean withPlainThreads;

    NativeSampling(Attachment attachment, ThreadFilter filter, boolean withPlainThreads)
            throws IOException {
        this.attachment = attachment;
        this.filter = filter;
        this.withPlainThreads = withPlainThreads;
        code = new NativeCode(attachment.process(), attachment.memory());
        code.refresh();
    }

    /** Reads what that reader reads, with the native frames. */
    StackSource over(
            StackSource python,
            List<GilDomain> domains,
            CoreSeat seat,
            CodeTable codes,
            SampleCounters counters)
            throws IOException {
        TargetMemory memory = attachment.steadyMemory();
        return new NativeReader(
                this,
                attachment,
                memory,
                python,
                new StillReader(memory, attachment.runtime(), domains, codes, counters),
                new LiveThreads(attachment, attachment.memory(), Linux.steady()),
                codes,
                counters,
                seat,
                domains.stream().mapToInt(domain -> domain.interpreters().length).sum(),
                filter == ThreadFilter.ACTIVE);
    }

    /** What names the frames, on the drain's thread. */
    NativeFrames frames(FrameTable frames, NativeMode mode) {
        NativeFilter shown = new NativeFilter(attachment.runtime().file());
        return new NativeFrames(modules, this::names, frames, mode, shown);
    }

    /** Whether threads without Python are read, too. */
    boolean withPlainThreads() {
        return withPlainThreads;
    }

    NativeCode code() {
        return code;
    }

    NativeModuleTable modules() {
        return modules;
    }

    /** Names for one more thread, which they belong to. */
    NativeNames names() {
        return NativeNames.of(attachment.process());
    }

    @Override
    public void close() {
        code.close();
    }
}
