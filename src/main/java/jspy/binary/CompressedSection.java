package jspy.binary;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A section that is stored compressed: {@code Elf64_Chdr}, elf.h, and a zlib stream. */
final class CompressedSection {
    /** {@code ELFCOMPRESS_ZLIB}, elf.h */
    private static final long ZLIB = 1;

    private static final int HEADER_BYTES = 24;

    /** Larger than what jspy reads of any file; a hostile one unfolds no further. */
    private static final int MAX_BYTES = 256 << 20;

    private static final int STEP_BYTES = 1 << 16;

    private CompressedSection() {}

    static MemorySegment read(Bytes stored, String name) throws BinaryFormatException {
        long type = stored.u32(0);
        long sizeBytes = stored.u64(8);
        if (type != ZLIB) {
            throw new BinaryFormatException(
                    BinaryFormatException.Kind.UNSUPPORTED,
                    "section %s is compressed by method %d; jspy reads zlib (1)"
                            .formatted(name, type));
        }
        if (sizeBytes < 0 || sizeBytes > MAX_BYTES) {
            throw BinaryFormatException.corrupt(
                    "section %s unfolds to %d bytes".formatted(name, sizeBytes));
        }
        long packedBytes = stored.sizeBytes() - HEADER_BYTES;
        byte[] packed =
                stored.segment(HEADER_BYTES, packedBytes, "section " + name)
                        .toArray(ValueLayout.JAVA_BYTE);
        return MemorySegment.ofArray(inflate(packed, (int) sizeBytes, name)).asReadOnly();
    }

    // internals

    /** Memory is taken as bytes come, not as the header promises them. */
    private static byte[] inflate(byte[] packed, int sizeBytes, String name)
            throws BinaryFormatException {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(packed);
            ByteArrayOutputStream out = new ByteArrayOutputStream(STEP_BYTES);
            byte[] step = new byte[STEP_BYTES];
            while (out.size() < sizeBytes && !inflater.finished()) {
                int got = inflater.inflate(step, 0, Math.min(STEP_BYTES, sizeBytes - out.size()));
                if (got == 0) {
                    break;
                }
                out.write(step, 0, got);
            }
            if (out.size() != sizeBytes) {
                throw BinaryFormatException.corrupt(
                        "section %s unfolds to %d bytes, not %d"
                                .formatted(name, out.size(), sizeBytes));
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw BinaryFormatException.corrupt(
                    "section %s is no zlib stream: %s".formatted(name, e.getMessage()));
        } finally {
            inflater.end();
        }
    }
}
