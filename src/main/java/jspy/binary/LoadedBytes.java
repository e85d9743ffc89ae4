package jspy.binary;

import java.util.List;

/**
 * An ELF file's bytes by the address they are loaded at (before the load bias). The bytes are a
 * file's, or a copy of what a process has in memory, where offsets are distances from the first
 * segment and the loader may have made addresses absolute.
 */
final class LoadedBytes {
    private final Bytes bytes;
    private final List<ElfSegment> segments;
    private final boolean isImage;
    private final long imageBase;

    /**
     * @param imageAddress where the copied image lies in its process; without meaning for a file
     */
    LoadedBytes(Bytes bytes, List<ElfSegment> segments, boolean isImage, long imageAddress) {
        this.bytes = bytes;
        this.segments = segments;
        this.isImage = isImage;
        ElfSegment first = firstOrNull(ElfSegment.LOAD);
        long firstAddress = first == null ? 0 : first.address() - first.fileOffset();
        imageBase = isImage ? imageAddress - firstAddress : 0;
    }

    List<ElfSegment> segments() {
        return segments;
    }

    ElfSegment firstOrNull(int type) {
        for (ElfSegment segment : segments) {
            if (segment.type() == type) {
                return segment;
            }
        }
        return null;
    }

    Bytes contents(ElfSegment segment) throws BinaryFormatException {
        return isImage
                ? at(segment.address(), segment.memorySizeBytes())
                : bytes.slice(segment.fileOffset(), segment.fileSizeBytes(), "segment");
    }

    /** {@code lengthBytes} bytes that are loaded at {@code address}. */
    Bytes at(long address, long lengthBytes) throws BinaryFormatException {
        return bytes.slice(
                offset(address), lengthBytes, "range at address 0x%x".formatted(address));
    }

    /** All bytes from that address to the end of the file. */
    Bytes from(long address) throws BinaryFormatException {
        long offset = offset(address);
        return bytes.slice(
                offset, bytes.sizeBytes() - offset, "range at address 0x%x".formatted(address));
    }

    // internals

    private long offset(long address) throws BinaryFormatException {
        if (isImage) {
            ElfSegment first = firstOrNull(ElfSegment.LOAD);
            long linked = imageBase != 0 && address >= imageBase ? address - imageBase : address;
            return first == null ? linked : linked - first.address() + first.fileOffset();
        }
        for (ElfSegment segment : segments) {
            if (segment.type() == ElfSegment.LOAD && segment.holds(address)) {
                return address - segment.address() + segment.fileOffset();
            }
        }
        throw BinaryFormatException.corrupt(
                "no segment is loaded at address 0x%x".formatted(address));
    }
}
