package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.WorkingSet;

import java.util.Arrays;

/**
 * Walks the frames of all threads in the copies that a {@link WorkingSet} holds. What it needs and
 * does not find it wants from the set; the caller reads that and walks again.
 *
 * <p>Allocates nothing once the stacks have grown, throws nothing, and ends whatever the bytes say:
 * a chain is as long at most as frames fit in the memory that was copied. Mirrors {@code
 * PyThreadState}, {@code _PyInterpreterFrame} and {@code _PyStackChunk} of CPython's
 * Include/cpython/pystate.h and Include/internal/pycore_frame.h. One sampler thread.
 */
public final class FrameWalker {
    /** {@code _PyCFrame.previous} follows {@code current_frame}, 3.11 and 3.12. */
    private static final long PREVIOUS_AFTER_CURRENT = 8;

    private static final long ALIGNMENT_MASK = 7;
    private static final long PAGE_BYTES = 4096;

    /**
     * {@code co_code} is at most this long: a larger offset is no instruction of this code object.
     */
    private static final long CODE_MAX_BYTES = 1 << 28;

    /** {@code _PyCodeArray.entries}, Include/cpython/code.h, 3.14 on. */
    private static final long ARRAY_ENTRIES = 8;

    /** One for each thread that ever was at the same time: more are none. */
    private static final int MAX_BYTECODE_COPIES = 1 << 16;

    private final WorkingSet set;
    private final StackChunks chunks; // null: frames lie on the heap, one by one
    private final boolean cframe;
    private final boolean instructionIsPointer;
    private final int indexScale;

    // flattened once more: the walk adds these to addresses
    private final long threadsHead;
    private final long threadBytes;
    private final long threadNext;
    private final long threadTop;
    private final long cframeCurrentFrame;
    private final long threadIdent;
    private final long threadNativeId;
    private final long frameBytes;
    private final long framePrevious;
    private final long frameCode;
    private final long frameInstruction;
    private final long frameOwner;
    private final long ownerShimMin;
    private final long codePointerMask;
    private final long codeAdaptive;
    private final long frameCopyIndex;
    private final long codeCopies;

    private final FreshSteps steps;
    private final boolean comparable; // a frame's own words say all of it

    private long bias;
    private long bytecode; // of the frame at hand

    /**
     * @param instructionUnits bytes a unit of {@code f_lasti} stands for where instructions are
     *     indices: 1 up to 3.9, 2 in 3.10
     */
    public FrameWalker(Offsets offsets, int instructionUnits, WorkingSet set) {
        this.set = set;
        Offsets.Thread thread = offsets.thread();
        Offsets.Frame frame = offsets.frame();
        chunks = thread.datastackChunk() == Offsets.ABSENT ? null : new StackChunks(offsets, set);
        cframe = thread.cframeCurrentFrame() != Offsets.ABSENT;
        instructionIsPointer = offsets.code().codeAdaptive() != Offsets.ABSENT;
        indexScale = instructionUnits;
        threadsHead = offsets.interpreter().threadsHead();
        threadNext = thread.next();
        threadTop = thread.top();
        cframeCurrentFrame = thread.cframeCurrentFrame();
        threadIdent = thread.threadId();
        threadNativeId = thread.nativeThreadId();
        framePrevious = frame.previous();
        frameCode = frame.code();
        frameInstruction = frame.instruction();
        frameOwner = frame.owner();
        ownerShimMin =
                frame.ownerShimMin() == Offsets.ABSENT ? Long.MAX_VALUE : frame.ownerShimMin();
        codePointerMask = ~Math.max(0, frame.codeTagMask());
        codeAdaptive = offsets.code().codeAdaptive();
        codeCopies = offsets.code().tlbc();
        frameCopyIndex = codeCopies < 0 ? Offsets.ABSENT : frame.tlbcIndex();
        steps = new FreshSteps(frame, instructionIsPointer, set);
        comparable = frameCopyIndex < 0;
        // offsets that a target says of itself may lie behind the size that it says
        threadBytes =
                last(
                        thread.size(),
                        threadNext + 8,
                        threadTop + 8,
                        threadIdent + 8,
                        threadNativeId + 8,
                        chunks == null ? 0 : chunks.endInThread());
        frameBytes =
                last(
                        instructionIsPointer ? frame.size() : 0,
                        framePrevious + 8,
                        frameCode + 8,
                        frameInstruction + (instructionIsPointer ? 8 : 4),
                        frameOwner + 1);
    }

    /**
     * Walks every thread of the interpreters. {@code copyBias} is 0, or the distance to the second
     * copies when everything was read twice ({@link WorkingSet#addAgain}).
     *
     * @param resume go on where the walk before missed: its copies are still there and more were
     *     added
     */
    public void walk(
            long[] interpreters,
            int interpreterCount,
            ProcessStacks stacks,
            long copyBias,
            boolean resume) {
        set.load();
        bias = copyBias;
        int before = stacks.walkNumber();
        stacks.beginWalk();
        for (int i = 0; i < interpreterCount; i++) {
            walkInterpreter(interpreters[i], stacks, resume ? before : -1);
        }
    }

    /** Walks one thread of an earlier walk anew; the others stay as they are. */
    public void walkOne(ThreadStack thread, boolean resume) {
        set.load();
        bias = 0;
        long at = locate(thread.threadState(), threadBytes);
        if (at != WorkingSet.MISS) {
            walkThread(at, thread, thread.walk(), thread.interpreter(), resume);
        }
    }

    // internals

    private static long last(long... ends) {
        return Arrays.stream(ends).max().getAsLong();
    }

    private void walkInterpreter(long interpreter, ProcessStacks stacks, int resumedWalk) {
        long head = locate(interpreter + threadsHead, 8);
        if (head == WorkingSet.MISS) {
            return;
        }
        long threadState = set.getLong(head);
        while (threadState != 0 && (threadState & ALIGNMENT_MASK) == 0) {
            long at = locate(threadState, threadBytes);
            if (at == WorkingSet.MISS) {
                return;
            }
            ThreadStack thread = stacks.meet(threadState);
            if (thread == null) {
                return;
            }
            boolean resume = thread.walk() == resumedWalk;
            boolean kept = thread.isKept() && thread.stateIdent() == set.getLong(at + threadIdent);
            if (kept || resume && thread.status() != ThreadStack.MISSED) {
                thread.again(stacks.walkNumber());
            } else {
                walkThread(at, thread, stacks.walkNumber(), interpreter, resume);
            }
            threadState = set.getLong(at + threadNext);
        }
    }

    /** Walks a thread from its thread state, or, resuming, from the frame that was missed. */
    private void walkThread(
            long at, ThreadStack thread, int walk, long interpreter, boolean resume) {
        if (resume && thread.status() == ThreadStack.MISSED && thread.pending() != 0) {
            thread.again(walk);
            if (chunks == null || chunks.expect(at)) {
                steps.begin(thread, false);
                walkFrames(thread.pending(), thread.missedMeeting(), thread);
                finishCframe(thread);
            }
            return;
        }
        thread.begin(
                walk,
                interpreter,
                set.getLong(at + threadIdent),
                threadNativeId < 0 ? 0 : set.getLong(at + threadNativeId));
        walkThread(at, thread);
    }

    private void walkThread(long at, ThreadStack thread) {
        if (chunks != null && !chunks.expect(at)) {
            return;
        }
        steps.begin(thread, comparable && bias == 0);
        long top = set.getLong(at + threadTop);
        if (!cframe) {
            walkFrames(top, 0, thread);
        } else if (top == 0) {
            thread.end(ThreadStack.COMPLETE);
        } else {
            walkThroughCframe(top, thread);
        }
    }

    /**
     * 3.11 and 3.12: {@code tstate->cframe} names the newest {@code _PyCFrame} before its {@code
     * current_frame} is set, so for a few instructions that word is whatever the C stack held. A
     * stack that does not lead to the frame of the cframe before is such a moment: the thread is on
     * its way from there into Python, and the stack is the one below.
     */
    private void walkThroughCframe(long top, ThreadStack thread) {
        thread.cframe(top);
        long hop = locate(top, cframeCurrentFrame + 16);
        if (hop == WorkingSet.MISS) {
            return;
        }
        long frame = set.getLong(hop + cframeCurrentFrame);
        long before = set.getLong(hop + cframeCurrentFrame + PREVIOUS_AFTER_CURRENT);
        long below = 0;
        if (before != 0) {
            long hopBefore = locate(before, cframeCurrentFrame + 8);
            if (hopBefore == WorkingSet.MISS) {
                return;
            }
            below = set.getLong(hopBefore + cframeCurrentFrame);
        }
        thread.mustMeet(below);
        walkFrames(frame, below, thread);
        finishCframe(thread);
    }

    private void finishCframe(ThreadStack thread) {
        if (cframe && thread.status() != ThreadStack.MISSED && thread.missedMeeting() != 0) {
            long below = thread.missedMeeting();
            thread.restart();
            steps.begin(thread, false);
            thread.mustMeet(0);
            walkFrames(below, 0, thread);
        }
    }

    /** {@code below}: a frame that must be on the way, 0 when nothing is known of it. */
    private void walkFrames(long top, long below, ThreadStack thread) {
        long frame = top;
        long owner = ownerShimMin;
        long most = set.bufferBytes() / frameBytes; // frames do not overlap: more are a loop
        for (long count = 0; frame != 0; count++) {
            int joint = steps.joint(frame);
            if (joint != StackTrail.NONE) {
                steps.join(thread, joint);
                return;
            }
            if (frame == below) {
                thread.mustMeet(0);
            }
            if ((frame & ALIGNMENT_MASK) != 0 || count > most) {
                stop(thread, ThreadStack.BROKEN);
                return;
            }
            long at = set.locate(frame, frameBytes);
            if (at == WorkingSet.MISS) {
                if (wantFrame(frame)) {
                    steps.flush(thread);
                    thread.missed(frame);
                } else {
                    stop(thread, ThreadStack.BROKEN);
                }
                return;
            }
            at += bias;
            if (frameOwner >= 0) {
                owner = set.getByte(at + frameOwner);
            }
            if (frameOwner < 0 || owner < ownerShimMin) {
                long code = set.getLong(at + frameCode) & codePointerMask;
                if (!locateBytecode(at, code)) {
                    steps.flush(thread);
                    thread.missed(frame);
                    return;
                }
                steps.frame(frame, at, code, instruction(at));
            } else {
                steps.anchor(frame, at);
            }
            frame = set.getLong(at + framePrevious);
        }
        // From 3.12 on a stack stands on a shim. One that does not is a generator that is just
        // being left: its frame is
        // unlinked already and still the thread's current one.
        stop(
                thread,
                owner >= ownerShimMin || frameOwner < 0 || ownerShimMin == Long.MAX_VALUE
                        ? ThreadStack.COMPLETE
                        : ThreadStack.UNSETTLED);
    }

    private void stop(ThreadStack thread, int status) {
        thread.end(status);
        steps.finish(thread, comparable && bias == 0);
    }

    /**
     * Finds where the instructions lie that a frame runs: in its code object, or, in free-threaded
     * builds from 3.14 on, in the copy that its thread has of them ({@code co_tlbc}, a {@code
     * _PyCodeArray}). False when that was not copied yet.
     */
    private boolean locateBytecode(long at, long code) {
        bytecode = code + codeAdaptive;
        int copy = frameCopyIndex < 0 ? 0 : set.getInt(at + frameCopyIndex);
        if (copy <= 0 || copy > MAX_BYTECODE_COPIES) {
            return true; // the first is the code object's own
        }
        long field = locate(code + codeCopies, 8);
        if (field == WorkingSet.MISS) {
            return false;
        }
        long array = set.getLong(field);
        long entry = locate(array + ARRAY_ENTRIES + 8L * copy, 8);
        if (entry == WorkingSet.MISS) {
            return false;
        }
        bytecode = set.getLong(entry);
        return true;
    }

    private int instruction(long at) {
        if (!instructionIsPointer) {
            return set.getInt(at + frameInstruction) * indexScale;
        }
        long offset = set.getLong(at + frameInstruction) - bytecode;
        return offset >= -2 && offset < CODE_MAX_BYTES ? (int) offset : ThreadStack.NO_INSTRUCTION;
    }

    /** Wants a frame and what is likely to be needed with it. False when it cannot be had. */
    private boolean wantFrame(long frame) {
        if (chunks != null) {
            return chunks.want(frame, frameBytes, bias);
        }
        // Frames lie on the heap, those of a recursion side by side: what is left of the page is
        // mapped and cheap, and the set drops what it turns out not to need.
        long pageLeftBytes = PAGE_BYTES - (frame & PAGE_BYTES - 1);
        return set.want(frame, Math.max(frameBytes, pageLeftBytes));
    }

    /**
     * As {@link WorkingSet#locate}, wanting what is missed; the offset is that of the copy the bias
     * selects.
     */
    private long locate(long address, long lengthBytes) {
        long at = set.locate(address, lengthBytes);
        if (at == WorkingSet.MISS) {
            set.want(address, lengthBytes);
            return WorkingSet.MISS;
        }
        return at + bias;
    }
}
