package jspy.unwind;

import jspy.testing.Grandchild;
import jspy.testing.Python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Compares jspy's native stacks with gdb's on the same stopped process at random moments: {@code
 * tools/gdb [MOMENTS [WORD …]]}, of all CPythons and programs whose names have one of the words.
 */
final class GdbSuite {
    /** Of each program so many stacks that differ are shown. */
    private static final int SHOWN = 2;

    private int stacks;
    private int equal;
    private int short_;
    private int shortButRoot;
    private int differing;
    private int roots;
    private int guessed;
    private int shown;

    private GdbSuite() {}

    public static void main(String[] arguments) throws Exception {
        int moments = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        List<String> words =
                List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
        Path scratch = Files.createTempDirectory("jspy-gdb");
        GdbPrograms programs = new GdbPrograms(scratch);
        GdbSuite total = new GdbSuite();
        System.out.printf(
                "%-12s %-30s %6s %6s %10s %9s %7s %8s%n",
                "CPython",
                "program",
                "stacks",
                "equal",
                "gdb short",
                "differing",
                "to root",
                "guesses");
        for (Python python : Python.from(8)) {
            for (GdbPrograms.Program program : programs.of(python)) {
                String name = python + " " + program.name();
                if (!words.isEmpty() && words.stream().noneMatch(name::contains)) {
                    continue;
                }
                if (program.unavailable() != null) {
                    System.out.printf("%s: %s%n", name, program.unavailable());
                    continue;
                }
                GdbSuite one = new GdbSuite();
                try {
                    one.run(python, program, moments, scratch);
                } catch (IOException e) {
                    System.out.printf("%s: %s%n", name, e.getMessage());
                }
                one.print(python.version(), program.name());
                total.add(one);
            }
        }
        total.print("all", "");
        System.exit(total.differing == 0 ? 0 : 1);
    }

    // internals

    private void run(Python python, GdbPrograms.Program program, int moments, Path scratch)
            throws Exception {
        Random random = new Random(1);
        ProcessBuilder command = python.command(program.arguments().toArray(String[]::new));
        if (program.path() != null) {
            command.environment().put("PYTHONPATH", program.path().toString());
            command.environment().put("OPENBLAS_NUM_THREADS", "1");
        }
        try (Grandchild target = Grandchild.start(command)) {
            if (!target.line().equals("ready")) {
                throw new IOException("the program does not run");
            }
            for (int i = 0; i < moments; i++) {
                Thread.sleep(20 + random.nextInt(80));
                target.signal("STOP");
                Thread.sleep(20);
                Map<Integer, List<Long>> ours = OurStacks.of(target.pid());
                Map<Integer, Gdb.Stack> gdbs = Gdb.stacks(target.pid(), scratch);
                // a signal that waited may have been delivered meanwhile: then this is the moment
                Map<Integer, List<Long>> later = OurStacks.of(target.pid());
                CodeAround code = new CodeAround(target.pid());
                gdbs.forEach(
                        (thread, found) -> {
                            Gdb.Stack gdb =
                                    new Gdb.Stack(
                                            found.isWhole(),
                                            code.withoutGuesses(found.addresses()));
                            guessed += found.addresses().size() - gdb.addresses().size();
                            boolean isLater = gdb.addresses().equals(later.get(thread));
                            compare((isLater ? later : ours).get(thread), gdb, code);
                        });
                target.signal("CONT");
            }
        }
    }

    private void compare(List<Long> ours, Gdb.Stack gdb, CodeAround code) {
        stacks++;
        boolean isRoot = ours != null && ours.getLast() > 0;
        roots += isRoot ? 1 : 0;
        if (gdb.isWhole() && gdb.addresses().equals(ours)) {
            equal++;
            return;
        }
        if (!gdb.isWhole() && isRoot && gdb.addresses().size() <= ours.size()) {
            int common = gdb.addresses().size() - 1; // the last may be where gdb lost its way
            if (gdb.addresses().subList(0, common).equals(ours.subList(0, common))) {
                short_++;
                return;
            }
        }
        if (gdb.isWhole()) {
            differing++;
        } else {
            shortButRoot++;
        }
        if (shown++ < SHOWN) {
            show("gdb" + (gdb.isWhole() ? "" : " (short)"), gdb.addresses(), ours, code);
            show("jspy", ours, gdb.addresses(), code);
        }
    }

    /** Where two stacks part: some frames before and behind. */
    private static void show(String whose, List<Long> stack, List<Long> other, CodeAround code) {
        List<Long> mine = stack == null ? List.of() : stack;
        int same = 0;
        while (other != null
                && same < Math.min(mine.size(), other.size())
                && mine.get(same).equals(other.get(same))) {
            same++;
        }
        List<String> shownFrames =
                mine.subList(Math.max(0, same - 3), Math.min(mine.size(), same + 4)).stream()
                        .map(at -> at <= 0 ? "[" + at + "]" : code.name(at))
                        .toList();
        System.out.printf(
                "  %s: %d frames, the first %d the same; there: %s%n",
                whose, mine.size(), same, shownFrames);
    }

    private void add(GdbSuite other) {
        stacks += other.stacks;
        equal += other.equal;
        short_ += other.short_;
        shortButRoot += other.shortButRoot;
        differing += other.differing;
        roots += other.roots;
        guessed += other.guessed;
    }

    private void print(String python, String program) {
        System.out.printf(
                "%-12s %-30s %6d %6d %10s %9d %7d %8d%n",
                python,
                program,
                stacks,
                equal,
                short_ + (shortButRoot == 0 ? "" : " (" + shortButRoot + " other)"),
                differing,
                roots,
                guessed);
    }
}
