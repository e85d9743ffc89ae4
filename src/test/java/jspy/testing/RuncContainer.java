package jspy.testing;

import jspy.process.ProcFiles;
import jspy.process.TargetProcess;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real container, made by runc as Docker and containerd make theirs: namespaces for ids, mounts,
 * network, names; an exchanged root; hardly any capability; a control group. A Python runs in it as
 * process 1; whoever needs it can run more there.
 */
public final class RuncContainer implements AutoCloseable {
    /** What a container may do unless more is asked for: Docker's own list is a bit longer. */
    private static final String CAPABILITIES = "\"CAP_KILL\", \"CAP_SETPCAP\"";

    private static final String CONFIG =
            """
            {"ociVersion": "1.0.2",
             "process": {"terminal": false, "user": {"uid": 0, "gid": 0}, "cwd": "/",
              "args": [%s],
              "env": ["PATH=/usr/bin:/bin", "LD_LIBRARY_PATH=/inner/python/lib",
                      "PYTHONHOME=/inner/python"],
              "capabilities": {"bounding": [%s, "CAP_SYS_PTRACE"], "effective": [%s],
                               "permitted": [%s]},
              "noNewPrivileges": true},
             "root": {"path": "root"},
             "hostname": "inside",
             "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
              {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
              {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}%s],
             "linux": {%s"namespaces": [{"type": "pid"}, {"type": "network"}, {"type": "ipc"},
              {"type": "uts"}, {"type": "mount"}]}}
            """;

    /** As the filters of old container runtimes: what jspy would rather read by is not there. */
    private static final String WITHOUT_READV =
            """
            "seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64"],
              "syscalls": [{"names": ["process_vm_readv"], "action": "SCMP_ACT_ERRNO"}]},
            """;

    private final LivePython started;
    private final Path bundle;
    private final String name;
    private final int pid;

    private RuncContainer(LivePython started, Path bundle, String name) throws IOException {
        this.started = started;
        this.bundle = bundle;
        this.name = name;
        pid = Integer.parseInt(Files.readString(bundle.resolve("pid")).strip());
    }

    /**
     * Runs a program and waits until it is ready; skips the test where there is no runc, or it
     * cannot.
     *
     * @param seccomp whether the kernel refuses {@code process_vm_readv} there
     * @param shown files and folders of the host that are there under another path
     */
    public static RuncContainer start(
            Python python, Program program, boolean seccomp, Map<Path, String> shown)
            throws IOException {
        Path executable = python.executable().toRealPath();
        Path prefix = executable.getParent().getParent();
        Path bundle = Files.createTempDirectory("jspy-runc");
        Files.createDirectory(bundle.resolve("root"));
        Map<Path, String> mounts = new LinkedHashMap<>(shown);
        for (String folder : List.of("/usr", "/lib", "/lib64", "/bin", "/etc")) {
            if (Files.isDirectory(Path.of(folder))) {
                mounts.put(Path.of(folder), folder);
            }
        }
        mounts.put(prefix, "/inner/python");
        mounts.put(program.file(), "/inner/program/program.py");
        String command =
                Stream.of(
                                "/inner/python/" + prefix.relativize(executable),
                                "-u",
                                "/inner/program/program.py")
                        .map(RuncContainer::quoted)
                        .collect(Collectors.joining(", "));
        Files.writeString(
                bundle.resolve("config.json"),
                CONFIG.formatted(
                        command,
                        CAPABILITIES,
                        CAPABILITIES,
                        CAPABILITIES,
                        mounts.entrySet().stream()
                                .map(each -> bind(each.getKey(), each.getValue()))
                                .collect(Collectors.joining()),
                        seccomp ? WITHOUT_READV : ""));
        String name = bundle.getFileName().toString();
        ProcessBuilder run =
                runc("run", "--bundle", bundle.toString(), "--pid-file", bundle + "/pid", name);
        try {
            return new RuncContainer(LivePython.start(run), bundle, name);
        } catch (IOException | IllegalStateException e) {
            String reason = "no container (apt install runc; root): " + e.getMessage();
            System.out.println("skipped: " + reason);
            runc("delete", "--force", name).start();
            Assumptions.abort(reason);
            throw e;
        }
    }

    /** As runc knows it. */
    public String name() {
        return name;
    }

    /** Its id outside. */
    public int pid() {
        return pid;
    }

    public TargetProcess target() throws IOException {
        return TargetProcess.of(ProcFiles.system(), pid);
    }

    /** What the program prints, up to a line that is this. */
    public List<String> linesUpTo(String last) {
        return started.linesUpTo(last);
    }

    /** Runs a command inside and returns all that it says. */
    public String exec(List<String> capabilities, String... command)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("exec"));
        for (String capability : capabilities) {
            arguments.addAll(List.of("--cap", capability));
        }
        arguments.add(name);
        arguments.addAll(List.of(command));
        Process process = runc(arguments.toArray(String[]::new)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    @Override
    public void close() throws IOException {
        Process delete = runc("delete", "--force", name).start();
        try {
            delete.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        started.close();
        try (Stream<Path> files = Files.walk(bundle)) {
            for (Path file : files.toList().reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }

    // internals

    private static ProcessBuilder runc(String... arguments) {
        List<String> command = new ArrayList<>(List.of("runc"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static String bind(Path from, String to) {
        return ",\n {\"destination\": %s, \"source\": %s, \"options\": [\"rbind\", \"ro\"]}"
                .formatted(quoted(to), quoted(from.toString()));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
