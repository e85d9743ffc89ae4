package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class NativePlacesTest {
    @Test
    void saysWhatAMapWouldSay() {
        Random random = new Random(11);
        Map<Long, int[]> expected = new HashMap<>();
        NativePlaces places = new NativePlaces();
        for (int i = 0; i < 20_000; i++) {
            // neighbours, as the places of one function are, and those of other modules
            long place =
                    NativeRecord.inModule(
                            random.nextInt(3), random.nextInt(8000), random.nextInt(8));
            assertArrayEquals(expected.get(place), places.getOrNull(place));
            if (!expected.containsKey(place)) {
                int[] frames = new int[random.nextInt(3)];
                expected.put(place, frames);
                places.put(place, frames);
            }
        }
        expected.forEach((place, frames) -> assertArrayEquals(frames, places.getOrNull(place)));
        assertNull(places.getOrNull(NativeRecord.nowhere(1, 0)));
    }
}
