package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.binary.Elf;
import jspy.memory.LiveMemory;
import jspy.os.Linux;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Files that processes have mapped are found whatever happened to their names since, and wherever
 * they live.
 */
class MappedFileLiveTest {
    @TempDir private Path folder;

    @BeforeEach
    void onLinux() {
        Running.assumeLinux();
    }

    private static Path sleep() throws IOException {
        for (String name : List.of("/usr/bin/sleep", "/bin/sleep")) {
            if (Files.isRegularFile(Path.of(name))) {
                return Path.of(name).toRealPath();
            }
        }
        Assumptions.abort("no sleep program");
        return null;
    }

    private static Optional<String> buildId(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            return Elf.open(path, arena).buildId();
        }
    }

    /** The mapping, which must be there soon, of a file with that last name. */
    private static Mapping mapping(TargetProcess process, String name) {
        Running.await(
                name + " is mapped",
                () -> {
                    try {
                        return process.maps().list().stream()
                                .anyMatch(m -> m.fileName().equals(name));
                    } catch (IOException e) {
                        return false;
                    }
                });
        try {
            return LoadedElf.find(process.maps(), name::equals).orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyFileOfAProgramIsFoundAndProved() throws Exception {
        try (Running running = Running.start(sleep().toString(), "60")) {
            TargetProcess process = running.target();
            mapping(process, "libc.so.6");
            for (Mapping mapping : process.maps().files()) {
                assertTrue(process.file(mapping).isProved(), mapping.toString());
            }
        }
    }

    @Test
    void executableThatWasDeletedIsReadAllTheSame() throws Exception {
        Path copy = folder.resolve("my sleep\nprogram");
        Files.copy(sleep(), copy);
        copy.toFile().setExecutable(true);
        try (Running running = Running.start(copy.toString(), "60")) {
            TargetProcess process = running.target();
            Files.delete(copy);
            Files.writeString(copy, "another file of that name");
            Mapping mapping = mapping(process, "my sleep\nprogram");
            assertTrue(mapping.isDeleted());
            MappedFile file = process.file(mapping);
            assertTrue(file.isProved());
            assertEquals(buildId(sleep()), buildId(file.path()));
        }
    }

    @Test
    void libraryThatWasReplacedIsNeverTakenForTheNewOne() throws Exception {
        Path library = folder.resolve("libcopy.so");
        Files.copy(libm(), library);
        try (Running running =
                Running.start("env", "LD_PRELOAD=" + library, sleep().toString(), "60")) {
            TargetProcess process = running.target();
            Mapping before = mapping(process, "libcopy.so");
            assertEquals(
                    library,
                    process.file(before).path().toAbsolutePath().getRoot().resolve(library));
            Files.delete(library);
            Files.copy(sleep(), library);
            Mapping deleted = mapping(process, "libcopy.so");
            assertTrue(deleted.isDeleted());
            try {
                assertEquals(buildId(libm()), buildId(process.file(deleted).path()));
            } catch (MappedFileException e) {
                // map_files is for root alone
                assertTrue(e.getMessage().contains("libcopy.so"), e.getMessage());
            }
        }
    }

    @Test
    void nameAloneIsBelievedWithoutProof() throws Exception {
        Path library = Files.writeString(folder.resolve("lib.so"), "x");
        FakeProc proc = new FakeProc(folder.resolve("proc")).process(7, "a", 'S');
        TargetProcess process = TargetProcess.of(proc.files(), 7);
        Mapping mapping = new Mapping(0x1000, 0x2000, 5, 0, 1, 1, library.toString());
        assertEquals(new MappedFile(library, false), process.file(mapping));
        Mapping deleted = new Mapping(0x1000, 0x2000, 5, 0, 1, 1, library + " (deleted)");
        MappedFileException refused =
                assertThrows(MappedFileException.class, () -> process.file(deleted));
        assertFalse(refused.isDenied());
    }

    @Test
    void filesBelowAChrootAreFound() throws Exception {
        Running.assumeRoot();
        Path root = rootWithSleep();
        try (Running running = Running.start("chroot", root.toString(), "/bin/sleep", "60")) {
            awaitSleep(running.target()); // chroot itself has the same files, elsewhere
            everyFileIsProved(running.target());
        }
    }

    @Test
    void filesOfAContainerAreFoundAndItsPidIsKnown() throws Exception {
        Running.assumeRoot();
        Path root = rootWithSleep();
        Files.createDirectories(root.resolve("old"));
        String enter =
                "mount --bind \"$0\" \"$0\" && cd \"$0\" && pivot_root . old && exec /bin/sleep 60";
        try (Running running =
                Running.start("unshare", "-m", "-p", "-f", "sh", "-c", enter, root.toString())) {
            Running.await(
                    "the container runs or fails",
                    () ->
                            running.process().descendants().findAny().isPresent()
                                    || !running.process().isAlive());
            Assumptions.assumeTrue(running.process().isAlive(), "unshare is not allowed here");
            int pid = (int) running.process().descendants().findAny().orElseThrow().pid();
            TargetProcess process = TargetProcess.of(ProcFiles.system(), pid);
            awaitSleep(process);
            everyFileIsProved(process);
            assertEquals(1, process.nativePid());
            assertEquals(pid, process.threadIds().listedId(1));
        }
    }

    @Test
    void imageInMemoryHasTheSymbolsOfItsFileAtTheSameAddresses() throws Exception {
        try (Running running = Running.start(sleep().toString(), "60")) {
            TargetProcess process = running.target();
            Mapping libc = mapping(process, "libc.so.6");
            LoadedElf file = open(process, libc);
            LoadedElf image =
                    LoadedElf.image(memory(process), process.maps(), libc, Arena.ofAuto());
            for (String name : List.of("malloc", "__libc_start_main", "environ", "no_such_thing")) {
                assertEquals(file.address(name), image.address(name), name);
            }
            assertEquals(file.elf().buildId(), image.elf().buildId());
        }
    }

    @Test
    void fileThatOnlyHasTheRightNameIsComparedWithMemory() throws Exception {
        try (Running running = Running.start(sleep().toString(), "60")) {
            TargetProcess process = running.target();
            Mapping libc = mapping(process, "libc.so.6");
            FakeProc proc =
                    new FakeProc(folder.resolve("proc")).process(running.pid(), "sleep", 'S');
            TargetProcess blind = TargetProcess.of(proc.files(), running.pid());
            Mapping misnamed =
                    new Mapping(
                            libc.start(),
                            libc.end(),
                            libc.permissions(),
                            0,
                            1,
                            1,
                            libm().toString());
            String line = "%x-%x r--p 0 0:1 1 %s\n".formatted(libc.start(), libc.end(), libm());
            MemoryMaps maps = MemoryMaps.parse(line.getBytes(StandardCharsets.UTF_8));
            assertFalse(blind.file(misnamed).isProved());
            assertThrows(
                    IOException.class,
                    () ->
                            LoadedElf.open(
                                    blind,
                                    memory(process),
                                    maps,
                                    maps.list().getFirst(),
                                    Arena.ofAuto()));
            Mapping named =
                    new Mapping(libc.start(), libc.end(), libc.permissions(), 0, 1, 1, libc.path());
            assertTrue(
                    LoadedElf.open(blind, memory(process), maps, named, Arena.ofAuto())
                            .address("malloc")
                            .isPresent());
        }
    }

    // internals

    private static LiveMemory memory(TargetProcess process) {
        return new LiveMemory(new Linux(), process.pid());
    }

    private static LoadedElf open(TargetProcess process, Mapping mapping) throws IOException {
        return LoadedElf.open(process, memory(process), process.maps(), mapping, Arena.ofAuto());
    }

    private static void awaitSleep(TargetProcess process) {
        Running.await(
                "sleep runs in it",
                () -> {
                    try {
                        return process.executable().endsWith("bin/sleep");
                    } catch (IOException e) {
                        return false;
                    }
                });
    }

    private static void everyFileIsProved(TargetProcess process) throws IOException {
        Mapping libc = mapping(process, "libc.so.6");
        MappedFile file = process.file(libc);
        assertTrue(file.isProved(), file.toString());
        assertTrue(open(process, libc).address("malloc").isPresent());
        for (Mapping mapping : process.maps().files()) {
            assertTrue(process.file(mapping).isProved(), mapping.toString());
        }
    }

    /** A folder with sleep and what it needs, at the same paths as here. */
    private Path rootWithSleep() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root"));
        try (Running running = Running.start(sleep().toString(), "60")) {
            TargetProcess process = running.target();
            mapping(process, "libc.so.6");
            for (Mapping mapping : process.maps().files()) {
                copy(root, Path.of(mapping.path()), mapping.path());
            }
            String loader = Elf.open(sleep(), Arena.ofAuto()).interpreter().orElseThrow();
            copy(root, Path.of(loader).toRealPath(), loader);
        }
        copy(root, sleep(), "/bin/sleep");
        for (String name : List.of("libc.so.6")) {
            Path real = Path.of("/lib").resolve(name);
            if (Files.exists(real)) {
                copy(root, real.toRealPath(), "/lib/" + name);
            }
        }
        Path lib = root.resolve("lib");
        if (!Files.exists(lib)) {
            Files.createSymbolicLink(lib, Path.of("usr/lib"));
        }
        return root;
    }

    private static void copy(Path root, Path from, String to) throws IOException {
        Path target = root.resolve(to.substring(1));
        Files.createDirectories(target.getParent());
        if (!Files.exists(target)) {
            Files.copy(from, target);
            target.toFile().setExecutable(true, false);
        }
    }

    private static Path libm() throws IOException {
        MemoryMaps maps = MemoryMaps.read(ProcFiles.system(), (int) ProcessHandle.current().pid());
        return Path.of(
                Arrays.stream(maps.list().toArray(Mapping[]::new))
                        .filter(mapping -> mapping.fileName().equals("libm.so.6"))
                        .findFirst()
                        .orElseGet(() -> Assumptions.abort("this JVM has no libm.so.6"))
                        .path());
    }
}
