package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.CfiFunction;
import jspy.binary.CfiSection;
import jspy.binary.CfiState;
import jspy.binary.Elf;
import jspy.binary.ElfSegment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compiles all call frame information of a file into an {@link UnwindTable}: tens of milliseconds a
 * large library, so never on a sampling thread. Where two functions claim an instruction, {@code
 * .eh_frame} is believed before {@code .debug_frame} and the lower start before the higher.
 */
final class UnwindTableBuilder {
    /** Numbers are 16 bits; a file with more different rules keeps the first ones. */
    private static final int MAX_RULES = 1 << 16;

    private static final int NO_RULE = 0;

    private final RuleCoder coder;
    private final List<long[]> code = new ArrayList<>();
    private long base = Long.MAX_VALUE;

    // rows as the functions gave them
    private int[] rowStarts = new int[1024];
    private char[] rowNumbers = new char[1024];
    private int rows;

    // functions: start, end, first row of each; sorted by a key of start and index
    private long[] functionEnds = new long[256];
    private int[] functionRows = new int[257];
    private long[] functionKeys = new long[256];
    private int functions;

    private final Map<RuleKey, Integer> numbers = new HashMap<>();
    private long[] rules = new long[128];
    private int ruleCount;
    private long lastFirst;
    private long lastSecond;
    private int lastNumber;

    private record RuleKey(long first, long second) {}

    private UnwindTableBuilder(Elf elf, Machine machine, Expressions expressions) {
        coder = new RuleCoder(machine, expressions);
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.LOAD && segment.isExecutable()) {
                long end = segment.address() + segment.memorySizeBytes();
                code.add(new long[] {segment.address(), end});
                base = Math.min(base, segment.address());
            }
        }
        number(0, 0);
    }

    static UnwindTable build(Elf elf, Machine machine, Expressions expressions)
            throws BinaryFormatException {
        UnwindTableBuilder builder = new UnwindTableBuilder(elf, machine, expressions);
        List<CfiSection> sections = new ArrayList<>();
        CfiSection.ehFrame(elf).ifPresent(sections::add);
        CfiSection.debugFrame(elf).ifPresent(sections::add);
        for (CfiSection section : sections) {
            builder.add(section);
        }
        return builder.table();
    }

    // internals

    private void add(CfiSection section) throws BinaryFormatException {
        coder.use(section);
        section.functions(
                function -> {
                    if (isCode(function)) {
                        addFunction(section, function);
                    }
                });
    }

    private void addFunction(CfiSection section, CfiFunction function) {
        if (functions == functionKeys.length) {
            functionKeys = Arrays.copyOf(functionKeys, functions * 2);
            functionEnds = Arrays.copyOf(functionEnds, functions * 2);
            functionRows = Arrays.copyOf(functionRows, functions * 2 + 1);
        }
        functionKeys[functions] = (function.start() - base) << 31 | functions;
        functionRows[functions] = rows;
        long end;
        try {
            end = section.rows(function, (address, state) -> addRow(function, address, state));
        } catch (BinaryFormatException e) {
            end = function.start();
        }
        functionEnds[functions] = end;
        functions++;
        functionRows[functions] = rows;
    }

    private boolean isCode(CfiFunction function) {
        if (functions == Integer.MAX_VALUE / 2) {
            return false;
        }
        for (long[] range : code) {
            if (function.start() >= range[0]
                    && function.end() <= range[1]
                    && function.end() - base <= 0xffffffffL) {
                return true;
            }
        }
        return false;
    }

    private void addRow(CfiFunction function, long address, CfiState state) {
        coder.code(function, state);
        if (rows == rowStarts.length) {
            rowStarts = Arrays.copyOf(rowStarts, rows * 2);
            rowNumbers = Arrays.copyOf(rowNumbers, rows * 2);
        }
        rowStarts[rows] = (int) (address - base);
        rowNumbers[rows++] = (char) number(coder.first(), coder.second());
    }

    private int number(long first, long second) {
        if (ruleCount > 0 && first == lastFirst && second == lastSecond) {
            return lastNumber;
        }
        RuleKey key = new RuleKey(first, second);
        Integer known = numbers.get(key);
        if (known == null) {
            if (ruleCount == MAX_RULES) {
                return NO_RULE;
            }
            if (ruleCount * 2 == rules.length) {
                rules = Arrays.copyOf(rules, rules.length * 2);
            }
            rules[ruleCount * 2] = first;
            rules[ruleCount * 2 + 1] = second;
            known = ruleCount++;
            numbers.put(key, known);
        }
        lastFirst = first;
        lastSecond = second;
        lastNumber = known;
        return known;
    }

    private UnwindTable table() {
        long[] order = Arrays.copyOf(functionKeys, functions);
        Arrays.sort(order);
        int[] starts = new int[rows + 2 * functions + 1];
        char[] chosen = new char[starts.length];
        int count = 0;
        long covered = 0; // distance from the base up to which something is known
        for (long key : order) {
            int function = (int) key & Integer.MAX_VALUE;
            long start = key >>> 31;
            long end = functionEnds[function] - base;
            if (end <= covered || end <= start) {
                continue;
            }
            if (start > covered) {
                count = append(starts, chosen, count, covered, NO_RULE);
            }
            for (int row = functionRows[function]; row < functionRows[function + 1]; row++) {
                long from = Integer.toUnsignedLong(rowStarts[row]);
                long to =
                        row + 1 < functionRows[function + 1]
                                ? Integer.toUnsignedLong(rowStarts[row + 1])
                                : end;
                if (to > covered && from < end) {
                    count = append(starts, chosen, count, Math.max(from, covered), rowNumbers[row]);
                }
            }
            covered = end;
        }
        count = append(starts, chosen, count, covered, NO_RULE);
        return new UnwindTable(
                functions == 0 ? 0 : base,
                Arrays.copyOf(starts, count),
                Arrays.copyOf(chosen, count),
                Arrays.copyOf(rules, ruleCount * 2));
    }

    private static int append(int[] starts, char[] chosen, int count, long start, int number) {
        if (count > 0 && chosen[count - 1] == (char) number) {
            return count;
        }
        starts[count] = (int) start;
        chosen[count] = (char) number;
        return count + 1;
    }
}
