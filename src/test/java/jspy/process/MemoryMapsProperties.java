package jspy.process;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Whatever text stands in maps, stat and status, reading it gives an answer and no exception. */
class MemoryMapsProperties {
    private static final byte[] MAPS =
            """
            00400000-00401000 r--p 00000000 fd:01 77                         /opt/a b/python (deleted)
            7f0000000000-7f0000001000 r-xp 00000000 00:1f 4294967299         /tmp/new\\012line
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]
            """
                    .getBytes(StandardCharsets.UTF_8);

    private static final byte[] STAT =
            ("12 (a) b) R" + FakeProc.STAT_TAIL).getBytes(StandardCharsets.UTF_8);

    @Property(tries = 2000)
    void damagedMaps(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        MemoryMaps maps = MemoryMaps.parse(damaged(MAPS, seed, count));
        maps.files();
        maps.at(0x400000);
    }

    @Property(tries = 1000)
    void damagedStat(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
        ProcessStat.parseOrNull(damaged(STAT, seed, count));
    }

    @Property(tries = 1000)
    void anyText(@ForAll byte[] text) {
        MemoryMaps.parse(text).files();
        ProcessStat.parseOrNull(text);
        ProcessStatus status = new ProcessStatus(new String(text, StandardCharsets.UTF_8));
        status.namespacedIds();
        status.userIds();
        status.hasEffectiveCapability(19);
    }

    // internals

    private static byte[] damaged(byte[] good, long seed, int count) {
        byte[] text = good.clone();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            int what = random.nextInt(4);
            text[random.nextInt(text.length)] =
                    what == 0 ? (byte) random.nextInt() : (byte) " \n-:".charAt(random.nextInt(4));
        }
        return text;
    }
}
