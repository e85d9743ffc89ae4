package jspy.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** What the kernel refuses, each by a real process that it guards from a real jspy. */
class RefusalsLiveTest {
    private static final String[] NOBODY = {"--reuid=65534", "--regid=65534", "--clear-groups"};

    @TempDir private Path folder;

    @Test
    void programThatProtectsItself() throws Exception {
        String program =
                "int prctl(int, ...); int pause(void); int puts(const char *);"
                        + " int fflush(void *);\n"
                        + "int main(void) { prctl(4, 0); puts(\"ready\"); fflush(0); pause(); }\n";
        Path guarded = compiled("guarded", program);
        try (Running running = asNobody(guarded.toString())) {
            running.line();
            assertRefused(running, "the process is protected", "run jspy as root");
        }
    }

    @Test
    void programWithMoreCapabilities() throws Exception {
        try (Running running =
                asNobody("--inh-caps=+kill", "--ambient-caps=+kill", "sleep", "60")) {
            awaitSleep(running);
            assertRefused(
                    running, "the process has capabilities that jspy lacks", "run jspy as root");
        }
    }

    @Test
    void otherUserNamespace() throws Exception {
        try (Running running = Running.start("sleep", "60")) {
            String said =
                    new ProbeRunner(folder)
                            .sayUnder(
                                    running.pid(), List.of("unshare", "--user", "--map-root-user"));
            assertTrue(said.startsWith("NOT_PERMITTED"), said);
            assertTrue(said.contains("lives in another user namespace"), said);
            assertTrue(said.contains("on the host"), said);
        }
    }

    @Test
    void ptraceScope() throws Exception {
        Path scope = Path.of("/proc/sys/kernel/yama/ptrace_scope");
        if (!Files.exists(scope) || Files.readString(scope).strip().equals("0")) {
            String reason = "this kernel has no Yama, or lets everybody trace (ptrace_scope)";
            System.out.println("skipped: " + reason);
            Assumptions.abort(reason);
        }
        try (Running running = asNobody("sleep", "60")) {
            awaitSleep(running);
            assertRefused(running, "kernel.yama.ptrace_scope is", "ptrace_scope");
        }
    }

    /** The kernel refuses nothing here: jspy has no layouts for such a program. */
    @Test
    void programOf32Bits() throws Exception {
        Path source = folder.resolve("small.c");
        Files.writeString(
                source,
                "void _start(void) { for (;;) __asm__ volatile(\"int $0x80\" :: \"a\"(29)); }");
        Path small = folder.resolve("small");
        compile("-m32", "-nostdlib", "-static", "-o", small.toString(), source.toString());
        try (Running running = Running.start(small.toString())) {
            String said = new ProbeRunner(folder).sayUnder(running.pid(), List.of("env"));
            assertTrue(said.contains("it is a 32-bit i386 program"), said);
        }
    }

    // internals

    private void assertRefused(Running running, String why, String remedy) throws IOException {
        String said = new ProbeRunner(folder).say(running.pid(), NOBODY);
        assertTrue(said.startsWith("NOT_PERMITTED"), said);
        assertTrue(said.contains(why), said);
        assertTrue(said.contains(remedy), said);
    }

    private Running asNobody(String... command) throws IOException {
        Running.assumeRoot();
        List<String> all = new ArrayList<>(List.of("setpriv"));
        all.addAll(List.of(NOBODY));
        all.addAll(List.of(command));
        return Running.start(all.toArray(String[]::new));
    }

    /** setpriv has become sleep. */
    private static void awaitSleep(Running running) {
        Running.await(
                "it sleeps",
                () -> {
                    try {
                        return running.target().executable().contains("sleep")
                                || running.target().executable().contains("coreutils");
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private Path compiled(String name, String program) throws Exception {
        Path source = folder.resolve(name + ".c");
        Files.writeString(source, program);
        compile("-o", folder.resolve(name).toString(), source.toString());
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder.resolve(name);
    }

    private static void compile(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("gcc"));
        command.addAll(List.of(arguments));
        String reason = "gcc is not there, or cannot compile that";
        int status = 1;
        try {
            status = new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            reason += ": " + e.getMessage();
        }
        if (status != 0) {
            System.out.println("skipped: " + reason);
        }
        Assumptions.assumeTrue(status == 0, reason);
    }
}
