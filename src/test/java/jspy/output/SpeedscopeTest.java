package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Accuracy;
import jspy.profile.FrameTable;
import jspy.profile.Profile;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;

final class SpeedscopeTest {
    private final Speedscope writer = new Speedscope();

    @Test
    void smallProfileIsAsExpected() throws IOException {
        Golden.check("small.speedscope.json", Golden.text(writer, Profiles.small()));
    }

    @Test
    void everyFilePassesSpeedscopesOwnSchema() throws IOException {
        for (Profile profile :
                List.of(
                        Profiles.small(),
                        Profiles.smallGrouped(),
                        Profiles.empty(),
                        Profiles.hostile(),
                        Profiles.deep(2_000))) {
            assertEquals(List.of(), SpeedscopeSchema.errors(Golden.text(writer, profile)));
        }
    }

    @Test
    void schemaRefusesWhatPySpyWrites() {
        String nullIndex =
                "{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\","
                        + "\"profiles\":[],\"shared\":{\"frames\":[]},\"activeProfileIndex\":null}";
        assertEquals(1, SpeedscopeSchema.errors(nullIndex).size());
    }

    @Test
    void weightsAddUpToTheRecordingOnOneClock() throws IOException {
        for (JsonNode thread : read(Profiles.small()).get("profiles")) {
            long sum = 0;
            for (JsonNode weight : thread.get("weights")) {
                sum += weight.longValue();
            }
            assertEquals(1_000_000_000L, sum);
            assertEquals(sum, thread.get("endValue").longValue());
            assertEquals(thread.get("weights").size(), thread.get("samples").size());
        }
    }

    @Test
    void threadsHaveTheNamesKnownAtTheEnd() throws IOException {
        JsonNode profiles = read(Profiles.smallGrouped()).get("profiles");
        assertEquals(
                "Process 1625 Thread 1625 \"MainThread\"", profiles.get(0).get("name").asString());
        assertEquals(
                "Process 1625 Thread 1626 \"worker-é中\"", profiles.get(1).get("name").asString());
    }

    @Test
    void accuracyIsInTheFile() throws IOException {
        JsonNode accuracy = read(Profiles.small()).get("jspy").get("accuracy");
        assertEquals(96, accuracy.get("provedPercent").doubleValue());
        assertEquals("own core (rseq)", accuracy.get("provedHow").asString());
    }

    @Test
    void profileWithoutTimesIsRefused() {
        Profile profile =
                new Profile(
                        "0",
                        List.of(),
                        Instant.EPOCH,
                        0,
                        new FrameTable(),
                        new StackTrie(),
                        List.of(ThreadLog.countsOnly(1, 17, 0)),
                        Accuracy.builder().build(),
                        List.of(),
                        false,
                        false);
        IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> writer.write(profile, OutputStream.nullOutputStream()));
        assertTrue(refused.getMessage().contains("thread 17"));
    }

    @Test
    void fullDiskIsAnIoException() {
        OutputStream full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        IOException failure =
                assertThrows(IOException.class, () -> writer.write(Profiles.small(), full));
        assertEquals("No space left on device", failure.getMessage());
    }

    private JsonNode read(Profile profile) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(profile, out);
        return JsonMapper.shared().readTree(out.toByteArray());
    }
}
