package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ShortNamesTest {
    @TempDir Path root;

    @Test
    void foldersAboveThePackagesAreLeftOut() throws IOException {
        Path deep = Files.createDirectories(root.resolve("usr/lib/python3.11/pkg/sub"));
        Files.createFile(deep.resolve("__init__.py"));
        Files.createFile(deep.resolveSibling("__init__.py"));
        ShortNames names = new ShortNames(root);
        assertEquals("pkg/sub/mod.py", names.of("/usr/lib/python3.11/pkg/sub/mod.py"));
        assertEquals("pkg/mod.py", names.of("/usr/lib/python3.11/pkg/mod.py"));
        assertEquals("mod.py", names.of("/usr/lib/python3.11/mod.py"));
        assertEquals("mod.py", names.of("/mod.py"));
    }

    @Test
    void namesThatAreNoAbsolutePathsStay() {
        ShortNames names = new ShortNames(root);
        for (String name :
                new String[] {"", "<string>", "<frozen importlib._bootstrap>", "a/b.py", "?"}) {
            assertEquals(name, names.of(name));
        }
    }

    @Test
    void hostileNamesAreHarmless() {
        ShortNames names = new ShortNames(root);
        assertEquals("", names.of("/"));
        assertEquals("", names.of("/a/"));
        assertEquals("b\0c.py", names.of("/a\0/b\0c.py"));
        assertEquals("c.py", names.of("//".repeat(1000) + "c.py"));
        assertEquals("x.py", names.of("/" + "y".repeat(100_000) + "/x.py"));
    }
}
