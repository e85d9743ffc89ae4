import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs google-java-format over every Java file below some folders; Maven starts it with the
 * formatter on its class path.
 *
 * <p>Usage: {@code Format.java --check|--replace FOLDER…}. Generated files are left alone.
 */
final class Format {
    private Format() {}

    public static void main(String[] args) throws Exception {
        boolean check = args[0].equals("--check");
        List<String> options = new ArrayList<>(List.of("--aosp"));
        options.addAll(
                check ? List.of("--dry-run", "--set-exit-if-changed") : List.of("--replace"));
        int before = options.size();
        for (int i = 1; i < args.length; i++) {
            options.addAll(javaFiles(Path.of(args[i])));
        }
        if (options.size() == before) {
            return;
        }
        StringWriter out = new StringWriter();
        int status =
                new Main(new PrintWriter(out, true), new PrintWriter(System.err, true), System.in)
                        .format(options.toArray(String[]::new));
        System.out.print(out);
        if (status != 0 && check) {
            System.err.println(
                    "The files above are not in the house format: mvn -Pformat process-sources");
        }
        System.exit(status);
    }

    private static List<String> javaFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.toString().replace('\\', '/').contains("/generated/"))
                    .map(Path::toString)
                    .sorted()
                    .toList();
        }
    }
}
