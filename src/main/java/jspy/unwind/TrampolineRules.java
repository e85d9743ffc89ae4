package jspy.unwind;

import jspy.binary.Elf;
import jspy.memory.TargetMemory;
import jspy.process.Mapping;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;

/**
 * How to unwind out of trampolines, which come by the page, all of the same few instructions and
 * without call frame information: those of {@code -X perf}, one for each Python function, made by
 * CPython in memory of no file ({@code Python/asm_trampoline.S} from 3.12 on), and libffi's static
 * ones, one for each callback of ctypes, a page of its file that is mapped again ({@code
 * src/x86/unix64.S} from 3.4 on). Addresses count from the mapping's start.
 */
final class TrampolineRules implements CodeRules {
    /** CPython takes 64 KiB at a time; more than this is something else. */
    private static final long MAX_BYTES = 16 << 20;

    private static final int HEAD_BYTES = 64;

    /**
     * @param framed offset of the first instruction that runs when the frame is made
     * @param unframed offset of the first one that runs when it is gone again
     * @param frameBytes from the stack pointer to the caller's frame while it is there
     * @param savesFramePointer the frame begins with it
     */
    private record Shape(
            Machine machine,
            byte[] code,
            int framed,
            int unframed,
            int frameBytes,
            boolean savesFramePointer) {

        static Shape of(Machine machine, int framed, int unframed, boolean saves, String code) {
            return new Shape(machine, bytes(code), framed, unframed, 16, saves);
        }

        /** One that leaves its frame to what it jumps to. */
        static Shape jumping(Machine machine, int framed, int frameBytes, String code) {
            return new Shape(machine, bytes(code), framed, Integer.MAX_VALUE, frameBytes, false);
        }

        private static byte[] bytes(String code) {
            return HexFormat.ofDelimiter(" ").parseHex(code);
        }
    }

    private static final List<Shape> SHAPES =
            List.of(
                    // sub $8,%rsp; call *%rcx; add $8,%rsp; ret: 3.12, 3.13.0
                    Shape.of(Machine.X86_64, 4, 10, false, "48 83 ec 08 ff d1 48 83 c4 08 c3"),
                    Shape.of(
                            Machine.X86_64,
                            8,
                            14,
                            false,
                            "f3 0f 1e fa 48 83 ec 08 ff d1 48 83 c4 08 c3"),
                    // push %rbp; mov %rsp,%rbp; call *%rcx; pop %rbp; ret: later ones
                    Shape.of(Machine.X86_64, 1, 7, true, "55 48 89 e5 ff d1 5d c3"),
                    Shape.of(Machine.X86_64, 5, 11, true, "f3 0f 1e fa 55 48 89 e5 ff d1 5d c3"),
                    // endbr64; sub $16,%rsp; mov %r10,(%rsp); mov 4077(%rip),%r10;
                    // mov %r10,8(%rsp); mov 4073(%rip),%r10; jmp *%r10: libffi
                    Shape.jumping(
                            Machine.X86_64,
                            8,
                            24,
                            "f3 0f 1e fa 48 83 ec 10 4c 89 14 24 4c 8b 15 ed 0f 00 00"
                                    + " 4c 89 54 24 08 4c 8b 15 e9 0f 00 00 41 ff e2"),
                    // stp x29,x30,[sp,#-16]!; mov x29,sp; blr x3; ldp x29,x30,[sp],#16; ret
                    Shape.of(
                            Machine.AARCH64,
                            4,
                            16,
                            true,
                            "fd 7b bf a9 fd 03 00 91 60 00 3f d6 fd 7b c1 a8 c0 03 5f d6"));

    private final Shape shape;
    private final MemorySegment code;

    private TrampolineRules(Shape shape, MemorySegment code) {
        this.shape = shape;
        this.code = code;
    }

    /**
     * Null when the mapping holds something else. What it holds is copied: it does not change once
     * it can be executed.
     */
    static TrampolineRules readOrNull(TargetMemory memory, Mapping mapping, Machine machine) {
        if (mapping.sizeBytes() < HEAD_BYTES || mapping.sizeBytes() > MAX_BYTES) {
            return null;
        }
        MemorySegment head = read(memory, mapping, HEAD_BYTES);
        for (Shape shape : SHAPES) {
            if (head != null && shape.machine() == machine && isAt(shape, head, 0)) {
                MemorySegment all = read(memory, mapping, (int) mapping.sizeBytes());
                return all == null ? null : new TrampolineRules(shape, all);
            }
        }
        return null;
    }

    static TrampolineRules of(MemorySegment code, Machine machine) {
        return SHAPES.stream()
                .filter(shape -> shape.machine() == machine && isAt(shape, code, 0))
                .map(shape -> new TrampolineRules(shape, code))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Elf elfOrNull() {
        return null;
    }

    @Override
    public boolean isTableReady() {
        return true;
    }

    @Override
    public void build() {}

    @Override
    public void find(long address, long[] into, int at) {
        into[at] = Rule.of(Rule.NONE);
        into[at + 1] = 0;
        for (int inside = 0; inside < shape.code().length; inside++) {
            if (isAt(shape, code, address - inside)) {
                rule(inside, into, at);
                return;
            }
        }
    }

    // internals

    private static MemorySegment read(TargetMemory memory, Mapping mapping, int lengthBytes) {
        MemorySegment copy = Arena.ofAuto().allocate(lengthBytes, 8);
        int got = memory.read(mapping.start(), copy, 0, lengthBytes);
        return got == lengthBytes ? copy.asReadOnly() : null;
    }

    private static boolean isAt(Shape shape, MemorySegment code, long at) {
        int lengthBytes = shape.code().length;
        if (at < 0 || at > code.byteSize() - lengthBytes) {
            return false;
        }
        for (int i = 0; i < lengthBytes; i++) {
            if (code.get(ValueLayout.JAVA_BYTE, at + i) != shape.code()[i]) {
                return false;
            }
        }
        return true;
    }

    private void rule(int inside, long[] into, int at) {
        Machine machine = shape.machine();
        boolean isFramed = inside >= shape.framed() && inside < shape.unframed();
        int frameKind = isFramed && shape.savesFramePointer() ? Rule.AT_CFA : Rule.SAME;
        boolean isOnStack = isFramed || !machine.hasLinkRegister();
        into[at] =
                Rule.first(
                        Rule.REGISTER,
                        machine.stackPointer(),
                        isFramed ? shape.frameBytes() : isOnStack ? 8 : 0,
                        frameKind,
                        isOnStack ? Rule.AT_CFA : Rule.SAME);
        into[at + 1] = Rule.second(frameKind == Rule.AT_CFA ? -16 : 0, isOnStack ? -8 : 0);
    }
}
