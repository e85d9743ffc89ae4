package jspy.unwind;

import jspy.process.Mapping;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
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
                "no code");
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
                List<Mapping> code = code(target.pid());
                target.signal("CONT");
                gdbs.forEach(
                        (thread, found) -> {
                            Gdb.Stack gdb = inCode(found, code);
                            boolean isLater = gdb.addresses().equals(later.get(thread));
                            compare((isLater ? later : ours).get(thread), gdb);
                        });
            }
        }
    }

    private static List<Mapping> code(int pid) throws IOException {
        return TargetProcess.of(ProcFiles.system(), pid).maps().list().stream()
                .filter(Mapping::isExecutable)
                .toList();
    }

    /**
     * In the trampolines of -X perf, which have no call frame information, gdb takes the word that
     * they leave free for a return address: a frame that is in no code, and then goes on rightly.
     */
    private Gdb.Stack inCode(Gdb.Stack gdb, List<Mapping> code) {
        List<Long> addresses =
                gdb.addresses().stream()
                        .filter(
                                address ->
                                        code.stream()
                                                .anyMatch(
                                                        mapping ->
                                                                address >= mapping.start()
                                                                        && address < mapping.end()))
                        .toList();
        guessed += gdb.addresses().size() - addresses.size();
        return new Gdb.Stack(gdb.isWhole(), addresses);
    }

    private void compare(List<Long> ours, Gdb.Stack gdb) {
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
            System.out.printf(
                    "  gdb%s: %s%n", gdb.isWhole() ? "" : " (short)", hex(gdb.addresses()));
            System.out.printf("  jspy: %s%n", ours == null ? "nothing" : hex(ours));
        }
    }

    private static List<String> hex(List<Long> addresses) {
        return addresses.stream()
                .map(address -> address <= 0 ? "[" + address + "]" : Long.toHexString(address))
                .toList();
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
