package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class FrameTableTest {
    @Test
    void equalFramesHaveOneIdAndKeepIt() {
        FrameTable frames = new FrameTable();
        for (int round = 0; round < 2; round++) {
            for (int id = 0; id < 10_000; id++) {
                assertEquals(id, frames.intern(new Frame("f" + id % 7, "a.py", "a.py", id)));
            }
        }
        assertEquals(10_000, frames.size());
        assertEquals(9_999, frames.get(9_999).line());
    }
}
