package jspy.python;

import jspy.layout.Offsets;

/**
 * Where in a frame the words lie that tell it from what was there before, counted in words of eight
 * bytes from its start. Final fields of a class of its own, as they are read for each frame.
 */
final class FrameWords {
    /** Whether all of them begin at a word: else there is no comparing. */
    final boolean areWords;

    final int previous;
    final int code;

    /** The word with the owner, and the bits below it; where there is none the back pointer's. */
    final int owner;

    final int ownerBits;

    private final int instruction;
    private final int instructionBits;
    private final long instructionMask;

    FrameWords(Offsets.Frame frame, boolean instructionIsPointer) {
        areWords =
                (frame.previous() & 7) == 0
                        && (frame.code() & 7) == 0
                        && (frame.instruction() & 7) % (instructionIsPointer ? 8 : 4) == 0;
        previous = (int) (frame.previous() >>> 3);
        code = (int) (frame.code() >>> 3);
        instruction = (int) (frame.instruction() >>> 3);
        instructionBits = (int) (frame.instruction() & 7) << 3;
        instructionMask = instructionIsPointer ? -1 : 0xffff_ffffL;
        owner = frame.owner() < 0 ? previous : (int) (frame.owner() >>> 3);
        ownerBits = frame.owner() < 0 ? 0 : (int) (frame.owner() & 7) << 3;
    }

    /** The pointer or the index that says which instruction the frame at that word runs. */
    long instruction(long[] words, int at) {
        return words[at + instruction] >>> instructionBits & instructionMask;
    }
}
