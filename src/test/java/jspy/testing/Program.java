package jspy.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of testdata/programs.
 *
 * @param lines its text; line 1 is at index 0
 */
public record Program(String name, Path file, List<String> lines) {

    /** The program of that name, without {@code .py}. */
    public static Program named(String name) throws IOException {
        Path base = Path.of(System.getProperty("jspy.basedir", ".")).toAbsolutePath().normalize();
        Path file = base.resolve("testdata/programs").resolve(name + ".py");
        return new Program(name, file, Files.readAllLines(file));
    }

    /** Runs it and waits until it says that it is ready. */
    public LivePython start(Python python, String... arguments) throws IOException {
        return LivePython.start(command(python, arguments));
    }

    /** The same, to be stopped by ptrace. */
    public LivePython startTraceable(Python python, String... arguments) throws IOException {
        return LivePython.startTraceable(command(python, arguments));
    }

    /** The number of the line that carries {@code # here NAME}. */
    public int line(String mark) {
        return lineEnding("# here " + mark);
    }

    /** The number of the only line that ends so. */
    public int lineEnding(String end) {
        int found = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith(end)) {
                if (found != 0) {
                    throw new IllegalArgumentException(name + ": two lines end in " + end);
                }
                found = i + 1;
            }
        }
        if (found == 0) {
            throw new IllegalArgumentException(name + ": no line ends in " + end);
        }
        return found;
    }

    /** What may call what in it. */
    public CallGraph graph() {
        return CallGraph.of(this);
    }

    private ProcessBuilder command(Python python, String... arguments) {
        List<String> command = new ArrayList<>(List.of("-u", file.toString()));
        command.addAll(List.of(arguments));
        return python.command(command.toArray(String[]::new));
    }
}
