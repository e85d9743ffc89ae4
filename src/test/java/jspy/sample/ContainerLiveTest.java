package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.AttachCheck;
import jspy.process.Namespaces;
import jspy.process.ProcFiles;
import jspy.process.ThreadIds;
import jspy.profile.Frame;
import jspy.testing.Container;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Programs in namespaces of their own, looked at from outside. */
class ContainerLiveTest {
    static List<Arguments> shapes() {
        List<Arguments> all = new ArrayList<>();
        for (Python python : Python.from(8)) {
            if (!python.isWrapped() && python.minor() <= 14 && python.environment().isEmpty()) {
                for (Container.Shape shape : Container.Shape.values()) {
                    all.add(Arguments.of(python, shape));
                }
            }
        }
        return all;
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("shapes")
    void stacksThreadsAndFilesAreThoseOfTheProgram(Python python, Container.Shape shape)
            throws Exception {
        Program program = Program.named("named_threads");
        try (Container container = Container.start(shape, python, program)) {
            List<String> said = container.linesUpTo("end");
            Attachment attachment =
                    Attachment.to(new AttachCheck(ProcFiles.system()).attach(container.pid()));
            String version = attachment.runtime().version().toString();
            assertTrue(version.startsWith(python.version().replaceAll("[td]+$", "")), version);
            StackDump dump = attachment.dump(ReadMode.OWN_CORE, attachment.shortNames(), 128);
            assertTrue(dump.proved() || !attachment.proof().isAvailable());
            Set<Long> seen = new HashSet<>();
            for (StackDump.ThreadDump thread : dump.threads()) {
                seen.add(thread.hostThreadId());
                Frame root = thread.frames().getLast();
                assertTrue(!root.isMark(), thread.toString());
            }
            Set<Long> listed = new HashSet<>();
            for (int id : container.target().threads()) {
                listed.add((long) id);
            }
            assertEquals(listed, seen, "ids of threads as the host sees them");
            ThreadIds ids = container.target().threadIds();
            for (String line : said) {
                int inside = Integer.parseInt(line.split(" ")[0]);
                assertTrue(
                        listed.contains((long) ids.listedId(inside)),
                        "thread %d as the container sees it".formatted(inside));
            }
            Frame main = dump.threads().getFirst().frames().getLast();
            assertEquals("<module>", main.function());
            assertEquals(
                    shape == Container.Shape.PIDS ? "named_threads.py" : "program.py",
                    main.shortFile());
            assertNamespaces(container, shape);
        }
    }

    // internals

    private static void assertNamespaces(Container container, Container.Shape shape)
            throws Exception {
        List<String> foreign = Namespaces.foreign(container.target());
        assertEquals(shape.name().contains("PIDS"), foreign.contains("pid"));
        assertEquals(shape != Container.Shape.PIDS, foreign.contains("mnt"));
        if (shape.name().contains("PIDS")) {
            assertEquals(1, container.target().nativePid());
        }
        if (shape.name().endsWith("PIVOT")) {
            assertEquals("/", Namespaces.root(container.target()));
            assertTrue(!Files.exists(Path.of("/inner/program")));
        }
    }
}
