package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final double MEAN = 10_000_000; // 100 Hz

    @Test
    void gapsAreThoseOfAPoissonProcess() {
        Schedule schedule = new Schedule(100, 1_000_000_000, 42);
        int count = 200_000;
        double sum = 0;
        double squares = 0;
        int longerThanMean = 0;
        long last = 1_000_000_000;
        for (int i = 0; i < count; i++) {
            long due = schedule.dueNanos();
            double gap = due - last;
            assertTrue(gap >= 0);
            sum += gap;
            squares += gap * gap;
            longerThanMean += gap > MEAN ? 1 : 0;
            last = due;
            schedule.taken(due);
        }
        double mean = sum / count;
        double deviation = Math.sqrt(squares / count - mean * mean);
        assertEquals(1, mean / MEAN, 0.01);
        assertEquals(1, deviation / MEAN, 0.02);
        assertEquals(Math.exp(-1), (double) longerThanMean / count, 0.005);
        assertEquals(0, schedule.late());
        assertEquals(0, schedule.missed());
    }

    /**
     * A program whose period is exactly the sampling interval: it is in its first function for
     * three tenths of it. Whoever looks at fixed intervals sees one function alone.
     */
    @Test
    void aProgramOfTheSamePeriodIsSeenAsItIsAndNotAtTheSamePlaceEveryTime() {
        int count = 20_000;
        int seenAtFixedIntervals = 0;
        for (int i = 0; i < count; i++) {
            seenAtFixedIntervals += isInFirst(1_234_567 + i * MEAN) ? 1 : 0;
        }
        assertTrue(
                seenAtFixedIntervals == 0 || seenAtFixedIntervals == count,
                "vacuous: fixed intervals do not alias here");
        for (long seed = 1; seed <= 5; seed++) {
            Schedule schedule = new Schedule(100, 1_234_567, seed);
            int seen = 0;
            for (int i = 0; i < count; i++) {
                seen += isInFirst(schedule.dueNanos()) ? 1 : 0;
                schedule.taken(schedule.dueNanos());
            }
            // one standard deviation is 0.3 points
            assertEquals(30, 100.0 * seen / count, 1.6, "seed " + seed);
        }
    }

    private static boolean isInFirst(double nanos) {
        return nanos % MEAN < 0.3 * MEAN;
    }

    @Test
    void aSampleThatComesAnIntervalLateIsCountedAndTheNextIsNotPutOff() {
        Schedule schedule = new Schedule(100, 0, 1);
        long due = schedule.dueNanos();
        schedule.taken(due + (long) (1.5 * MEAN));
        assertEquals(1, schedule.late());
        schedule.taken(schedule.dueNanos() + (long) (0.5 * MEAN));
        assertEquals(1, schedule.late());
        assertEquals(0, schedule.missed());
    }

    @Test
    void whoIsFarBehindGivesUpTicksAndSaysHowMany() {
        Schedule schedule = new Schedule(100, 0, 1);
        long now = schedule.dueNanos() + (long) (1000 * MEAN);
        schedule.taken(now);
        long behind = now - schedule.dueNanos();
        assertTrue(behind <= Schedule.MAX_BEHIND_INTERVALS * MEAN);
        assertEquals(992, schedule.missed(), 150);
    }

    @Test
    void seedsGiveSchedulesOfTheirOwn() {
        assertNotEquals(new Schedule(100, 0, 1).dueNanos(), new Schedule(100, 0, 2).dueNanos());
        assertTrue(new Schedule(100, 0, 0).dueNanos() > 0);
    }
}
