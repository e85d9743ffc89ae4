package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.AttachException.Reason;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class AttachCheckLiveTest {
    @TempDir private Path folder;

    @Test
    void runningProgramPasses() throws Exception {
        try (Running running = Running.start("sleep", "60")) {
            TargetProcess process = new AttachCheck(ProcFiles.system()).attach(running.pid());
            assertEquals(running.pid(), process.pid());
        }
    }

    @Test
    void idOfAThreadNamesItsProcess() throws Exception {
        String program =
                "import threading,time\n"
                        + "t=threading.Thread(target=time.sleep,args=(60,))\n"
                        + "t.start()\n"
                        + "print(t.native_id)";
        try (Running running = Running.python(program)) {
            int thread = Integer.parseInt(running.line());
            AttachException refused =
                    assertThrows(
                            AttachException.class,
                            () -> new AttachCheck(ProcFiles.system()).attach(thread));
            assertEquals(Reason.THREAD_ID, refused.reason());
            assertEquals("use --pid " + running.pid(), refused.remedy());
        }
    }

    @Test
    void userWithoutRightsIsToldWhoseProcessItIs() throws Exception {
        try (Running running = Running.start("sleep", "60")) {
            String said =
                    new ProbeRunner(folder)
                            .say(running.pid(), "--reuid=65534", "--regid=65534", "--clear-groups");
            assertTrue(said.startsWith("NOT_PERMITTED"), said);
            assertTrue(said.contains("belongs to user id 0, jspy runs as 65534"), said);
        }
    }

    @Test
    void rootWithoutTheCapabilityIsToldSo() throws Exception {
        try (Running running = Running.start("sleep", "60")) {
            String said =
                    new ProbeRunner(folder)
                            .say(
                                    running.pid(),
                                    "--bounding-set=-sys_ptrace",
                                    "--inh-caps=-sys_ptrace");
            assertTrue(said.startsWith("NOT_PERMITTED"), said);
            assertTrue(said.contains("--cap-add=SYS_PTRACE"), said);
        }
    }

    @Test
    void fileWhoseNameThisLocaleCannotWriteIsReadAllTheSame() throws Exception {
        String libm = "/proc/" + ProcessHandle.current().pid() + "/root" + libm();
        String start =
                "p=$0/schl$(printf '\\303\\244')fer.so; cp \"$1\" \"$p\"; LD_PRELOAD=$p exec sleep"
                        + " 60";
        try (Running running = Running.start("sh", "-c", start, folder.toString(), libm)) {
            TargetProcess process = running.target();
            Running.await("it sleeps", () -> isMapped(process, "schl"));
            List<String> command = new ArrayList<>(List.of("env", "LC_ALL=C"));
            command.addAll(new ProbeRunner(folder).java(running.pid()));
            command.addAll(List.of("schl", "cos"));
            try (Running probe = Running.start(command.toArray(String[]::new))) {
                assertEquals("found true", probe.line());
            }
        }
    }

    // internals

    private static String libm() throws IOException {
        MemoryMaps maps = MemoryMaps.read(ProcFiles.system(), (int) ProcessHandle.current().pid());
        return LoadedElf.find(maps, "libm.so.6"::equals)
                .orElseGet(() -> Assumptions.abort("this JVM has no libm.so.6"))
                .path();
    }

    private static boolean isMapped(TargetProcess process, String prefix) {
        try {
            return LoadedElf.find(process.maps(), name -> name.startsWith(prefix)).isPresent();
        } catch (IOException e) {
            return false;
        }
    }
}
