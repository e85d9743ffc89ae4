package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Accuracy;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.Profile;
import jspy.profile.StackTrie;
import jspy.profile.Target;
import jspy.profile.ThreadLog;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class ChromeTraceTest {
    private final ChromeTrace writer = new ChromeTrace();
    private final FrameTable frames = new FrameTable();
    private final StackTrie stacks = new StackTrie();
    private final int f = stack(StackTrie.ROOT, "f");
    private final int fg = stack(f, "g");
    private final int fh = stack(f, "h");

    @Test
    void smallProfileIsAsExpected() throws IOException {
        Golden.check("small.chrometrace.json", Golden.text(writer, Profiles.small()));
    }

    @Test
    void everyTrackIsAStack() throws IOException {
        for (Profile profile :
                List.of(
                        Profiles.small(),
                        Profiles.smallGrouped(),
                        Profiles.empty(),
                        Profiles.hostile(),
                        Profiles.deep(500),
                        Profiles.large(3_000))) {
            checkDiscipline(events(profile));
        }
    }

    @Test
    void framesLastFromSampleToSampleAndEndWhereAThreadIsIdle() throws IOException {
        ThreadLog log = ThreadLog.timed(7, 70, 1);
        log.append(fg, 1_000_000, 1_000_000);
        log.append(fh, 2_000_500, 1_000_500);
        log.append(fh, 9_000_000, 1_000_000);
        assertEquals(
                List.of(
                        "B f 0",
                        "B g 0",
                        "E g 1000",
                        "B h 1000",
                        "E h 2000.5",
                        "E f 2000.5",
                        "B f 8000",
                        "B h 8000",
                        "E h 9000",
                        "E f 9000"),
                calls(profile(log)));
    }

    @Test
    void threadsOfTwoProcessesDoNotMix() throws IOException {
        ThreadLog one = ThreadLog.timed(7, 70, 0x7fff_0000_1000L);
        ThreadLog two = ThreadLog.timed(8, 80, 0x7fff_0000_1000L);
        one.append(fg, 1_000_000, 1_000_000);
        two.append(fh, 1_000_000, 1_000_000);
        List<JsonNode> events = events(profile(one, two));
        checkDiscipline(events);
        for (JsonNode event : events) {
            if (event.get("name").asString().equals("g")) {
                assertEquals(7, event.get("pid").intValue());
                assertEquals(70, event.get("tid").intValue());
            }
        }
    }

    @Test
    void tracksHaveNumbersOf32BitsAndOneThreadEach() throws IOException {
        ThreadLog unknown = ThreadLog.timed(7, 0, 0x7fff_0000_1000L);
        ThreadLog also = ThreadLog.timed(7, 0, 0x7fff_0000_2000L);
        ThreadLog huge = ThreadLog.timed(7, 1L << 40, 3);
        ThreadLog known = ThreadLog.timed(7, 70, 4);
        ThreadLog again = ThreadLog.timed(7, 70, 5);
        List<JsonNode> names = new ArrayList<>();
        for (JsonNode event : events(profile(unknown, also, huge, known, again))) {
            if (event.get("name").asString().equals("thread_name")) {
                names.add(event);
            }
        }
        assertEquals(5, names.size());
        assertEquals(5, names.stream().map(e -> e.get("tid").intValue()).distinct().count());
        for (JsonNode name : names) {
            assertTrue(name.get("tid").isInt(), name.toString());
            assertTrue(name.get("tid").intValue() > 0, name.toString());
        }
    }

    @Test
    void namesOfProcessAndThreadsAndTheAccuracyAreThere() throws IOException {
        Map<String, JsonNode> metadata = new HashMap<>();
        for (JsonNode event : events(Profiles.small())) {
            if (event.get("ph").asString().equals("M")) {
                metadata.putIfAbsent(event.get("name").asString(), event.get("args"));
            }
        }
        assertEquals(
                "python3 shop.py --port 8000", metadata.get("process_name").get("name").asString());
        assertEquals("MainThread", metadata.get("thread_name").get("name").asString());
        assertTrue(metadata.get("process_labels").get("jspy").get("accuracy").has("provedPercent"));
    }

    // internals

    /** What ends is what began last on its track, times do not go back, nothing stays open. */
    private static void checkDiscipline(List<JsonNode> events) {
        Map<String, Deque<String>> open = new HashMap<>();
        Map<String, Double> times = new HashMap<>();
        for (JsonNode event : events) {
            String phase = event.get("ph").asString();
            if (phase.equals("M")) {
                continue;
            }
            String track = event.get("pid") + "/" + event.get("tid");
            double time = event.get("ts").doubleValue();
            assertTrue(time >= times.getOrDefault(track, 0.0), event.toString());
            times.put(track, time);
            Deque<String> stack = open.computeIfAbsent(track, any -> new ArrayDeque<>());
            String name = event.get("name").asString();
            if (phase.equals("B")) {
                stack.push(name);
            } else {
                assertEquals("E", phase);
                assertEquals(stack.poll(), name);
            }
        }
        open.forEach((track, stack) -> assertTrue(stack.isEmpty(), track + " " + stack));
    }

    private List<String> calls(Profile profile) throws IOException {
        List<String> calls = new ArrayList<>();
        for (JsonNode event : events(profile)) {
            if (!event.get("ph").asString().equals("M")) {
                String time = event.get("ts").decimalValue().stripTrailingZeros().toPlainString();
                calls.add(
                        event.get("ph").asString()
                                + " "
                                + event.get("name").asString()
                                + " "
                                + time);
            }
        }
        return calls;
    }

    private List<JsonNode> events(Profile profile) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        new JsonMapper().readTree(Golden.text(writer, profile)).forEach(events::add);
        return events;
    }

    private int stack(int parent, String function) {
        return stacks.child(
                parent, frames.intern(new Frame(function, "/srv/" + function, function, 1)));
    }

    private Profile profile(ThreadLog... threads) {
        return new Profile(
                "0.1.0",
                List.of(new Target(7, "app.py", "3.12.4", "/usr/bin/python3")),
                Instant.EPOCH,
                10_000_000,
                frames,
                stacks,
                List.of(threads),
                Accuracy.builder().build(),
                List.of(),
                false,
                false);
    }
}
