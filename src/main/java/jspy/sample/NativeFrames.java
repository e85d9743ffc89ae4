package jspy.sample;

import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.unwind.NativeModule;
import jspy.unwind.NativeNames;
import jspy.unwind.NativePlace;
import jspy.unwind.UnwindEnd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Names sampled native frames, each place once, and says which of them are shown. Drain thread,
 * which it is {@link #close}d on.
 */
final class NativeFrames implements AutoCloseable {
    private static final int[] NOTHING = {};

    private final NativeModuleTable modules;
    private final Supplier<NativeNames> newNames;
    private final FrameTable frames;
    private final NativeMode mode;
    private final NativeFilter filter;
    private final int gilWait;
    private final int garbage;
    private final NativePlaces known = new NativePlaces();
    private NativeNames names; // made when first needed, on the drain's thread

    NativeFrames(
            NativeModuleTable modules,
            Supplier<NativeNames> newNames,
            FrameTable frames,
            NativeMode mode,
            NativeFilter filter) {
        this.modules = modules;
        this.newNames = newNames;
        this.frames = frames;
        this.mode = mode;
        this.filter = filter;
        gilWait = frames.intern(Frame.group(NativeFilter.GIL));
        garbage = frames.intern(Frame.group(NativeFilter.GARBAGE));
    }

    /** As {@link FrameNames#natives}. */
    int[] shown(long packed, boolean underPython) {
        boolean isMark = NativeRecord.has(packed, NativeRecord.MISSING);
        if (mode == NativeMode.CALLED && !underPython && !isMark) {
            return NOTHING; // how Python itself came to run
        }
        int[] shown = known.getOrNull(packed);
        if (shown == null) {
            shown = resolve(packed).stream().mapToInt(this::intern).toArray();
            if (!known.isFull()) {
                known.put(packed, shown);
            }
        }
        return shown;
    }

    /** As {@link FrameNames#isState}. */
    boolean isState(int frame) {
        return frame == gilWait || frame == garbage;
    }

    @Override
    public void close() {
        if (names != null) {
            names.close();
        }
    }

    // internals

    /** More different frames than any program runs through are one. */
    private int intern(Frame frame) {
        return frames.size() < FrameNames.MAX_FRAMES || frames.has(frame)
                ? frames.intern(frame)
                : frames.intern(Frame.others());
    }

    private List<Frame> resolve(long packed) {
        if (NativeRecord.has(packed, NativeRecord.MISSING)) {
            String reason = UnwindEnd.reason(NativeRecord.unwindEnd(packed));
            return List.of(Frame.truncated("native frames missing, " + reason));
        }
        List<Frame> shown = new ArrayList<>();
        if (NativeRecord.has(packed, NativeRecord.NO_CODE)) {
            String address = "0x%x".formatted(NativeRecord.address(packed));
            shown.add(new Frame(address, "[no code]", "[no code]", 0));
        } else {
            addNamed(packed, shown);
        }
        if (NativeRecord.has(packed, NativeRecord.GAP)) {
            shown.add(Frame.group("[gap]")); // between it and what it called
        }
        return shown;
    }

    /**
     * Lines are looked up for what is shown alone: of an interpreter's loop a sample has nearly
     * always another place.
     */
    private void addNamed(long packed, List<Frame> shown) {
        boolean isLoop = NativeRecord.has(packed, NativeRecord.EVAL_LOOP);
        if (isLoop && mode != NativeMode.ALL) {
            return;
        }
        if (names == null) {
            names = newNames.get();
        }
        NativeModule module = modules.module(NativeRecord.module(packed));
        boolean isExact = NativeRecord.has(packed, NativeRecord.EXACT);
        long address = module.start() + NativeRecord.offset(packed);
        String name = names.name(module, address, isExact);
        String mark = filter.markOrNull(module, name);
        if (mark != null) {
            shown.add(Frame.group(mark));
        }
        if (mode == NativeMode.ALL || !filter.isPlumbing(module, name)) {
            NativePlace place = names.place(module, address, isExact, name);
            shown.add(new Frame(place.function(), place.file(), place.shortFile(), place.line()));
        }
    }
}
