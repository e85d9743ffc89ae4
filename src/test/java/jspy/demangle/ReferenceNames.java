package jspy.demangle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What another program makes of mangled names: {@code c++filt} of binutils, {@code rustfilt}. */
final class ReferenceNames {
    private ReferenceNames() {}

    static boolean has(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** One for each symbol, in their order. */
    static List<String> of(List<String> symbols, String... command)
            throws IOException, InterruptedException {
        Process filter =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Thread writer =
                Thread.startVirtualThread(
                        () -> {
                            try (PrintStream in =
                                    new PrintStream(
                                            filter.getOutputStream(),
                                            false,
                                            StandardCharsets.UTF_8)) {
                                symbols.forEach(in::println);
                            }
                        });
        List<String> names = new ArrayList<>();
        try (BufferedReader out = filter.inputReader(StandardCharsets.UTF_8)) {
            out.lines().forEach(names::add);
        }
        writer.join();
        if (names.size() != symbols.size()) {
            throw new IOException(
                    "%s answers %d of %d names"
                            .formatted(command[0], names.size(), symbols.size()));
        }
        return names;
    }
}
