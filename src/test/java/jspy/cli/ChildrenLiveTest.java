package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Children that come and go while a recording runs, and processes that become other programs. */
@Timeout(120)
final class ChildrenLiveTest {
    /** Each child lives for 0.3 s of CPU time, beside one that is no Python and lives longer. */
    private static final String STARTS_CHILDREN =
            """
            import subprocess, sys
            child = '''
            import time
            def child%d():
                end = time.process_time() + 0.5
                while time.process_time() < end: pass
            child%d()
            '''
            print("ready")
            sys.stdin.readline()
            for i in range(6):
                subprocess.Popen(["sleep", "2"])
                subprocess.run([sys.executable, "-S", "-c", child % (i, i)])
            """;

    private static final String FORKS_AND_BECOMES_ANOTHER =
            """
            import os, sys, time
            work = '''
            import time
            def %s():
                end = time.process_time() + 1
                while time.process_time() < end: pass
            %s()
            '''
            print("ready")
            sys.stdin.readline()
            exec(work.replace("%s", "before"))
            if os.fork() == 0:
                exec(work.replace("%s", "forked"))
                os._exit(0)
            os.wait()
            os.execv(sys.argv[1], [sys.argv[1], "-c", work.replace("%s", "after")])
            """;

    @TempDir private Path folder;

    @Test
    void aChildThatIsNoPythonDelaysNobody() throws Exception {
        ProcessBuilder command = Pythons.any().command("-u", "-c", STARTS_CHILDREN);
        String profile = record(command, "-s", "-F");
        Set<String> seen =
                Pattern.compile("child\\d (?=\\()")
                        .matcher(profile)
                        .results()
                        .map(found -> found.group().strip())
                        .collect(Collectors.toCollection(TreeSet::new));
        // before the five there is one for which jspy, young as it is, loads what attaching takes
        Set<String> wanted = Set.of("child1", "child2", "child3", "child4", "child5");
        assertTrue(seen.containsAll(wanted), () -> seen + " of these lines: " + profile);
    }

    @Test
    void forkAndExecAreFollowedAlsoIntoAnotherVersion() throws Exception {
        List<Python> pythons =
                Python.from(9).stream()
                        .filter(python -> python.minor() <= 14 && !python.isWrapped())
                        .filter(python -> python.environment().isEmpty())
                        .toList();
        ProcessBuilder command =
                pythons.getFirst()
                        .command(
                                "-u",
                                "-c",
                                FORKS_AND_BECOMES_ANOTHER,
                                pythons.getLast().executable().toString());
        String family = record(command, "-s", "-F");
        for (String function : List.of("before", "forked", "after")) {
            assertTrue(family.contains(";" + function + " (<string>:"), family);
        }
        String alone = record(command, "-F");
        for (String function : List.of("before", "after")) {
            assertTrue(alone.contains(";" + function + " (<string>:"), alone);
        }
        assertTrue(!alone.contains("forked"), alone);
    }

    // internals

    /** Starts it, records it until it ends; the raw profile. */
    private String record(ProcessBuilder command, String... options) throws Exception {
        Path file = folder.resolve("x.txt");
        try (LivePython target = LivePython.start(command)) {
            List<String> arguments =
                    new ArrayList<>(List.of("record", "-f", "raw", "-o", file.toString()));
            arguments.addAll(List.of(options));
            arguments.addAll(List.of("-p", Integer.toString(target.pid())));
            try (Jspy jspy = Jspy.start(arguments.toArray(String[]::new))) {
                jspy.awaitErr("sampling process");
                target.say("go");
                assertEquals(0, jspy.exitCode(), jspy.err());
            }
        }
        return Files.readString(file);
    }
}
