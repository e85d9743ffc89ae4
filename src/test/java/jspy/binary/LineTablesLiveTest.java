package jspy.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Line tables of what gcc compiles are those that readelf and addr2line read. */
class LineTablesLiveTest {
    private static final String SOURCE =
            """
            #include <string.h>
            static inline int twice(int n) { return 2 * n; }
            int sum(const char *text) {
                int total = 0;
                for (size_t i = 0; i < strlen(text); i++) {
                    total += twice(text[i]);
                }
                return total;
            }
            #line 500 "elsewhere.pyx"
            int other(int n) {
                return n > 3 ?
                    sum("three") :
                    twice(n);
            }
            """;

    @TempDir private Path scratch;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-gdwarf-2",
                "-gdwarf-3",
                "-gdwarf-4",
                "-gdwarf-5",
                "-gdwarf-4 -O2 -ffunction-sections",
                "-gdwarf-5 -O2 -gz=zlib",
                "-gdwarf-5 -gdwarf64",
                "-gdwarf-5 -O2 -gno-variable-location-views -gno-as-loc-support"
            })
    void rowsAreThoseOfReadelf(String flags) throws Exception {
        for (String program : new String[] {"gcc", "readelf", "addr2line"}) {
            Assumptions.assumeTrue(isOnPath(program), program + " is not on the PATH");
        }
        Path source = Files.writeString(scratch.resolve("täst.c"), SOURCE);
        Path library = scratch.resolve("library.so");
        String[] words =
                Stream.of(
                                Stream.of("gcc", "-shared", "-fPIC"),
                                Stream.of(flags.split(" ")),
                                Stream.of("-o", library.toString(), source.toString()))
                        .flatMap(all -> all)
                        .toArray(String[]::new);
        int status = new ProcessBuilder(words).inheritIO().start().waitFor();
        Assumptions.assumeTrue(status == 0, "gcc does not know " + flags);
        LinesTable.Compared compared = LinesTable.compare(library);
        assertTrue(compared.rows() > 10, flags);
        assertTrue(compared.lookUps() > 10, flags);
        assertEquals(0, compared.differing(), compared.first());
        if (!flags.contains("64")) { // of those addr2line finds none
            assertEquals(0, compared.lookUpsDiffering(), compared.first());
        }
    }

    private static boolean isOnPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
