package jspy.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is committed is what tools/layoutgen makes of the headers that this machine has. */
class LayoutgenLiveTest {
    @Test
    void headersOfThisMachineGiveWhatIsCommitted() throws Exception {
        Path python = onPath("python3");
        Path compiler = onPath("cc");
        Assumptions.assumeTrue(python != null, "skipped: no python3 on the PATH");
        Assumptions.assumeTrue(compiler != null, "skipped: no C compiler cc on the PATH");

        List<String> command = new ArrayList<>();
        command.add(python.toString());
        command.addAll(List.of("tools/layoutgen/layoutgen.py", "all", "--check"));
        headers().forEach(folder -> command.add(folder.toString()));
        Process layoutgen = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(layoutgen.getInputStream().readAllBytes());

        assertEquals(0, layoutgen.waitFor(), said);
        List<String> same = said.lines().filter(line -> line.startsWith("same ")).toList();
        assertFalse(same.isEmpty(), said);
        said.lines().filter(line -> !line.startsWith("same ")).forEach(System.out::println);
        List<String> rest =
                LayoutJson.all().stream()
                        .map(LayoutJson::name)
                        .filter(
                                name ->
                                        same.stream()
                                                .noneMatch(l -> l.endsWith("/" + name + ".json")))
                        .toList();
        System.out.println("layouts not made again, no headers here: " + rest);
        assertTrue(
                same.stream().anyMatch(line -> line.contains("/generated/Python313.java")), said);
    }

    // internals

    private static Path onPath(String name) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Unpacked interpreters with headers beside them; pyenv's are found by layoutgen itself. */
    private static List<Path> headers() throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Python python : Python.all()) {
            Path home = python.executable().toRealPath().getParent();
            if (Files.isDirectory(home.resolve("include"))) {
                folders.add(home);
            }
        }
        String more = System.getenv("JSPY_HEADERS");
        if (more != null) {
            Stream.of(more.split(":")).map(Path::of).forEach(folders::add);
        }
        return folders;
    }
}
