package jspy.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * In which namespaces a process lives, compared with jspy's own, and in which container. What may
 * not be asked counts as jspy's own. Any thread.
 */
public final class Namespaces {
    private static final List<String> KINDS = List.of("pid", "mnt", "user");

    /** Docker, containerd, CRI-O and Podman name a control group after the container's id. */
    private static final Pattern CONTAINER_ID = Pattern.compile("([0-9a-f]{64})(\\.scope)?$");

    /** What other tools make: LXC and systemd-nspawn. */
    private static final Pattern CONTAINER_NAME =
            Pattern.compile("/(?:lxc|lxc\\.payload|machine\\.slice)[/.]([^/]+)");

    /** As people write container ids. */
    private static final int SHORT_ID = 12;

    private Namespaces() {}

    /** Those of {@code pid}, {@code mnt} and {@code user} that are not jspy's. */
    public static List<String> foreign(TargetProcess process) {
        return KINDS.stream().filter(kind -> isForeign(process, kind)).toList();
    }

    /** Id or name of its container, as its control groups say; empty when it is in none. */
    public static String container(TargetProcess process) {
        try {
            for (String line : process.proc().text(process.pid(), "cgroup").split("\n")) {
                Matcher id = CONTAINER_ID.matcher(line);
                if (id.find()) {
                    return id.group(1).substring(0, SHORT_ID);
                }
                Matcher name = CONTAINER_NAME.matcher(line);
                if (name.find()) {
                    return name.group(1);
                }
            }
            return isForeign(process, "pid") ? ownGroup(process) : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** Its root directory as jspy sees it: {@code /} but for a chroot. */
    public static String root(TargetProcess process) {
        try {
            return process.proc().link(process.pid(), "root");
        } catch (IOException e) {
            return "/";
        }
    }

    // internals

    /** Where nothing is known of who made it: the group that has it and not jspy, as runc names. */
    private static String ownGroup(TargetProcess process) throws IOException {
        Path self = process.proc().root().resolve("self/cgroup");
        List<String> jspys = Files.readAllLines(self);
        for (String line : process.proc().text(process.pid(), "cgroup").split("\n")) {
            String last = line.substring(line.lastIndexOf('/') + 1).replaceFirst("\\.scope$", "");
            if (!last.isEmpty() && line.contains("/") && !jspys.contains(line)) {
                return last;
            }
        }
        return "";
    }

    private static boolean isForeign(TargetProcess process, String kind) {
        try {
            String own =
                    Files.readSymbolicLink(process.proc().root().resolve("self/ns/" + kind))
                            .toString();
            return !own.equals(process.proc().link(process.pid(), "ns/" + kind));
        } catch (IOException e) {
            return false;
        }
    }
}
