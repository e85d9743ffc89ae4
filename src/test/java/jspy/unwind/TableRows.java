package jspy.unwind;

import jspy.unwind.ReadelfRows.Row;

import java.util.ArrayList;
import java.util.List;

/** A table in the words of {@link ReadelfRows}. */
final class TableRows {
    private static final String[] X86_64 = {
        "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12",
        "r13", "r14", "r15", "rip"
    };

    private TableRows() {}

    static List<Row> of(UnwindTable table, Machine machine) {
        List<Row> rows = new ArrayList<>();
        ReadelfRows.append(rows, new Row(0, ""));
        for (int i = 0; i < table.rows(); i++) {
            int number = table.number(i);
            ReadelfRows.append(
                    rows,
                    new Row(
                            table.start(i),
                            text(table.first(number), table.second(number), machine)));
        }
        return rows;
    }

    static String text(long first, long second, Machine machine) {
        return switch (Rule.cfaKind(first)) {
            case Rule.NONE -> "";
            case Rule.UNKNOWN -> "unknown";
            case Rule.ROOT -> "root";
            default ->
                    ReadelfRows.text(
                            Rule.cfaKind(first) == Rule.EXPRESSION
                                    ? "exp"
                                    : "%s%+d"
                                            .formatted(
                                                    name(Rule.cfaRegister(first), machine),
                                                    Rule.cfaValue(first)),
                            saved(Rule.frameKind(first), Rule.frameValue(second), machine),
                            saved(Rule.returnKind(first), Rule.returnValue(second), machine));
        };
    }

    private static String saved(int kind, int value, Machine machine) {
        return switch (kind) {
            case Rule.AT_CFA -> "c%+d".formatted(value);
            case Rule.CFA_PLUS -> "v%+d".formatted(value);
            case Rule.IN_REGISTER -> name(value, machine);
            case Rule.AT_EXPRESSION -> "exp";
            case Rule.VALUE_EXPRESSION -> "vexp";
            default -> "u";
        };
    }

    static String name(int register, Machine machine) {
        if (machine == Machine.X86_64) {
            return X86_64[register];
        }
        return register == 31 ? "sp" : "x" + register;
    }
}
