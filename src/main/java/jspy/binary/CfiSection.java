package jspy.binary;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The call frame information of a file: {@code .eh_frame} (LSB Core, "Exception Frames") or {@code
 * .debug_frame} (DWARF 5 section 6.4.1).
 *
 * <p>Addresses are the file's own, before the load bias. One thread at a time. Entries that cannot
 * be read are passed over: of a hostile file less is known, nothing else happens.
 */
public final class CfiSection {
    /** Told of the rows of a function. The state is the same object each time. */
    @FunctionalInterface
    public interface Rows {
        /** From {@code address} on, up to the next row or the function's end, these rules hold. */
        void row(long address, CfiState state);
    }

    /** Told of the functions of a section, in the section's order. */
    @FunctionalInterface
    public interface Functions {
        void function(CfiFunction function);
    }

    /** {@code PT_GNU_EH_FRAME}, elf.h: the address of {@code .eh_frame_hdr} */
    static final int INDEX_SEGMENT = 0x6474e550;

    private static final long LENGTH_IS_64_BIT = 0xffffffffL;
    private static final int MAX_AUGMENTATION_BYTES = 32;
    private static final int POINTER_BYTES = 8;

    private final Bytes bytes;
    private final boolean isDebugFrame;

    /** Where the section is known to end; without section headers a terminator is believed. */
    private final boolean isSizeKnown;

    private final DwarfCursor cursor;
    private final DwarfCursor instructions;
    private final CfiProgram program;

    /** By offset; null for those that cannot be read. */
    private final Map<Long, CfiCommon> commons = new HashMap<>();

    CfiSection(Bytes bytes, long address, boolean isDebugFrame, boolean isSizeKnown) {
        this.bytes = bytes;
        this.isDebugFrame = isDebugFrame;
        this.isSizeKnown = isSizeKnown;
        cursor = new DwarfCursor(bytes, address);
        instructions = new DwarfCursor(bytes, address);
        program = new CfiProgram(instructions);
    }

    /** {@code .eh_frame}, by its section header or, where those are stripped, by its index. */
    public static Optional<CfiSection> ehFrame(Elf elf) throws BinaryFormatException {
        return Elf.guarded(() -> Optional.ofNullable(ehFrameOrNull(elf)));
    }

    /** {@code .debug_frame}, which files with debug information may have. */
    public static Optional<CfiSection> debugFrame(Elf elf) throws BinaryFormatException {
        Optional<ElfSection> section = elf.section(".debug_frame");
        if (section.isEmpty()) {
            return Optional.empty();
        }
        Bytes bytes = new Bytes(elf.uncompressed(section.get()));
        return Optional.of(new CfiSection(bytes, 0, true, true));
    }

    /** All functions, read from the section's start to its end. */
    public void functions(Functions functions) throws BinaryFormatException {
        Elf.guarded(
                () -> {
                    long at = 0;
                    while (bytes.has(at, 4)) {
                        at = entry(at, functions);
                    }
                    return null;
                });
    }

    /** The function whose entry is at that offset; empty when it is not one of a function. */
    public Optional<CfiFunction> functionAt(long offset) throws BinaryFormatException {
        return Elf.guarded(
                () -> {
                    CfiFunction[] found = new CfiFunction[1];
                    if (bytes.has(offset, 4)) {
                        entry(offset, function -> found[0] = function);
                    }
                    return Optional.ofNullable(found[0]);
                });
    }

    /**
     * Gives out the rows of a function.
     *
     * @return the address up to which they hold: the function's end, or less when one of its
     *     instructions is not understood
     */
    public long rows(CfiFunction function, Rows rows) throws BinaryFormatException {
        return Elf.guarded(() -> program.run(function, rows));
    }

    /** The operations of an expression, by the handle that a {@link CfiState} has for it. */
    public byte[] expression(long handle) throws BinaryFormatException {
        return Elf.guarded(
                () ->
                        bytes.segment(handle >>> 32, handle & 0xffffffffL, "expression")
                                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE));
    }

    // internals

    private static CfiSection ehFrameOrNull(Elf elf) throws BinaryFormatException {
        Optional<ElfSection> section = elf.section(".eh_frame");
        if (section.isPresent() && section.get().hasBytesInFile()) {
            Bytes bytes = new Bytes(elf.contents(section.get()));
            return new CfiSection(bytes, section.get().address(), false, true);
        }
        CfiIndex index = CfiIndex.readOrNull(elf);
        if (index == null) {
            return null;
        }
        return new CfiSection(
                elf.from(index.sectionAddress()), index.sectionAddress(), false, false);
    }

    /** Reads one entry; the offset of the next one. */
    private long entry(long at, Functions functions) throws BinaryFormatException {
        cursor.moveTo(at, bytes.sizeBytes());
        long lengthBytes = cursor.u32();
        boolean is64Bit = lengthBytes == LENGTH_IS_64_BIT;
        if (is64Bit) {
            if (!bytes.has(at, 12)) {
                return bytes.sizeBytes();
            }
            lengthBytes = cursor.u64();
        }
        long bodyAt = cursor.at();
        if (lengthBytes == 0) {
            return isSizeKnown ? bodyAt : bytes.sizeBytes();
        }
        if (!bytes.has(bodyAt, lengthBytes)) {
            return bytes.sizeBytes();
        }
        long end = bodyAt + lengthBytes;
        try {
            cursor.moveTo(bodyAt, end);
            long id = isDebugFrame && is64Bit ? cursor.u64() : cursor.u32();
            if (!isCommon(id, is64Bit)) {
                CfiFunction function = functionOrNull(isDebugFrame ? id : bodyAt - id, end);
                if (function != null) {
                    functions.function(function);
                }
            }
        } catch (BinaryFormatException e) {
            // this entry says nothing; its length still says where the next one is
        }
        return end;
    }

    private boolean isCommon(long id, boolean is64Bit) {
        if (!isDebugFrame) {
            return id == 0;
        }
        return is64Bit ? id == -1 : id == 0xffffffffL;
    }

    private CfiFunction functionOrNull(long commonAt, long end) throws BinaryFormatException {
        long at = cursor.at();
        CfiCommon common = commonOrNull(commonAt);
        if (common == null) {
            return null;
        }
        cursor.moveTo(at, end);
        long start = cursor.pointer(common.pointerEncoding(), 0);
        long sizeBytes = cursor.number(common.pointerEncoding());
        if (common.hasAugmentation()) {
            cursor.skip(cursor.uleb());
        }
        if (sizeBytes <= 0 || Long.compareUnsigned(start + sizeBytes, start) < 0) {
            return null;
        }
        return new CfiFunction(common, start, start + sizeBytes, cursor.at(), end);
    }

    private CfiCommon commonOrNull(long at) {
        if (commons.containsKey(at)) {
            return commons.get(at);
        }
        CfiCommon common;
        try {
            common = bytes.has(at, 4) ? common(at) : null;
        } catch (BinaryFormatException e) {
            common = null;
        }
        commons.put(at, common);
        return common;
    }

    private CfiCommon common(long at) throws BinaryFormatException {
        cursor.moveTo(at, bytes.sizeBytes());
        long lengthBytes = cursor.u32();
        boolean is64Bit = lengthBytes == LENGTH_IS_64_BIT;
        if (is64Bit) {
            lengthBytes = cursor.u64();
        }
        if (lengthBytes == 0 || !bytes.has(cursor.at(), lengthBytes)) {
            return null;
        }
        long end = cursor.at() + lengthBytes;
        cursor.moveTo(cursor.at(), end);
        long id = isDebugFrame && is64Bit ? cursor.u64() : cursor.u32();
        if (!isCommon(id, is64Bit)) {
            return null;
        }
        int version = cursor.u8();
        String augmentation = cursor.string(MAX_AUGMENTATION_BYTES);
        if (augmentation.startsWith("eh")) {
            cursor.skip(POINTER_BYTES);
        }
        if (isDebugFrame && version >= 4 && (cursor.u8() != POINTER_BYTES || cursor.u8() != 0)) {
            return null;
        }
        long codeAlignment = cursor.uleb();
        long dataAlignment = cursor.sleb();
        long returnAddress = version == 1 ? cursor.u8() : cursor.uleb();
        if (returnAddress < 0 || returnAddress >= CfiState.REGISTERS) {
            return null;
        }
        int pointerEncoding = DwarfCursor.ENCODING_ABSOLUTE;
        boolean isSignalFrame = false;
        boolean hasAugmentation = augmentation.startsWith("z");
        if (hasAugmentation) {
            long dataBytes = cursor.uleb();
            long dataAt = cursor.at();
            for (int i = 1; i < augmentation.length(); i++) {
                switch (augmentation.charAt(i)) {
                    case 'R' -> pointerEncoding = cursor.u8();
                    case 'P' -> skipPointer(cursor.u8());
                    case 'L' -> cursor.u8();
                    case 'S' -> isSignalFrame = true;
                    default -> {
                        // 'B': return addresses are signed with the B key; 'G': memory tagging
                    }
                }
            }
            cursor.moveTo(dataAt, end);
            cursor.skip(dataBytes);
        } else if (!augmentation.isEmpty() && !augmentation.equals("eh")) {
            return null;
        }
        CfiCommon common =
                new CfiCommon(
                        codeAlignment,
                        dataAlignment,
                        (int) returnAddress,
                        pointerEncoding,
                        hasAugmentation,
                        isSignalFrame,
                        new CfiState());
        program.runCommon(common, cursor.at(), end, common.initial());
        return common;
    }

    private void skipPointer(int encoding) throws BinaryFormatException {
        if (encoding != DwarfCursor.ENCODING_OMITTED) {
            cursor.number(encoding);
        }
    }
}
