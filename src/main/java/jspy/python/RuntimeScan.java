package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;
import jspy.process.Mapping;
import jspy.process.MemoryMaps;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Finds {@code _PyRuntime} in the data of a file that names neither the symbol nor the section: by
 * its cookie from 3.13 on, before by the word that points to an interpreter whose threads point
 * back to it.
 */
final class RuntimeScan {
    /** {@code _Py_Debug_Cookie}: "xdebugpy". Include/internal/pycore_debug_offsets.h */
    static final long COOKIE = 0x7970_6775_6265_6478L;

    /** No more of a file's data is looked at. */
    static final long MAX_SCAN_BYTES = 1L << 28;

    private static final byte[] DICT = "dict\0".getBytes(StandardCharsets.US_ASCII);

    private static final int PIECE_BYTES = 1 << 20;
    private static final int WORD_BYTES = 8;

    private final Peek peek;
    private final MemoryMaps maps;

    RuntimeScan(TargetMemory memory, MemoryMaps maps) {
        this.peek = new Peek(memory);
        this.maps = maps;
    }

    /** The address of a {@code _PyRuntime} with debug offsets. */
    OptionalLong byCookie(PythonFile file) {
        return search(file, (address, word) -> word == COOKIE ? address : 0);
    }

    /**
     * The address of the word that points to the newest interpreter of a version whose offsets are
     * known.
     */
    OptionalLong byInterpreter(PythonFile file, Offsets offsets) {
        boolean inRuntime = offsets.runtime().interpretersHead() != Offsets.ABSENT;
        return search(
                file,
                (address, word) ->
                        pointsBack(word, offsets) && (!inRuntime || isListOf(address, offsets))
                                ? address
                                : 0);
    }

    // internals

    @FunctionalInterface
    private interface Test {
        /** The address that was looked for, or 0. */
        long found(long address, long word);
    }

    private OptionalLong search(PythonFile file, Test test) {
        for (PythonFile.Range range : file.writable()) {
            long size = Math.min(range.sizeBytes(), MAX_SCAN_BYTES);
            long aligned = range.address() + WORD_BYTES - 1 & -WORD_BYTES;
            for (long at = aligned; at < range.address() + size; at += PIECE_BYTES) {
                int wanted = (int) Math.min(PIECE_BYTES, range.address() + size - at);
                byte[] piece = peek.bytes(at, wanted);
                if (piece.length == 0) {
                    break;
                }
                for (int i = 0; i + WORD_BYTES <= piece.length; i += WORD_BYTES) {
                    long found = test.found(at + i, Words.at(piece, i));
                    if (found != 0) {
                        return OptionalLong.of(found);
                    }
                }
            }
        }
        return OptionalLong.empty();
    }

    /**
     * Whether there is an interpreter state: its newest thread's {@code interp} is the interpreter
     * itself.
     */
    private boolean pointsBack(long interpreter, Offsets offsets) {
        if (!isData(interpreter)) {
            return false;
        }
        long thread = peek.pointer(interpreter + offsets.interpreter().threadsHead());
        return isData(thread)
                && peek.pointer(thread + offsets.thread().interp()) == interpreter
                && isDict(peek.pointer(interpreter + offsets.interpreter().modules()), offsets);
    }

    /** {@code sys.modules} is one: other objects that point to each other have none there. */
    private boolean isDict(long object, Offsets offsets) {
        long type = peek.pointer(object + offsets.objects().type());
        byte[] name = peek.bytes(peek.pointer(type + offsets.objects().typeName()), DICT.length);
        return Arrays.equals(name, DICT);
    }

    /**
     * Whether {@code head} is followed by {@code main} and {@code next_id}, as in _PyRuntime from
     * 3.7 on.
     */
    private boolean isListOf(long address, Offsets offsets) {
        long main = peek.pointer(address + WORD_BYTES);
        long nextId = peek.pointer(address + 2 * WORD_BYTES);
        return pointsBack(main, offsets) && nextId > 0 && nextId <= Integer.MAX_VALUE;
    }

    private boolean isData(long address) {
        return (address & WORD_BYTES - 1) == 0
                && address != 0
                && maps.at(address).filter(Mapping::isWritable).isPresent();
    }
}
