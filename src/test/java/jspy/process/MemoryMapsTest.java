package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

class MemoryMapsTest {
    private static final String TEXT =
            """
            00400000-00401000 r--p 00000000 fd:01 77                         /opt/a b/python (deleted)
            00401000-00500000 r-xp 00001000 fd:01 77                         /opt/a b/python (deleted)
            00500000-00600000 rw-p 00100000 fd:01 77                         /opt/a b/python (deleted)
            00600000-00700000 rw-p 00000000 00:00 0                          [heap]
            7f0000000000-7f0000001000 r--s 00000000 00:1f 4294967299         /tmp/new\\012line
            7f0000002000-7f0000003000 rw-p 00000000 00:00 0\s
            ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]
            """;

    private static MemoryMaps parse(String text) {
        return MemoryMaps.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesAreReadWithOddPaths() {
        List<Mapping> list = parse(TEXT).list();
        assertEquals(7, list.size());
        Mapping text = list.get(1);
        assertEquals(0x401000, text.start());
        assertEquals(0x500000, text.end());
        assertEquals(0x1000, text.offset());
        assertEquals(0xfdL << 32 | 1, text.device());
        assertEquals(77, text.inode());
        assertTrue(text.isExecutable() && text.isReadable() && !text.isWritable());
        assertTrue(text.isDeleted());
        assertEquals("/opt/a b/python", text.filePath());
        assertEquals("python", text.fileName());
        assertEquals("/tmp/new\nline", list.get(4).filePath());
        assertEquals(4294967299L, list.get(4).inode());
        assertEquals("", list.get(5).path());
        assertFalse(list.get(3).isFile());
    }

    @Test
    void addressesAreFoundUpToTheTopOfMemory() {
        MemoryMaps maps = parse(TEXT);
        assertEquals("[heap]", maps.at(0x6fffff).orElseThrow().path());
        assertEquals("[vsyscall]", maps.at(0xffffffffff600010L).orElseThrow().path());
        assertTrue(maps.at(0x7f0000001000L).isEmpty());
        assertTrue(maps.at(0).isEmpty());
        assertTrue(maps.at(-1).isEmpty());
    }

    @Test
    void fileCountsWhereItIsLoadedNotWhereItIsRead() {
        MemoryMaps maps =
                parse(
                        """
                        1000-9000 r--p 00000000 fd:01 5 /lib/a.so
                        20000-21000 r--p 00000000 fd:01 5 /lib/a.so
                        21000-22000 r-xp 00001000 fd:01 5 /lib/a.so
                        22000-23000 rw-p 00001000 fd:01 5 /lib/a.so
                        30000-31000 r--p 00000000 fd:01 5 /lib/a.so
                        40000-41000 r--p 00000000 fd:01 6 /usr/share/data
                        """);
        List<Mapping> files = maps.files();
        assertEquals(List.of(0x20000L, 0x40000L), files.stream().map(Mapping::start).toList());
        assertEquals(5, maps.of(files.get(0)).size());
    }

    @Test
    void whatIsNotALineOfMapsIsLeftOut() {
        String text =
                "hello\n\n"
                        + "1000-2000\n"
                        + "2000-1000 r--p 0 0:0 0\n"
                        + "zz-1 r--p 0 0:0 0\n"
                        + "-- ---p\n"
                        + "1000-2000 r-";
        assertEquals(List.of(), parse(text).list());
        assertEquals(List.of(), parse("").list());
        assertEquals(1, parse("1000-2000 rw-p 0 0:0 0").list().size());
    }
}
