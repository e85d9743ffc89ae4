package jspy.binary;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes ELF files with nothing but a segment of code and line tables of DWARF 2 to 5, at random,
 * and says in the slowest way there is which line an address has.
 */
final class LineFiles {
    static final long CODE = 0x10000;
    static final int CODE_BYTES = 0x100000;

    /** Where {@code .debug_line} begins in the file. */
    static final int LINES = 0x100;

    private static final int SECTIONS = 4;
    private static final int LINE_BASE = -5;
    private static final int LINE_RANGE = 14;
    private static final int OPCODE_BASE = 13;
    private static final int[] OPERANDS = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};

    /** One behind the last row is the end of its sequence. */
    record Row(long address, String path, int line, boolean isEnd) {}

    private final Random random;
    private final List<Row> rows = new ArrayList<>();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private long next = CODE;

    LineFiles(Random random) {
        this.random = random;
    }

    /** A file of so many units. */
    byte[] file(int units) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < units; i++) {
            lines.writeBytes(unit("unit" + i));
        }
        return elf(lines.toByteArray(), strings.toByteArray());
    }

    /** {@code path:line}; empty where the file says nothing. */
    String at(long address) {
        String found = "";
        Row before = null;
        for (Row row : rows) {
            boolean isCovered =
                    before != null
                            && !before.isEnd()
                            && before.address() <= address
                            && address < row.address();
            if (isCovered && before.line() > 0) {
                found = before.path() + ":" + before.line();
            }
            before = row;
        }
        return found;
    }

    List<Row> rows() {
        return rows;
    }

    /** One behind the last address that has a line. */
    long end() {
        return next;
    }

    // internals

    private byte[] unit(String name) {
        int version = 2 + random.nextInt(4);
        boolean is64Bit = random.nextInt(4) == 0;
        int unitBytes = 1 + random.nextInt(4);
        List<String> files = List.of(name + "/a.c", name + "/b.h", "/abs/" + name + ".pyx");
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.write(unitBytes);
        if (version >= 4) {
            head.write(1);
        }
        head.writeBytes(new byte[] {1, LINE_BASE, LINE_RANGE, OPCODE_BASE});
        for (int count : OPERANDS) {
            head.write(count);
        }
        head.writeBytes(version >= 5 ? newFiles(files, is64Bit) : oldFiles(files));
        int first = version >= 5 ? 0 : 1;
        byte[] program = program(files, first, unitBytes);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(number(version, 2));
        if (version >= 5) {
            body.writeBytes(new byte[] {8, 0});
        }
        body.writeBytes(number(head.size(), is64Bit ? 8 : 4));
        body.writeBytes(head.toByteArray());
        body.writeBytes(program);
        ByteArrayOutputStream unit = new ByteArrayOutputStream();
        if (is64Bit) {
            unit.writeBytes(number(0xffffffffL, 4));
        }
        unit.writeBytes(number(body.size(), is64Bit ? 8 : 4));
        unit.writeBytes(body.toByteArray());
        return unit.toByteArray();
    }

    private static byte[] oldFiles(List<String> files) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0);
        for (String file : files) {
            out.writeBytes((file + "\0\0\0\0").getBytes(StandardCharsets.UTF_8));
        }
        out.write(0);
        return out.toByteArray();
    }

    /** The folder's name as a string, the files' in a section of their own. */
    private byte[] newFiles(List<String> files, boolean is64Bit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {1, 1, 0x08, 1, 0});
        out.writeBytes(new byte[] {2, 1, 0x1f, 2, 0x0b, (byte) files.size()});
        for (String file : files) {
            out.writeBytes(number(strings.size(), is64Bit ? 8 : 4));
            out.write(0);
            strings.writeBytes((file + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return out.toByteArray();
    }

    private byte[] program(List<String> files, int first, int unitBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int sequences = 1 + random.nextInt(3); sequences > 0; sequences--) {
            long address = next + random.nextInt(64);
            int file = 0;
            int line = 1;
            out.writeBytes(new byte[] {0, 9, 2});
            out.writeBytes(number(address, 8));
            out.writeBytes(new byte[] {4, (byte) first});
            for (int count = 1 + random.nextInt(20); count > 0; count--) {
                int advance = unitBytes * random.nextInt(random.nextInt(6) == 0 ? 5000 : 12);
                int lines =
                        Math.max(1 - line, random.nextInt(random.nextInt(6) == 0 ? 4000 : 9) - 4);
                if (random.nextInt(5) == 0) {
                    file = random.nextInt(files.size());
                    out.writeBytes(new byte[] {4, (byte) (first + file)});
                }
                if (random.nextInt(8) == 0) {
                    out.writeBytes(nothing());
                }
                address += advance;
                line += lines;
                out.writeBytes(step(advance / unitBytes, lines, unitBytes));
                rows.add(new Row(address, files.get(file), line, false));
            }
            address += unitBytes * (1 + random.nextInt(8));
            out.writeBytes(advance((int) (address - rows.getLast().address()) / unitBytes));
            out.writeBytes(new byte[] {0, 1, 1});
            rows.add(new Row(address, "", 0, true));
            next = address;
        }
        return out.toByteArray();
    }

    /** To the next row, in one of the ways there are. */
    private byte[] step(int operations, int lines, int unitBytes) {
        int special = OPCODE_BASE + lines - LINE_BASE + LINE_RANGE * operations;
        boolean isSpecial = lines >= LINE_BASE && lines < LINE_BASE + LINE_RANGE && special <= 255;
        if (isSpecial && random.nextInt(4) != 0) {
            return new byte[] {(byte) special};
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = operations;
        int constant = (255 - OPCODE_BASE) / LINE_RANGE;
        if (left >= constant && random.nextBoolean()) {
            out.write(8);
            left -= constant;
        }
        if (left * unitBytes < 0x10000 && random.nextInt(4) == 0) {
            out.write(9);
            out.writeBytes(number(left * unitBytes, 2));
        } else {
            out.writeBytes(advance(left));
        }
        out.write(3);
        out.writeBytes(sleb(lines));
        out.write(1);
        return out.toByteArray();
    }

    private static byte[] advance(int operations) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(2);
        out.writeBytes(uleb(operations));
        return out.toByteArray();
    }

    /** What says nothing of addresses and lines. */
    private byte[] nothing() {
        return switch (random.nextInt(4)) {
            case 0 -> new byte[] {5, 7}; // column
            case 1 -> new byte[] {6, 7, 10, 11}; // statement, block, prologue, epilogue
            case 2 -> new byte[] {12, 1}; // instruction set
            default -> new byte[] {0, 2, 4, 9}; // discriminator
        };
    }

    static byte[] elf(byte[] lines, byte[] strings) {
        byte[] names =
                "\0.debug_line\0.debug_line_str\0.shstrtab\0".getBytes(StandardCharsets.UTF_8);
        int stringsAt = LINES + lines.length;
        int namesAt = stringsAt + strings.length;
        int headersAt = (namesAt + names.length + 7) & -8;
        ByteBuffer file =
                ByteBuffer.allocate(headersAt + SECTIONS * 64).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(16, (short) 3)
                .putShort(18, (short) 62)
                .putLong(32, 64)
                .putLong(40, headersAt);
        file.putShort(54, (short) 56).putShort(56, (short) 1);
        file.putShort(58, (short) 64).putShort(60, (short) SECTIONS).putShort(62, (short) 3);
        file.putInt(64, 1).putInt(68, 5).putLong(80, CODE).putLong(104, CODE_BYTES);
        file.put(LINES, lines).put(stringsAt, strings).put(namesAt, names);
        section(file, headersAt + 64, 1, LINES, lines.length);
        section(file, headersAt + 128, 13, stringsAt, strings.length);
        section(file, headersAt + 192, 29, namesAt, names.length);
        return file.array();
    }

    private static void section(ByteBuffer file, int at, int name, long offset, long sizeBytes) {
        file.putInt(at, name)
                .putInt(at + 4, 1)
                .putLong(at + 24, offset)
                .putLong(at + 32, sizeBytes);
    }

    private static byte[] number(long value, int lengthBytes) {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (value >>> 8 * i);
        }
        return bytes;
    }

    private static byte[] uleb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long left = value; left > 0x7f; left >>>= 7) {
            out.write((int) left & 0x7f | 0x80);
            value = left >>> 7;
        }
        out.write((int) value & 0x7f);
        return out.toByteArray();
    }

    private static byte[] sleb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        while (left < -64 || left > 63) {
            out.write((int) left & 0x7f | 0x80);
            left >>= 7;
        }
        out.write((int) left & 0x7f);
        return out.toByteArray();
    }
}
