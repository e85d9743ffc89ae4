package jspy.memory;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory of a process that is no more, put together from pieces of files: a core file's own, and
 * the program's files for what a core leaves out. Never changes once it is put together; {@link
 * #again} makes an instance for another thread.
 */
public final class PieceMemory implements TargetMemory {
    private final String how;
    private final TreeMap<Long, MemorySegment> pieces;

    /**
     * @param how for people: where it comes from
     */
    public PieceMemory(String how) {
        this(how, new TreeMap<>(Long::compareUnsigned));
    }

    private PieceMemory(String how, TreeMap<Long, MemorySegment> pieces) {
        this.how = how;
        this.pieces = pieces;
    }

    /** Puts a piece where nothing was put yet; what overlaps an earlier piece is left out. */
    public void put(long address, MemorySegment piece) {
        long at = address;
        long end = address + piece.byteSize();
        while (Long.compareUnsigned(at, end) < 0) {
            Map.Entry<Long, MemorySegment> below = pieces.floorEntry(at);
            if (below != null && holds(below, at)) {
                at = below.getKey() + below.getValue().byteSize();
                continue;
            }
            Long above = pieces.higherKey(at);
            long next = above == null || Long.compareUnsigned(above, end) > 0 ? end : above;
            pieces.put(at, piece.asSlice(at - address, next - at));
            at = next;
        }
    }

    /** The same memory for another thread. */
    public PieceMemory again() {
        return new PieceMemory(how, pieces);
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        int done = 0;
        while (done < length) {
            long at = address + done;
            Map.Entry<Long, MemorySegment> piece = pieces.floorEntry(at);
            if (piece == null || !holds(piece, at)) {
                return done > 0 ? done : FAULT;
            }
            long from = at - piece.getKey();
            long some = Math.min(length - done, piece.getValue().byteSize() - from);
            MemorySegment.copy(piece.getValue(), from, into, offset + done, some);
            done += (int) some;
        }
        return done;
    }

    @Override
    public int readAll(ReadList list, int first) {
        for (int i = first; i < list.count(); i++) {
            long length = list.lengthBytes(i);
            if (length > Integer.MAX_VALUE
                    || read(list.address(i), list.buffer(), list.offset(i), (int) length)
                            != length) {
                return i;
            }
        }
        return list.count();
    }

    @Override
    public String how() {
        return how;
    }

    @Override
    public void close() {}

    // internals

    private static boolean holds(Map.Entry<Long, MemorySegment> piece, long address) {
        long size = piece.getValue().byteSize();
        return Long.compareUnsigned(address - piece.getKey(), size) < 0;
    }
}
