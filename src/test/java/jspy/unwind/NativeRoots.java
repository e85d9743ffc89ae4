package jspy.unwind;

import jspy.profile.NativeShare;
import jspy.profile.Profile;
import jspy.sample.NativeMode;
import jspy.sample.ThreadFilter;
import jspy.testing.Grandchild;
import jspy.testing.NativeRecording;
import jspy.testing.Python;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;

/**
 * Counts how many stacks of recordings reach the root, over all CPythons and the programs that are
 * compared with gdb: {@code tools/native/roots [SAMPLES [WORD …]]}.
 */
final class NativeRoots {
    private static final double RATE_HZ = 200;

    /** Issue 7: so many of a thousand. */
    private static final int WANTED_PER_MILLE = 995;

    private NativeRoots() {}

    public static void main(String[] arguments) throws Exception {
        int samples = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 100;
        String[] words =
                Arrays.copyOfRange(arguments, Math.min(1, arguments.length), arguments.length);
        GdbPrograms programs = new GdbPrograms(Files.createTempDirectory("jspy-roots"));
        System.out.printf(
                "%-12s %-30s %8s %9s %10s %13s%n",
                "CPython", "program", "stacks", "to root", "truncated", "Python alone");
        long[] total = new long[3];
        for (Python python : Python.from(8)) {
            for (GdbPrograms.Program program : programs.of(python)) {
                String name = python + " " + program.name();
                boolean isWanted =
                        words.length == 0 || Arrays.stream(words).anyMatch(name::contains);
                if (isWanted && program.unavailable() != null) {
                    System.out.printf("%s: %s%n", name, program.unavailable());
                } else if (isWanted) {
                    count(python, program, samples, total);
                }
            }
        }
        print("all", "", total[0], total[1], total[2]);
        double perMille = 1000.0 * total[2] / total[0];
        System.out.printf("%.2f per mille reach the root%n", perMille);
        System.exit(perMille >= WANTED_PER_MILLE ? 0 : 1);
    }

    // internals

    private static void count(
            Python python, GdbPrograms.Program program, int samples, long[] total) {
        ProcessBuilder command = python.command(program.arguments().toArray(String[]::new));
        if (program.path() != null) {
            command.environment().put("PYTHONPATH", program.path().toString());
            command.environment().put("OPENBLAS_NUM_THREADS", "1");
        }
        try (Grandchild target = Grandchild.start(command)) {
            if (!target.line().equals("ready")) {
                throw new IOException("the program does not run");
            }
            Profile profile =
                    NativeRecording.of(
                            target.pid(), RATE_HZ, NativeMode.ALL, ThreadFilter.ALL, samples);
            NativeShare natives = profile.accuracy().natives();
            long stacks = profile.accuracy().stacks();
            print(python.version(), program.name(), stacks, natives.merged(), natives.reached());
            total[0] += stacks;
            total[1] += natives.merged();
            total[2] += natives.reached();
        } catch (Exception e) {
            System.out.printf("%s %s: %s%n", python, program.name(), e);
        }
    }

    private static void print(String python, String program, long stacks, long merged, long roots) {
        System.out.printf(
                "%-12s %-30s %8d %9d %10d %13d%n",
                python, program, stacks, roots, merged - roots, stacks - merged);
    }
}
