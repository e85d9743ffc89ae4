package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;

final class CollapsedTest {
    private final Collapsed writer = new Collapsed();

    @Test
    void smallProfileIsAsPySpyWritesIt() throws IOException {
        Golden.check("small.txt", Golden.text(writer, Profiles.small()));
    }

    @Test
    void processesAndThreadsAreFramesWhenAskedFor() throws IOException {
        Golden.check("small-grouped.txt", Golden.text(writer, Profiles.smallGrouped()));
    }

    @Test
    void hostileNamesStayInTheirLine() throws IOException {
        Golden.check("hostile.txt", Golden.text(writer, Profiles.hostile()));
    }

    @Test
    void nothingSeenIsAnEmptyFile() throws IOException {
        assertEquals("", Golden.text(writer, Profiles.empty()));
    }

    @Test
    void deepStackIsOneLine() throws IOException {
        String text = Golden.text(writer, Profiles.deep(10_000));
        assertEquals(2, text.lines().count());
        assertTrue(text.lines().allMatch(line -> line.split(";").length == 10_002));
    }
}
