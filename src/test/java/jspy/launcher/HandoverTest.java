package jspy.launcher;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The flags of the Java that is handed over to. */
final class HandoverTest {
    @Test
    void fastRateHasTheOptimizingCompiler() {
        String limit = "-XX:TieredStopAtLevel=1";
        for (String slow :
                List.of("record", "record -r 1999", "record -r", "x -- -r 5000", "-r x")) {
            assertTrue(Handover.flags(slow.split(" ")).contains(limit), slow);
        }
        for (String fast : List.of("record -r 2000", "--rate 9999", "--rate=2000", "-r5000")) {
            assertFalse(Handover.flags(fast.split(" ")).contains(limit), fast);
        }
    }

    @Test
    void moreIsInlinedWhereManySamplesPayForIt() {
        String inlining = "-XX:C1MaxInlineSize=70";
        assertTrue(Handover.flags("record -r 1000".split(" ")).contains(inlining));
        for (String other : List.of("record -r 499", "dump -p 7", "record -r 2000")) {
            assertFalse(Handover.flags(other.split(" ")).contains(inlining), other);
        }
    }

    @Test
    void flagsAreThoseOfToolsJspy() throws IOException {
        Path script = Path.of(System.getProperty("jspy.basedir"), "tools", "jspy");
        String text = Files.readString(script);
        for (String rate : List.of("100", "1000", "5000")) {
            for (String flag : Handover.flags(new String[] {"record", "-r", rate})) {
                assertTrue(text.contains(flag), flag);
            }
        }
    }
}
