package jspy.binary;

import java.util.ArrayList;
import java.util.List;

/**
 * The head of one line number program: DWARF 2 to 4 section 6.2.4 of version 4, and of version 5.
 *
 * @param programAt first byte behind the head, in {@code .debug_line}
 * @param end one behind the unit's last byte
 * @param operandCounts of each standard opcode; the first element is unused
 * @param folders by number
 * @param files by number; null where there is none of that number
 */
record LineUnit(
        long programAt,
        long end,
        int minInstructionBytes,
        int lineBase,
        int lineRange,
        int opcodeBase,
        int[] operandCounts,
        List<String> folders,
        List<File> files) {

    record File(String name, long folder) {}

    /** {@code DW_FORM_*}, DWARF 5 section 7.5.6, and {@code DW_LNCT_*}, 7.22 */
    private static final int FORM_BLOCK = 0x09;

    private static final int FORM_DATA1 = 0x0b;
    private static final int FORM_DATA2 = 0x05;
    private static final int FORM_DATA4 = 0x06;
    private static final int FORM_DATA8 = 0x07;
    private static final int FORM_DATA16 = 0x1e;
    private static final int FORM_LINE_STRP = 0x1f;
    private static final int FORM_STRING = 0x08;
    private static final int FORM_STRP = 0x0e;
    private static final int FORM_UDATA = 0x0f;
    private static final int CONTENT_PATH = 1;
    private static final int CONTENT_FOLDER = 2;

    private static final int MAX_FILES = 1 << 16;
    private static final int MAX_NAME_BYTES = 4096;
    private static final long LENGTH_IS_64_BIT = 0xffffffffL;

    /** Where strings of version 5 are; without such a section empty. */
    record Strings(Bytes line, Bytes general) {}

    /** Null of a version that is not known; the unit is {@code [at, endAt)} without its length. */
    static LineUnit readOrNull(DwarfCursor in, long endAt, boolean is64Bit, Strings strings)
            throws BinaryFormatException {
        int version = in.u16();
        if (version < 2 || version > 5) {
            return null;
        }
        if (version >= 5) {
            in.skip(2); // sizes of addresses and segment selectors
        }
        long headBytes = is64Bit ? in.u64() : in.u32();
        long programAt = in.at() + headBytes;
        if (headBytes < 0 || programAt > endAt) {
            throw BinaryFormatException.corrupt("line table head of %d bytes".formatted(headBytes));
        }
        int minInstructionBytes = in.u8();
        in.skip(version >= 4 ? 2 : 1); // operations of an instruction, is_stmt
        int lineBase = (byte) in.u8();
        int lineRange = in.u8();
        int opcodeBase = in.u8();
        int[] operandCounts = new int[Math.max(opcodeBase, 1)];
        for (int i = 1; i < opcodeBase; i++) {
            operandCounts[i] = in.u8();
        }
        List<String> folders = new ArrayList<>();
        List<File> files = new ArrayList<>();
        if (version >= 5) {
            entries(in, is64Bit, strings).forEach(entry -> folders.add(entry.name()));
            files.addAll(entries(in, is64Bit, strings));
        } else {
            oldEntries(in, folders, files);
        }
        return new LineUnit(
                programAt,
                endAt,
                minInstructionBytes,
                lineBase,
                lineRange,
                opcodeBase,
                operandCounts,
                folders,
                files);
    }

    /** Whether a length stands for another one of 64 bits behind it. */
    static boolean is64Bit(long length) {
        return length == LENGTH_IS_64_BIT;
    }

    /** Null when there is no file of that number. */
    String pathOrNull(long file) {
        File found = file >= 0 && file < files.size() ? files.get((int) file) : null;
        if (found == null || found.name().startsWith("/")) {
            return found == null ? null : found.name();
        }
        String folder = folder(found.folder());
        return folder.isEmpty() ? found.name() : folder + "/" + found.name();
    }

    // internals

    /** A folder of its own may lie in the first, where the compiler ran. */
    private String folder(long number) {
        String folder = number >= 0 && number < folders.size() ? folders.get((int) number) : "";
        boolean isInside = number > 0 && !folder.startsWith("/") && !folders.getFirst().isEmpty();
        return isInside ? folders.getFirst() + "/" + folder : folder;
    }

    /** Both lists end with an empty name; the first of each has the number 1. */
    private static void oldEntries(DwarfCursor in, List<String> folders, List<File> files)
            throws BinaryFormatException {
        folders.add("");
        for (String name = in.string(MAX_NAME_BYTES); !name.isEmpty(); ) {
            folders.add(name);
            name = in.string(MAX_NAME_BYTES);
        }
        files.add(null);
        for (String name = in.string(MAX_NAME_BYTES); !name.isEmpty(); ) {
            files.add(new File(name, in.uleb()));
            in.uleb(); // time
            in.uleb(); // size
            name = in.string(MAX_NAME_BYTES);
        }
    }

    private static List<File> entries(DwarfCursor in, boolean is64Bit, Strings strings)
            throws BinaryFormatException {
        int[] formats = new int[2 * in.u8()];
        for (int i = 0; i < formats.length; i++) {
            formats[i] = (int) in.uleb();
        }
        long count = in.uleb();
        if (count < 0 || count > MAX_FILES || formats.length == 0 && count > 0) {
            throw BinaryFormatException.corrupt("line table of %d files".formatted(count));
        }
        List<File> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "";
            long folder = 0;
            for (int j = 0; j < formats.length; j += 2) {
                switch (formats[j]) {
                    case CONTENT_PATH -> name = text(in, formats[j + 1], is64Bit, strings);
                    case CONTENT_FOLDER -> folder = number(in, formats[j + 1]);
                    default -> skip(in, formats[j + 1], is64Bit);
                }
            }
            entries.add(new File(name, folder));
        }
        return entries;
    }

    private static String text(DwarfCursor in, int form, boolean is64Bit, Strings strings)
            throws BinaryFormatException {
        if (form == FORM_STRING) {
            return in.string(MAX_NAME_BYTES);
        }
        long at = is64Bit ? in.u64() : in.u32();
        return switch (form) {
            case FORM_LINE_STRP -> strings.line().string(at, MAX_NAME_BYTES);
            case FORM_STRP -> strings.general().string(at, MAX_NAME_BYTES);
            default -> throw BinaryFormatException.corrupt("name of form 0x%x".formatted(form));
        };
    }

    private static long number(DwarfCursor in, int form) throws BinaryFormatException {
        return switch (form) {
            case FORM_DATA1 -> in.u8();
            case FORM_DATA2 -> in.u16();
            case FORM_DATA4 -> in.u32();
            case FORM_DATA8 -> in.u64();
            case FORM_UDATA -> in.uleb();
            default -> throw BinaryFormatException.corrupt("number of form 0x%x".formatted(form));
        };
    }

    private static void skip(DwarfCursor in, int form, boolean is64Bit)
            throws BinaryFormatException {
        switch (form) {
            case FORM_DATA16 -> in.skip(16);
            case FORM_BLOCK -> in.skip(in.uleb());
            case FORM_STRING -> in.string(MAX_NAME_BYTES);
            case FORM_STRP, FORM_LINE_STRP -> in.skip(is64Bit ? 8 : 4);
            default -> number(in, form);
        }
    }
}
