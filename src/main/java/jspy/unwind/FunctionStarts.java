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
        if (section.isEmpty() || index.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            OptionalLong offset = index.get().find(address);
            if (offset.isPresent()) {
                Optional<CfiFunction> found = section.get().functionAt(offset.getAsLong());
                if (found.isPresent() && found.get().contains(address)) {
                    return OptionalLong.of(found.get().start());
                }
            }
        } catch (BinaryFormatException e) {
            // a damaged entry says nothing
        }
        return OptionalLong.empty();
    }
}
