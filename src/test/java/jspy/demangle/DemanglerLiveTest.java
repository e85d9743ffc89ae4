package jspy.demangle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Names of real libraries are those that c++filt writes. */
class DemanglerLiveTest {
    @Test
    void namesOfTheStandardLibraryAreThoseOfCppfilt() throws Exception {
        compare(
                Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64")
                        .map(folder -> Path.of(folder, "libstdc++.so.6"))
                        .filter(Files::exists)
                        .findFirst()
                        .orElse(null),
                1000);
    }

    @Test
    void namesOfTheJavaMachineAreThoseOfCppfilt() throws Exception {
        // its symbols are often stripped: what is there is compared
        compare(Path.of(System.getProperty("java.home"), "lib/server/libjvm.so"), 10);
    }

    private static void compare(Path library, int atLeast)
            throws IOException, InterruptedException {
        Assumptions.assumeTrue(ReferenceNames.has("c++filt"), "c++filt is not on the PATH");
        Assumptions.assumeTrue(
                library != null && Files.exists(library), "the library is not on this machine");
        // binutils does not read the names of temporaries
        List<String> symbols =
                NamesTable.symbols(library).stream()
                        .filter(symbol -> !symbol.startsWith("_ZGR"))
                        .toList();
        assertTrue(symbols.size() >= atLeast, library + ": " + symbols.size());
        NamesTable.Row row = NamesTable.compare(symbols, "c++filt", "-i");
        System.out.printf(
                "%s: %d of %d names as c++filt writes them%n",
                library.getFileName(), row.equal(), row.symbols());
        assertEquals(row.symbols(), row.equal());
    }
}
