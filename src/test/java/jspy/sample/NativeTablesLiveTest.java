package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.os.Linux;
import jspy.process.CoreSeat;
import jspy.python.CodeIdentity;
import jspy.testing.Grandchild;
import jspy.testing.Python;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Unwind tables are built behind the first sample, and for what a program loads later, too. */
class NativeTablesLiveTest {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** Loads a library that nothing else has loaded, and goes on computing. */
    private static final String LOADS =
            """
            import posix, sys, time
            print('ready', flush=True)
            while sys.argv[1] not in posix.listdir(sys.argv[2]):
                time.sleep(0.01)
            import bz2
            data = bytes(range(256)) * 4096
            print('loaded', flush=True)
            while True: bz2.compress(data)
            """;

    @TempDir private Path folder;

    @Test
    void whatIsLoadedLaterGetsTablesToo() throws Exception {
        Python python = Python.from(11).getFirst();
        try (Grandchild target =
                Grandchild.start(
                        python.command("-u", "-S", "-c", LOADS, "go", folder.toString()))) {
            assertEquals("ready", target.line());
            Attachment attachment = Attachment.to(target.pid());
            SampleCounters counters = new SampleCounters();
            CodeTable codes = new CodeTable(new CodeIdentity(attachment.runtime().offsets()));
            List<GilDomain> domains = GilDomain.all(attachment.memory(), attachment.runtime());
            CoreSeat seat = new CoreSeat(new Linux());
            try (NativeSampling sampling =
                    new NativeSampling(attachment, ThreadFilter.ALL, false)) {
                StackSource reader =
                        sampling.over(
                                attachment.reader(
                                        attachment.memory(),
                                        domains,
                                        seat,
                                        codes,
                                        counters,
                                        ReadMode.OWN_CORE),
                                domains,
                                seat,
                                codes,
                                counters);
                assertFalse(sampling.code().modules().isReady(), "not before the first sample");
                int before = sampling.code().modules().count();
                Files.createFile(folder.resolve("go"));
                assertEquals("loaded", target.line());
                long deadline = System.nanoTime() + PATIENCE_NANOS;
                boolean isSeen = false;
                while (!isSeen || !sampling.code().modules().isReady()) {
                    assertTrue(System.nanoTime() < deadline, "no tables of what was loaded");
                    reader.read();
                    isSeen |= sampling.code().modules().count() > before;
                }
                reader.close();
            }
        }
    }
}
