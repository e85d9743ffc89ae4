package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.CfiFunction;
import jspy.binary.CfiIndex;
import jspy.binary.CfiSection;
import jspy.binary.Elf;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where functions begin that no symbol names: each has an entry in the unwind tables. So a stripped
 * function is one line of a profile, not one for every instruction that was seen. One thread.
 */
final class FunctionStarts {
    private final Optional<CfiSection> section;
    private final Optional<CfiIndex> index;

    FunctionStarts(Elf elf) {
        Optional<CfiSection> foundSection = Optional.empty();
        Optional<CfiIndex> foundIndex = Optional.empty();
        try {
            foundSection = CfiSection.ehFrame(elf);
            foundIndex = CfiIndex.of(elf);
        } catch (BinaryFormatException e) {
            // damaged: functions without a name go by address
        }
        section = foundSection;
        index = foundIndex;
    }

    /** First address of the function around an address, both before the load bias. */
    OptionalLong of(long address) {
        CfiFunction found = functionOrNull(address);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found.start());
    }

    /** The entry of the function around an address; null where there is none. */
    CfiFunction functionOrNull(long address) {
        if (section.isEmpty() || index.isEmpty()) {
            return null;
        }
        try {
            OptionalLong offset = index.get().find(address);
            if (offset.isPresent()) {
                Optional<CfiFunction> found = section.get().functionAt(offset.getAsLong());
                if (found.isPresent() && found.get().contains(address)) {
                    return found.get();
                }
            }
        } catch (BinaryFormatException e) {
            // a damaged entry says nothing
        }
        return null;
    }

    /** The rows of a function that {@link #functionOrNull} found. */
    void rows(CfiFunction function, CfiSection.Rows rows) throws BinaryFormatException {
        section.orElseThrow().rows(function, rows);
    }
}
