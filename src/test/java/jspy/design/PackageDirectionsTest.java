package jspy.design;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/** Holds the package table of docs/design.md against what jdeps finds in the compiled classes. */
class PackageDirectionsTest {
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Path DESIGN = Path.of("docs", "design.md");

    /** A row of the table: packages, then what they may use. */
    private static final Pattern ROW = Pattern.compile("\\| ([a-z, .]+) \\| ([^|]+) \\|");

    private static final Pattern EDGE =
            Pattern.compile("\\s+(jspy[\\w.$]*)\\s+->\\s+(jspy[\\w.$]*)\\s.*");

    /** The classes that run on the target's core: they know nothing of names, tries and logs. */
    private static final Set<String> HOT =
            Set.of(
                    "Sampler",
                    "StackReader",
                    "SampleEncoder",
                    "SpscRing",
                    "Schedule",
                    "ProcessSampler",
                    "CodeTable");

    @Test
    void everyPackageUsesOnlyWhatTheTableAllows() throws IOException {
        Map<String, Set<String>> allowed = table();
        Set<String> broken = new TreeSet<>();
        Set<String> seen = new TreeSet<>();
        for (String[] edge : edges()) {
            String from = packageOf(edge[0]);
            String to = packageOf(edge[1]);
            seen.add(from);
            if (!from.equals(to) && !allowed.getOrDefault(from, Set.of()).contains(to)) {
                broken.add(from + " uses " + to + " (" + edge[0] + " -> " + edge[1] + ")");
            }
        }
        assertTrue(seen.contains("sample"), "jdeps saw no class: the test tests nothing");
        assertEquals(Set.of(), broken);
    }

    @Test
    void theHotSideOfSampleKnowsNothingOfProfiles() throws IOException {
        Set<String> broken =
                edges().stream()
                        .filter(edge -> packageOf(edge[0]).equals("sample"))
                        .filter(edge -> HOT.contains(outermost(edge[0])))
                        .filter(edge -> packageOf(edge[1]).equals("profile"))
                        .map(edge -> edge[0] + " -> " + edge[1])
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), broken);
    }

    // internals

    private static Map<String, Set<String>> table() throws IOException {
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (String line : Files.readAllLines(DESIGN)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> uses =
                        Arrays.stream(row.group(2).split("[^a-z.]+"))
                                .collect(Collectors.toCollection(TreeSet::new));
                for (String name : row.group(1).split(", ")) {
                    allowed.put(name.strip(), uses);
                }
            }
        }
        assertTrue(allowed.containsKey("sample"), "no table of packages in " + DESIGN);
        Set<String> all = new TreeSet<>(allowed.keySet());
        allowed.replaceAll((name, uses) -> uses.contains("everything") ? all : uses);
        allowed.computeIfPresent(
                "layout",
                (name, uses) -> {
                    Set<String> more = new TreeSet<>(uses);
                    more.add("layout.generated");
                    return more;
                });
        return allowed;
    }

    private static Set<String[]> edges() {
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElse(null);
        Assumptions.assumeTrue(jdeps != null, "skipped: this Java has no jdeps");
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        jdeps.run(out, out, "-v", "--multi-release", "base", CLASSES.toString());
        return text.toString()
                .lines()
                .map(EDGE::matcher)
                .filter(Matcher::matches)
                .map(edge -> new String[] {edge.group(1), edge.group(2)})
                .collect(Collectors.toSet());
    }

    private static String packageOf(String type) {
        return type.substring("jspy.".length(), type.lastIndexOf('.'));
    }

    private static String outermost(String type) {
        String name = type.substring(type.lastIndexOf('.') + 1);
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }
}
