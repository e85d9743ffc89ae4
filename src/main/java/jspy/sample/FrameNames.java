package jspy.sample;

import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.python.CodeDecoder;
import jspy.python.CodeInfo;
import jspy.python.RawCode;
import jspy.python.ThreadStack;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * Turns a sampled frame (code number and instruction) into the number of a named {@link Frame}.
 * Each code object is decoded once, each of its instructions once. Drain thread.
 */
final class FrameNames {
    /** {@link #frame}: a frame of the interpreter's own, which Python shows to nobody. */
    static final int HIDDEN = -2;

    /**
     * {@code CO_NO_MONITORING_EVENTS}, Include/cpython/code.h from 3.13 on: no code that a compiler
     * made has it, but the shim below a specialized call of {@code __init__} does ({@code
     * _Py_InitCleanup}, Python/ceval.c).
     */
    private static final int NO_MONITORING_EVENTS = 0x2000000;

    private static final int UNRESOLVED = -1;

    /**
     * Instructions a code object remembers by their place; those of a longer one are looked up
     * every time.
     */
    private static final int MAX_REMEMBERED = 1 << 16;

    /**
     * More different frames than any real program runs through: a program that makes functions of
     * new names without end would fill the memory with them. What comes later is one frame.
     */
    static final int MAX_FRAMES = 1 << 17;

    private final CodeTable codes;
    private final CodeDecoder decoder;
    private final FrameTable frames;
    private final LineStyle style;
    private final UnaryOperator<String> shorten;

    private Known[] known = new Known[1024];
    private final PassingNumbers<Known> passing = new PassingNumbers<>();
    private final int unreadable;
    private NativeFrames nativeFrames; // null where none are sampled

    /** The newest passing number that was seen by now, and by the last {@link #tend}. */
    private int newest = PassingNumbers.FIRST;

    private int newestBefore = PassingNumbers.FIRST;

    FrameNames(
            CodeTable codes,
            CodeDecoder decoder,
            FrameTable frames,
            LineStyle style,
            UnaryOperator<String> shorten) {
        this.codes = codes;
        this.decoder = decoder;
        this.frames = frames;
        this.style = style;
        this.shorten = shorten;
        unreadable = frames.intern(Frame.unreadable());
    }

    void nativeFrames(NativeFrames frames) {
        nativeFrames = frames;
    }

    /** The frame's number in the {@link FrameTable}, or {@link #HIDDEN}. */
    int frame(long packed) {
        int number = SampleRecord.codeNumber(packed);
        if (number == CodeTable.UNREADABLE) {
            return unreadable;
        }
        Known code = PassingNumbers.has(number) ? passing(number) : known(number);
        if (code == null) {
            return unreadable;
        }
        if (code.hidden) {
            return HIDDEN;
        }
        int instruction = SampleRecord.instruction(packed);
        int place = instruction < 0 ? 0 : instruction / 2 + 1;
        if (style != LineStyle.CURRENT) {
            place = 0;
        }
        if (place >= MAX_REMEMBERED) {
            return resolve(code.info, instruction);
        }
        if (place >= code.frameIds.length) {
            int had = code.frameIds.length;
            code.frameIds = Arrays.copyOf(code.frameIds, Math.max(place + 1, had * 2));
            Arrays.fill(code.frameIds, had, code.frameIds.length, UNRESOLVED);
        }
        if (code.frameIds[place] == UNRESOLVED) {
            code.frameIds[place] = resolve(code.info, instruction);
        }
        return code.frameIds[place];
    }

    /**
     * The frames' numbers, root first, as which a native one is shown: none when it is hidden.
     *
     * @param underPython whether Python frames are nearer to the root
     */
    int[] natives(long packed, boolean underPython) {
        return nativeFrames.shown(packed, underPython);
    }

    /** Whether a frame says what the interpreter does, which is said once in a stack. */
    boolean isState(int frame) {
        return nativeFrames.isState(frame);
    }

    /** Drain thread: nothing is named any more. */
    void close() {
        if (nativeFrames != null) {
            nativeFrames.close();
        }
    }

    /**
     * Some samples later: drops the codes that passed. What was seen since the last time may still
     * be met.
     */
    void tend() {
        int behind = newestBefore - CodeTable.GENERATION - PassingNumbers.PAGE;
        if (PassingNumbers.has(behind)) {
            passing.dropBelow(behind);
            codes.dropBelow(behind);
        }
        newestBefore = newest;
    }

    /** The frame that stands for one that could not be read. */
    int unreadable() {
        return unreadable;
    }

    // internals

    private Known known(int number) {
        if (number >= known.length) {
            known = Arrays.copyOf(known, Math.max(number + 1, known.length * 2));
        }
        if (known[number] == null) {
            RawCode raw = codes.code(number);
            known[number] = new Known(decoder.decode(raw));
        }
        return known[number];
    }

    /** Null where its copy is gone. */
    private Known passing(int number) {
        Known found = passing.get(number);
        if (found == null) {
            RawCode raw = codes.code(number);
            if (raw == null) {
                return null;
            }
            found = new Known(decoder.decode(raw));
            passing.put(number, found);
            newest = Math.max(newest, number);
        }
        return found;
    }

    private int resolve(CodeInfo info, int instruction) {
        int line =
                switch (style) {
                    case NONE -> 0;
                    case FUNCTION -> info.firstLine();
                    case CURRENT ->
                            instruction == ThreadStack.NO_INSTRUCTION
                                    ? info.firstLine()
                                    : info.lineAt(instruction);
                };
        Frame frame =
                new Frame(info.qualname(), info.filename(), shorten.apply(info.filename()), line);
        return frames.size() < MAX_FRAMES || frames.has(frame)
                ? frames.intern(frame)
                : frames.intern(Frame.others());
    }

    private static final class Known {
        final CodeInfo info;
        final boolean hidden;
        int[] frameIds = new int[16];

        Known(CodeInfo info) {
            this.info = info;
            hidden = (info.flags() & NO_MONITORING_EVENTS) != 0;
            Arrays.fill(frameIds, UNRESOLVED);
        }
    }
}
