package jspy.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.snapshot.MemoryImage;
import jspy.snapshot.SnapshotMemory;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** A set that is walked at random holds the bytes of the memory, and all of them that it read. */
class WorkingSetProperties {
    private static final long PAGE = 4096;
    private static final int PAGES = 64;
    private static final long BASE = 0x7000_0000;
    private static final int SAMPLES = 200;

    @Property(tries = 200)
    void whatIsLocatedIsWhatTheMemoryHolds(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int walk) {
        Random random = new Random(seed);
        Set<Long> unmapped = new HashSet<>();
        TargetMemory memory = memory(random, unmapped);
        ReadList list = new ReadList(2, 16);
        WorkingSet set = new WorkingSet(list);
        for (int sample = 0; sample < SAMPLES; sample++) {
            list.clear();
            long others = list.add(mapped(random, unmapped), 1 + random.nextInt(64));
            set.addTo();
            set.pardon();
            int read = memory.readAll(list, 0);
            if (read < list.count()) {
                set.forget(read);
                continue;
            }
            assertEquals(0, others);
            for (int i = 0; i < random.nextInt(walk); i++) {
                step(random, set, list, memory, unmapped);
            }
            assertTrue(set.ranges() <= PAGES * 4);
        }
    }

    // internals

    private static void step(
            Random random, WorkingSet set, ReadList list, TargetMemory memory, Set<Long> unmapped) {
        long address = BASE + random.nextInt((int) (PAGES * PAGE));
        int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 20_000 : 200);
        long at = set.locate(address, length);
        if (at == WorkingSet.MISS) {
            boolean isRead = isMapped(address, length, unmapped);
            boolean wanted = set.want(address, length);
            int first = list.count();
            set.addWanted();
            int read = memory.readAll(list, first);
            if (read < list.count()) {
                set.forget(read);
                assertEquals(WorkingSet.MISS, set.locate(address, length));
            }
            assertTrue(wanted || !isRead, "a range that is there was refused");
            if (!isRead) {
                return;
            }
            at = set.locate(address, length);
            assertNotEquals(WorkingSet.MISS, at);
        }
        assertTrue(isMapped(address, length, unmapped), "copies of what is not there");
        set.load();
        for (int i = 0; i < length; i += 1 + random.nextInt(16)) {
            assertEquals(WorkingSetTest.value(address + i), set.getByte(at + i));
        }
        if (random.nextInt(4) == 0) {
            set.expect(address, length + random.nextInt(500));
        }
    }

    private static TargetMemory memory(Random random, Set<Long> unmapped) {
        MemoryImage.Builder image = new MemoryImage.Builder();
        for (long page = 0; page < PAGES; page++) {
            if (random.nextInt(8) == 0) {
                unmapped.add(BASE + page * PAGE);
                continue;
            }
            byte[] bytes = new byte[(int) PAGE];
            for (int i = 0; i < PAGE; i++) {
                bytes[i] = WorkingSetTest.value(BASE + page * PAGE + i);
            }
            image.put(BASE + page * PAGE, bytes);
        }
        return new SnapshotMemory(image.build());
    }

    private static long mapped(Random random, Set<Long> unmapped) {
        long page;
        do {
            page = BASE + random.nextInt(PAGES) * PAGE;
        } while (unmapped.contains(page));
        return page;
    }

    private static boolean isMapped(long address, long length, Set<Long> unmapped) {
        for (long page = address & -PAGE; page < address + length; page += PAGE) {
            if (unmapped.contains(page) || page >= BASE + PAGES * PAGE) {
                return false;
            }
        }
        return true;
    }
}
