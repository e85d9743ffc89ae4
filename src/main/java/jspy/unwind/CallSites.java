package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What the bytes of the code around an address say, where call frame information does not: whether
 * a return address lies behind a call, and whether code is the way back from a signal handler. Read
 * from the files, not from the process; for code without tables only, so not fast.
 */
final class CallSites {
    private static final ValueLayout.OfInt INSTRUCTION =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LONGEST_CALL_BYTES = 7;
    private static final int DIRECT_CALL_BYTES = 5;
    private static final byte DIRECT_CALL = (byte) 0xe8;

    private static final byte[] SYSTEM_CALL = {0x0f, 0x05};

    /** {@code mov $__NR_rt_sigreturn, %rax; syscall}, with a 32-bit operand of 32 or 64 bits */
    private static final byte[][] X86_SIGNAL_RETURNS = {
        {0x48, (byte) 0xc7, (byte) 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05},
        {(byte) 0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05}
    };

    /** {@code mov x8, #__NR_rt_sigreturn; svc #0} */
    private static final byte[][] AARCH64_SIGNAL_RETURNS = {
        {0x68, 0x11, (byte) 0x80, (byte) 0xd2, 0x01, 0, 0, (byte) 0xd4}
    };

    private final Machine machine;
    private NativeModules modules;

    CallSites(Machine machine) {
        this.machine = machine;
    }

    void use(NativeModules newModules) {
        modules = newModules;
    }

    /** Whether the instruction before that address is a call. */
    boolean isBehindCall(long returnAddress) {
        int before = machine.hasLinkRegister() ? 4 : LONGEST_CALL_BYTES;
        MemorySegment code = codeOrNull(returnAddress - before, before);
        if (code == null) {
            return false;
        }
        return machine.hasLinkRegister() ? isLink(code.get(INSTRUCTION, 0)) : endsInCall(code);
    }

    /** x86-64: whether the instruction before that address is a system call. */
    boolean isBehindSystemCall(long address) {
        MemorySegment code = codeOrNull(address - SYSTEM_CALL.length, SYSTEM_CALL.length);
        return code != null && code.mismatch(MemorySegment.ofArray(SYSTEM_CALL)) == -1;
    }

    boolean isSignalReturn(long address) {
        byte[][] patterns = machine.hasLinkRegister() ? AARCH64_SIGNAL_RETURNS : X86_SIGNAL_RETURNS;
        for (byte[] pattern : patterns) {
            MemorySegment code = codeOrNull(address, pattern.length);
            if (code != null && code.mismatch(MemorySegment.ofArray(pattern)) == -1) {
                return true;
            }
        }
        return false;
    }

    /** The file's bytes at an address of the process; null where not all are of one module. */
    MemorySegment codeOrNull(long address, int lengthBytes) {
        int module = modules.find(address);
        if (module < 0 || modules.find(address + lengthBytes - 1) != module) {
            return null;
        }
        NativeModule owner = modules.get(module);
        Elf elf = owner.elfOrNull();
        try {
            return elf == null ? null : elf.copy(address - owner.bias(), lengthBytes);
        } catch (BinaryFormatException e) {
            return null;
        }
    }

    // internals

    /** {@code BL}, {@code BLR}, and {@code BLRAA} and its like, Arm ARM C6.2 */
    private static boolean isLink(int instruction) {
        return (instruction & 0xfc000000) == 0x94000000
                || (instruction & 0xfffffc1f) == 0xd63f0000
                || (instruction & 0xfefff800) == 0xd63f0800;
    }

    /** {@code e8 rel32}, or {@code ff /2} with any operand. Intel SDM volume 2, "CALL". */
    static boolean endsInCall(MemorySegment code) {
        int end = (int) code.byteSize();
        if (code.get(ValueLayout.JAVA_BYTE, end - DIRECT_CALL_BYTES) == DIRECT_CALL) {
            return true;
        }
        for (int lengthBytes = 2; lengthBytes <= LONGEST_CALL_BYTES; lengthBytes++) {
            int at = end - lengthBytes;
            if (code.get(ValueLayout.JAVA_BYTE, at) == (byte) 0xff) {
                int operand = code.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff;
                if ((operand >> 3 & 7) == 2 && operandBytes(operand, code, at) == lengthBytes) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Length of an instruction of one byte of code, one of ModRM, and what that asks for. */
    private static int operandBytes(int operand, MemorySegment code, int at) {
        int mode = operand >> 6;
        int base = operand & 7;
        int lengthBytes = 2;
        if (mode != 3 && base == 4) {
            int scaled = at + 2 < code.byteSize() ? code.get(ValueLayout.JAVA_BYTE, at + 2) : 0;
            lengthBytes++;
            if (mode == 0 && (scaled & 7) == 5) {
                lengthBytes += 4;
            }
        }
        return switch (mode) {
            case 0 -> base == 5 ? lengthBytes + 4 : lengthBytes;
            case 1 -> lengthBytes + 1;
            case 2 -> lengthBytes + 4;
            default -> lengthBytes;
        };
    }
}
