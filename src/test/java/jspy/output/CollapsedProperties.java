package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Profile;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class CollapsedProperties {
    /**
     * A line as flamegraph.pl reads it: a stack, then one count; a second number would be another
     * count.
     */
    private static final Pattern LINE = Pattern.compile("(.*) (\\d+)");

    private static final Pattern SECOND_COUNT = Pattern.compile(".*\\s\\d+(\\.\\d*)?");

    @Property(tries = 300)
    void linesAddUpWhateverTheNames(@ForAll HostileProfile hostile) throws IOException {
        Profile profile = hostile.profile();
        long sum = 0;
        for (String line : Golden.text(new Collapsed(), profile).split("\n")) {
            if (!line.isEmpty()) {
                Matcher matcher = LINE.matcher(line);
                assertTrue(matcher.matches(), line);
                assertTrue(line.chars().noneMatch(Character::isISOControl), line);
                assertTrue(!SECOND_COUNT.matcher(matcher.group(1)).matches(), line);
                assertTrue(matcher.group(1).split(";", -1).length <= hostile.depth(), line);
                sum += Long.parseLong(matcher.group(2));
            }
        }
        assertEquals(hostile.samples(), sum);
    }
}
