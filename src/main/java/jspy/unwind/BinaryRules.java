package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.CfiFunction;
import jspy.binary.CfiIndex;
import jspy.binary.CfiSection;
import jspy.binary.Elf;
import jspy.binary.ElfHeader;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How to unwind out of the code of one binary, shared by all who look at processes that have it
 * loaded: its {@link UnwindTable} once that is built, until then single functions looked up in the
 * file. Addresses are the file's own. Any thread.
 */
final class BinaryRules implements CodeRules {
    private final Elf elf;
    private final Machine machine;
    private final Expressions expressions;
    private volatile UnwindTable table;

    // for single functions, under this object's lock
    private boolean isOpened;
    private CfiIndex index;
    private CfiSection section;
    private RuleCoder coder;
    private long foundFirst;
    private long foundSecond;

    BinaryRules(Elf elf, Expressions expressions) {
        this.elf = elf;
        this.expressions = expressions;
        machine =
                elf.header().machine() == ElfHeader.MACHINE_AARCH64
                        ? Machine.AARCH64
                        : Machine.X86_64;
    }

    Elf elf() {
        return elf;
    }

    @Override
    public Elf elfOrNull() {
        return elf;
    }

    Machine machine() {
        return machine;
    }

    @Override
    public boolean isTableReady() {
        return table != null;
    }

    /** Builds the table; of a file that cannot be read it has no rows. Not on a sampling thread. */
    @Override
    public void build() {
        if (table != null) {
            return;
        }
        try {
            table = UnwindTableBuilder.build(elf, machine, expressions);
        } catch (BinaryFormatException e) {
            table = new UnwindTable(0, new int[0], new char[0], new long[2]);
        }
    }

    /** Finds the rule for an instruction and puts it into the two longs from {@code at} on. */
    @Override
    public void find(long address, long[] into, int at) {
        UnwindTable ready = table;
        if (ready != null) {
            int number = ready.find(address);
            into[at] = ready.first(number);
            into[at + 1] = ready.second(number);
        } else {
            findSingle(address, into, at);
        }
    }

    UnwindTable table() {
        return table;
    }

    // internals

    private synchronized void findSingle(long address, long[] into, int at) {
        foundFirst = Rule.of(Rule.NONE);
        foundSecond = 0;
        try {
            open();
            if (index != null) {
                lookUp(address);
            }
        } catch (BinaryFormatException e) {
            // the table, when it is built, does without this entry too
        }
        into[at] = foundFirst;
        into[at + 1] = foundSecond;
    }

    private void open() throws BinaryFormatException {
        if (isOpened) {
            return;
        }
        isOpened = true;
        Optional<CfiSection> found = CfiSection.ehFrame(elf);
        Optional<CfiIndex> searchable = CfiIndex.of(elf);
        if (found.isPresent() && searchable.isPresent()) {
            section = found.get();
            coder = new RuleCoder(machine, expressions);
            coder.use(section);
            index = searchable.get();
        }
    }

    private void lookUp(long address) throws BinaryFormatException {
        OptionalLong offset = index.find(address);
        if (offset.isEmpty()) {
            return;
        }
        Optional<CfiFunction> found = section.functionAt(offset.getAsLong());
        if (found.isEmpty() || !found.get().contains(address)) {
            return;
        }
        CfiFunction function = found.get();
        long end =
                section.rows(
                        function,
                        (start, state) -> {
                            if (Long.compareUnsigned(start, address) <= 0) {
                                coder.code(function, state);
                                foundFirst = coder.first();
                                foundSecond = coder.second();
                            }
                        });
        if (Long.compareUnsigned(address, end) >= 0) {
            foundFirst = Rule.of(Rule.NONE);
            foundSecond = 0;
        }
    }
}
