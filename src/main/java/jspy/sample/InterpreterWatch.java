package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.process.CoreSeat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The interpreters of a process, which come and go, and a sampler for those that are there. Used by
 * one thread at a time, never by the sampler's.
 */
final class InterpreterWatch {
    private final Attachment attachment;
    private final TargetMemory memory;
    private final CoreSeat seat;
    private final CodeTable codes;
    private final SampleCounters counters;
    private final ReadMode mode;
    private final NativeSampling natives;
    private final SpscRing ring;
    private final int stream;
    private final InterpreterList listed;
    private List<GilDomain> domains;

    /**
     * @param natives null: Python frames alone
     * @param stream the number under which the process's samples are sent
     */
    InterpreterWatch(
            Attachment attachment,
            CoreSeat seat,
            CodeTable codes,
            SampleCounters counters,
            ReadMode mode,
            NativeSampling natives,
            SpscRing ring,
            int stream)
            throws IOException {
        this.attachment = attachment;
        this.seat = seat;
        this.codes = codes;
        this.counters = counters;
        this.mode = mode;
        this.natives = natives;
        this.ring = ring;
        this.stream = stream;
        memory = attachment.steadyMemory();
        listed = new InterpreterList(memory, attachment.runtime());
        domains = GilDomain.all(memory, attachment.runtime());
    }

    /** A sampler for the interpreters that were there at the last look. */
    ProcessSampler sampler() throws IOException {
        StackSource reader =
                attachment.reader(attachment.steadyMemory(), domains, seat, codes, counters, mode);
        if (natives != null) {
            reader = natives.over(reader, domains, seat, codes, counters);
        }
        return new ProcessSampler(reader, new SampleEncoder(ring, codes, stream), this);
    }

    /**
     * Looks again; whether there are others now. The lists change meanwhile: two looks must agree.
     * Allocates nothing while there are not.
     */
    boolean hasChanged() {
        if (listed.isAsBefore()) {
            return false;
        }
        List<GilDomain> now = GilDomain.all(memory, attachment.runtime());
        if (now.isEmpty()
                || same(now, domains)
                || !same(now, GilDomain.all(memory, attachment.runtime()))) {
            return false;
        }
        domains = now;
        return true;
    }

    // internals

    private static boolean same(List<GilDomain> some, List<GilDomain> others) {
        boolean same = some.size() == others.size();
        for (int i = 0; i < some.size() && same; i++) {
            same =
                    some.get(i).gil() == others.get(i).gil()
                            && Arrays.equals(
                                    some.get(i).interpreters(), others.get(i).interpreters());
        }
        return same;
    }
}
