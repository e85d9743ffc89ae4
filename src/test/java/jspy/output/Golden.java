package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Profile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares what a writer writes with the committed file; what differs is written beside it as
 * {@code NAME.actual}, to be looked at and, if it is right, renamed.
 */
final class Golden {
    private static final Path FOLDER =
            Path.of(System.getProperty("jspy.basedir", ""), "src/test/resources/golden");

    private Golden() {}

    static void check(String name, String text) throws IOException {
        Path golden = FOLDER.resolve(name);
        Path actual = FOLDER.resolve(name + ".actual");
        Files.deleteIfExists(actual);
        String expected = Files.exists(golden) ? Files.readString(golden) : "";
        if (!expected.equals(text)) {
            Files.writeString(actual, text);
        }
        assertTrue(Files.exists(golden), "no golden file; look at " + actual);
        assertEquals(expected, text, "look at " + actual);
    }

    /** What the writer writes; it must be UTF-8 and the same twice. */
    static String text(ProfileWriter writer, Profile profile) throws IOException {
        ByteArrayOutputStream first = new ByteArrayOutputStream();
        writer.write(profile, first);
        ByteArrayOutputStream second = new ByteArrayOutputStream();
        writer.write(profile, second);
        String text =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(first.toByteArray()))
                        .toString();
        assertEquals(text, second.toString(StandardCharsets.UTF_8));
        return text;
    }
}
