package jspy.binary;

import java.util.ArrayList;
import java.util.List;

/** Reads the two tables of contents of an ELF file: program headers and section headers. */
final class ElfTables {
    /**
     * {@code PN_XNUM}, {@code SHN_XINDEX}, elf.h: the number did not fit and is in section header
     * 0.
     */
    private static final int SEE_SECTION_ZERO = 0xffff;

    private static final long MAX_HEADERS = 65_536;

    private ElfTables() {}

    static List<ElfSegment> segments(Bytes bytes, ElfHeader header) throws BinaryFormatException {
        long count = header.programHeaderCount();
        if (count == SEE_SECTION_ZERO) {
            count = bytes.u32(header.sectionHeaderOffset() + 44);
        }
        if (count == 0) {
            return List.of();
        }
        int step = header.programHeaderSizeBytes();
        if (step < ElfSegment.SIZE_BYTES
                || count > MAX_HEADERS
                || !bytes.has(header.programHeaderOffset(), count * step)) {
            throw BinaryFormatException.corrupt(
                    "%d program headers of %d bytes at 0x%x do not fit into the file"
                            .formatted(count, step, header.programHeaderOffset()));
        }
        List<ElfSegment> segments = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            segments.add(ElfSegment.read(bytes, header.programHeaderOffset() + i * step));
        }
        return List.copyOf(segments);
    }

    /**
     * No sections when their table is missing or damaged: the kernel and the loader do not look at
     * it either.
     */
    static List<ElfSection> sections(Bytes bytes, ElfHeader header) throws BinaryFormatException {
        long start = header.sectionHeaderOffset();
        int step = header.sectionHeaderSizeBytes();
        if (start <= 0 || step < ElfSection.SIZE_BYTES || !bytes.has(start, step)) {
            return List.of();
        }
        long count =
                header.sectionHeaderCount() == 0
                        ? bytes.u64(start + 32)
                        : header.sectionHeaderCount();
        if (count <= 0 || count > MAX_HEADERS || !bytes.has(start, count * step)) {
            return List.of();
        }
        long namesIndex =
                header.sectionNamesIndex() == SEE_SECTION_ZERO
                        ? bytes.u32(start + 40)
                        : header.sectionNamesIndex();
        Bytes names = names(bytes, start, step, count, namesIndex);
        List<ElfSection> sections = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            sections.add(ElfSection.read(bytes, start + i * step, names));
        }
        return List.copyOf(sections);
    }

    // internals

    private static Bytes names(Bytes bytes, long start, int step, long count, long index)
            throws BinaryFormatException {
        if (index >= count) {
            return bytes.slice(0, 0, "section names");
        }
        long at = bytes.u64(start + index * step + 24);
        long sizeBytes = bytes.u64(start + index * step + 32);
        return bytes.has(at, sizeBytes)
                ? bytes.slice(at, sizeBytes, "section names")
                : bytes.slice(0, 0, "section names");
    }
}
