package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jspy.profile.ThreadLog;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class TimelineTest {
    private final ThreadLog thread = ThreadLog.timed(1, 1, 1);

    @Test
    void timeWithoutSamplesIsNothing() {
        thread.append(4, 30, 10);
        thread.append(5, 40, 10);
        thread.append(6, 90, 15);
        assertEquals(List.of("-:20", "4:10", "5:10", "-:35", "6:15", "-:10"), spans(100));
    }

    @Test
    void laterOfOverlappingSamplesIsCut() {
        thread.append(4, 10, 10);
        thread.append(5, 15, 10);
        thread.append(6, 15, 3);
        assertEquals(List.of("4:10", "5:5", "6:0"), spans(15));
    }

    @Test
    void threadThatWasNeverSeenIsOneSpan() {
        assertEquals(List.of("-:7"), spans(7));
        assertEquals(List.of(), spans(0));
    }

    private List<String> spans(long endNanos) {
        List<String> spans = new ArrayList<>();
        Timeline timeline = new Timeline(thread.log().orElseThrow(), endNanos);
        while (timeline.next()) {
            String stack = timeline.stack() == Timeline.NOTHING ? "-" : "" + timeline.stack();
            spans.add(stack + ":" + timeline.nanos());
        }
        return spans;
    }
}
