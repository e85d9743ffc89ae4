package jspy.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One installed Java: its folder, and the version that its {@code release} file gives. */
final class JavaHome {
    private static final String VERSION_KEY = "JAVA_VERSION=";

    private final Path folder;
    private final Path java;
    private final JavaVersion version;

    private JavaHome(Path folder, Path java, JavaVersion version) {
        this.folder = folder;
        this.java = java;
        this.version = version;
    }

    /**
     * Null where there is no Java, or one that does not say its version. Nothing is started for it:
     * ten installed Javas would cost a second.
     */
    static JavaHome at(Path folder) {
        for (String name : new String[] {"java", "java.exe"}) {
            Path java = folder.resolve("bin").resolve(name);
            if (Files.isExecutable(java)) {
                JavaVersion version = released(folder.resolve("release"));
                return version == null ? null : new JavaHome(folder, java, version);
            }
        }
        return null;
    }

    Path folder() {
        return folder;
    }

    /** The program to start. */
    Path java() {
        return java;
    }

    JavaVersion version() {
        return version;
    }

    @Override
    public String toString() {
        return version + " (" + folder + ")";
    }

    // internals

    private static JavaVersion released(Path release) {
        try {
            for (String line : Files.readAllLines(release)) {
                if (line.startsWith(VERSION_KEY)) {
                    return JavaVersion.parse(
                            line.substring(VERSION_KEY.length()).replace("\"", "").trim());
                }
            }
            return null;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
