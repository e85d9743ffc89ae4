package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class AccuracyTest {
    @Test
    void summaryOfGoodRecordingIsOneLine() {
        Accuracy accuracy =
                Accuracy.builder()
                        .rateAskedHz(100)
                        .rateReachedHz(99.94)
                        .samples(1000)
                        .stacks(4000)
                        .proved(4000)
                        .cpuNanos(80_000_000)
                        .wallNanos(10_000_000_000L)
                        .build();
        assertEquals(
                "1,000 samples at 99.9 of 100 Hz · 100.0 % proved · 0 torn · 0 lost · 0 late"
                        + " · jspy used 0.8 % of a core",
                accuracy.summary());
    }

    @Test
    void whatWentWrongIsSaid() {
        Accuracy accuracy =
                Accuracy.builder()
                        .rateAskedHz(1000)
                        .rateReachedHz(1000)
                        .samples(1)
                        .stacks(100_000)
                        .proved(99_999)
                        .agreed(3)
                        .torn(1)
                        .truncated(2)
                        .unreadable(5)
                        .lost(6)
                        .late(7)
                        .missed(8)
                        .errors(1)
                        .build();
        assertEquals(
                "1 sample at 1,000 of 1,000 Hz · 99.9 % proved · 3 agreed · 1 torn · 2 truncated"
                        + " · 5 unreadable · 6 lost · 7 late · 8 missed · 1 error"
                        + " · jspy used 0.0 % of a core",
                accuracy.summary());
    }

    @Test
    void nothingSeenIsNotHundredPercent() {
        Accuracy accuracy = Accuracy.builder().rateAskedHz(100).build();
        assertEquals(0, accuracy.provedPercent());
        assertEquals(
                "0 samples at 0 of 100 Hz · no stacks · 0 torn · 0 lost · 0 late"
                        + " · jspy used 0.0 % of a core",
                accuracy.summary());
    }
}
