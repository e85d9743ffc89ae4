package jspy.unwind;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Call frame instructions as objects: made at random, written as bytes, and followed in the slowest
 * way there is, from the first one anew for each address.
 */
final class ReferenceCfi {
    /**
     * What a register's column of {@code readelf} would say: {@code c-16}, {@code exp}, {@code u}.
     */
    private record State(String cfaBase, long cfaOffset, Map<Integer, String> columns) {
        State copy() {
            return new State(cfaBase, cfaOffset, new HashMap<>(columns));
        }
    }

    sealed interface Instruction {}

    record Advance(int bytes) implements Instruction {}

    record DefCfa(int register, long offset) implements Instruction {}

    record DefCfaRegister(int register) implements Instruction {}

    record DefCfaOffset(long offset) implements Instruction {}

    record DefCfaExpression(byte[] code) implements Instruction {}

    /** {@code text} is the column's new text; the other two are for writing it. */
    record Column(int register, String text, byte[] code) implements Instruction {}

    record Restore(int register, boolean isExtended) implements Instruction {}

    record Remember() implements Instruction {}

    record RestoreState() implements Instruction {}

    record Ignored(byte[] code) implements Instruction {}

    private final Machine machine;
    private final Random random;

    ReferenceCfi(Machine machine, Random random) {
        this.machine = machine;
        this.random = random;
    }

    /** Instructions that end in no error. */
    List<Instruction> program(int count, boolean mayAdvance) {
        List<Instruction> program = new java.util.ArrayList<>();
        int depth = 0;
        for (int i = 0; i < count; i++) {
            Instruction next = instruction(mayAdvance, depth > 0);
            depth += next instanceof Remember ? 1 : next instanceof RestoreState ? -1 : 0;
            program.add(next);
        }
        return program;
    }

    byte[] bytes(List<Instruction> program) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        program.forEach(instruction -> out.writeBytes(bytes(instruction)));
        return out.toByteArray();
    }

    /** In the words of {@link TableRows}, what holds {@code distance} bytes into the function. */
    String at(List<Instruction> common, List<Instruction> program, long distance) {
        State initial = follow(common, new State("r0", 0, new HashMap<>()), null, Long.MAX_VALUE);
        State state = follow(program, initial.copy(), initial, distance);
        if (column(state, machine.returnAddress()).equals("undefined")) {
            return "root";
        }
        String cfa =
                state.cfaBase().equals("exp")
                        ? "exp"
                        : name(state.cfaBase()) + "%+d".formatted(state.cfaOffset());
        return ReadelfRows.text(
                cfa,
                shown(column(state, machine.framePointer())),
                shown(column(state, machine.returnAddress())));
    }

    // internals

    private static String column(State state, int register) {
        return state.columns().getOrDefault(register, "u");
    }

    private static String shown(String column) {
        return column.equals("undefined") ? "u" : column;
    }

    private String name(String base) {
        return TableRows.name(Integer.parseInt(base.substring(1)), machine);
    }

    private static State follow(
            List<Instruction> program, State start, State initial, long distance) {
        State state = start;
        Deque<State> remembered = new ArrayDeque<>();
        long location = 0;
        for (Instruction instruction : program) {
            switch (instruction) {
                case Advance(int bytes) -> {
                    location += bytes;
                    if (location > distance) {
                        return state;
                    }
                }
                case DefCfa(int register, long offset) ->
                        state = new State("r" + register, offset, state.columns());
                case DefCfaRegister(int register) ->
                        state = new State("r" + register, state.cfaOffset(), state.columns());
                case DefCfaOffset(long offset) ->
                        state = new State(state.cfaBase(), offset, state.columns());
                case DefCfaExpression(byte[] code) ->
                        state = new State("exp", state.cfaOffset(), state.columns());
                case Column(int register, String text, byte[] code) ->
                        state.columns().put(register, text);
                case Restore(int register, boolean isExtended) -> {
                    if (initial != null && initial.columns().containsKey(register)) {
                        state.columns().put(register, initial.columns().get(register));
                    } else {
                        state.columns().remove(register);
                    }
                }
                case Remember() -> remembered.push(state.copy());
                case RestoreState() -> state = remembered.pop();
                case Ignored(byte[] code) -> {}
            }
        }
        return state;
    }

    private Instruction instruction(boolean mayAdvance, boolean mayRestore) {
        int[] interesting = {machine.framePointer(), machine.returnAddress(), 3, 12, 0};
        int register = interesting[random.nextInt(interesting.length)];
        int general = random.nextInt(machine.hasLinkRegister() ? 32 : 16);
        long offset = random.nextInt(4) == 0 ? random.nextInt(1 << 20) : random.nextInt(256);
        return switch (random.nextInt(mayAdvance ? 16 : 9)) {
            case 0 -> new DefCfa(general, offset);
            case 1 -> new DefCfaOffset(offset);
            case 2 -> new DefCfaRegister(general);
            case 3 -> new Column(register, "c%+d".formatted(offset * -8), offset(register, offset));
            case 4 -> column(register, general, offset);
            case 5 -> column(register, general, offset);
            case 6 -> new Ignored(random.nextBoolean() ? new byte[] {0} : join(0x2e, offset));
            case 7 -> new DefCfaExpression(expression());
            case 8 -> new Column(register, "u", join(0x08, register));
            case 9 -> new Restore(register, random.nextBoolean());
            case 10 -> new Remember();
            case 11 -> mayRestore ? new RestoreState() : new Remember();
            default ->
                    new Advance(random.nextInt(8) == 0 ? random.nextInt(3000) : random.nextInt(63));
        };
    }

    private Column column(int register, int general, long offset) {
        return switch (random.nextInt(6)) {
            case 0 -> new Column(register, "undefined", join(0x07, register));
            case 1 ->
                    new Column(
                            register,
                            TableRows.name(general, machine),
                            concat(join(0x09, register), CfiFiles.uleb(general)));
            case 2 ->
                    new Column(
                            register,
                            "v%+d".formatted(offset * -8),
                            concat(join(0x14, register), CfiFiles.uleb(offset)));
            case 3 -> new Column(register, "exp", concat(join(0x10, register), block()));
            case 4 -> new Column(register, "vexp", concat(join(0x16, register), block()));
            default ->
                    new Column(
                            register,
                            "c%+d".formatted(offset * 8),
                            concat(join(0x11, register), CfiFiles.sleb(-offset)));
        };
    }

    private byte[] offset(int register, long offset) {
        return random.nextBoolean()
                ? concat(new byte[] {(byte) (0x80 | register)}, CfiFiles.uleb(offset))
                : concat(join(0x05, register), CfiFiles.uleb(offset));
    }

    private byte[] block() {
        byte[] code = expression();
        return concat(CfiFiles.uleb(code.length), code);
    }

    private byte[] expression() {
        byte[] code = new byte[1 + random.nextInt(6)];
        random.nextBytes(code);
        return code;
    }

    private byte[] bytes(Instruction instruction) {
        return switch (instruction) {
            case Advance(int bytes) -> advance(bytes);
            case DefCfa(int register, long offset) ->
                    offset % 8 == 0 && random.nextBoolean()
                            ? concat(join(0x12, register), CfiFiles.sleb(offset / -8))
                            : concat(join(0x0c, register), CfiFiles.uleb(offset));
            case DefCfaRegister(int register) -> join(0x0d, register);
            case DefCfaOffset(long offset) ->
                    offset % 8 == 0 && random.nextBoolean()
                            ? concat(new byte[] {0x13}, CfiFiles.sleb(offset / -8))
                            : join(0x0e, offset);
            case DefCfaExpression(byte[] code) -> concat(join(0x0f, code.length), code);
            case Column(int register, String text, byte[] code) -> code;
            case Restore(int register, boolean isExtended) ->
                    isExtended ? join(0x06, register) : new byte[] {(byte) (0xc0 | register)};
            case Remember() -> new byte[] {0x0a};
            case RestoreState() -> new byte[] {0x0b};
            case Ignored(byte[] code) -> code;
        };
    }

    private byte[] advance(int bytes) {
        if (bytes < 0x40 && random.nextBoolean()) {
            return new byte[] {(byte) (0x40 | bytes)};
        }
        if (bytes < 0x100 && random.nextBoolean()) {
            return new byte[] {2, (byte) bytes};
        }
        return random.nextBoolean()
                ? new byte[] {3, (byte) bytes, (byte) (bytes >> 8)}
                : new byte[] {4, (byte) bytes, (byte) (bytes >> 8), 0, 0};
    }

    private static byte[] join(int code, long operand) {
        return concat(new byte[] {(byte) code}, CfiFiles.uleb(operand));
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = java.util.Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
