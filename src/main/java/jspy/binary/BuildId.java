package jspy.binary;

import java.util.HexFormat;
import java.util.Optional;

/**
 * The build id among notes: {@code Elf64_Nhdr} of type {@code NT_GNU_BUILD_ID} and owner {@code
 * GNU}, elf.h
 */
final class BuildId {
    private static final int MAX_NOTES = 4096;
    private static final long TYPE = 3;
    private static final byte[] OWNER = {'G', 'N', 'U'};
    private static final int MAX_ID_BYTES = 64;

    private BuildId() {}

    /** In lower-case hex, or empty: what is not a note ends the search. */
    static Optional<String> find(Bytes notes) throws BinaryFormatException {
        long at = 0;
        for (int i = 0; i < MAX_NOTES && notes.has(at, 12); i++) {
            long nameBytes = notes.u32(at);
            long idBytes = notes.u32(at + 4);
            long type = notes.u32(at + 8);
            long idAt = at + 12 + aligned(nameBytes);
            if (type == TYPE && nameBytes == 4 && notes.isString(at + 12, OWNER)) {
                if (idBytes == 0 || idBytes > MAX_ID_BYTES || !notes.has(idAt, idBytes)) {
                    return Optional.empty();
                }
                return Optional.of(hex(notes, idAt, (int) idBytes));
            }
            at = idAt + aligned(idBytes);
        }
        return Optional.empty();
    }

    // internals

    private static long aligned(long bytes) {
        return (bytes + 3) & ~3L;
    }

    private static String hex(Bytes notes, long at, int lengthBytes) throws BinaryFormatException {
        byte[] id = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            id[i] = (byte) notes.u8(at + i);
        }
        return HexFormat.of().formatHex(id);
    }
}
