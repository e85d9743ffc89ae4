package jspy.process;

import jspy.binary.Elf;
import jspy.binary.ElfHeader;
import jspy.os.Errno;
import jspy.process.AttachException.Reason;
import jspy.process.TargetProcess.State;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Asks, before anything is read, whether a pid is a process that can be looked at, and says why
 * not: the words of {@code jspy doctor} and of every command's errors.
 */
public final class AttachCheck {
    private final ProcFiles proc;

    public AttachCheck(ProcFiles proc) {
        this.proc = proc;
    }

    /** The process, which is there and whose maps and memory may be read. */
    public TargetProcess attach(int pid) throws AttachException {
        String tried = "process " + pid;
        if (pid == ProcessHandle.current().pid()) {
            throw new AttachException(Reason.SELF, tried, "that is jspy itself", "");
        }
        TargetProcess process = find(pid, tried);
        checkKind(process, tried);
        checkMaps(process, tried);
        checkMemory(process, tried);
        checkMachine(process, tried);
        return process;
    }

    /** Why reading the process failed, after the fact: it ended, or something forbids it. */
    public AttachException explain(TargetProcess process, String tried, int errno) {
        return switch (errno) {
            case Errno.EPERM, Errno.EACCES -> denied(process, tried);
            case Errno.ESRCH -> new AttachException(Reason.ENDED, tried, "it has ended", "");
            case Errno.ENOSYS ->
                    new AttachException(
                            Reason.FAILED,
                            tried,
                            "this kernel has no process_vm_readv (gVisor and qemu-user lack it)",
                            "");
            default -> new AttachException(Reason.FAILED, tried, Errno.name(errno), "");
        };
    }

    // internals

    private TargetProcess find(int pid, String tried) throws AttachException {
        if (pid <= 0) {
            throw new AttachException(Reason.NO_SUCH_PROCESS, tried, "process ids start at 1", "");
        }
        try {
            return TargetProcess.of(proc, pid);
        } catch (IOException e) {
            throw new AttachException(
                    Reason.NO_SUCH_PROCESS,
                    tried,
                    "there is none" + hiding(),
                    "ps -e lists what is there");
        }
    }

    /** {@code hidepid} hides the processes of others. */
    private String hiding() {
        try {
            for (String line : proc.text("self/mounts").split("\n")) {
                if (line.contains(" /proc proc ")
                        && line.matches(".*hidepid=([12]|invisible|noaccess|ptraceable).*")) {
                    return ", or it is another user's (/proc is mounted with hidepid)";
                }
            }
        } catch (IOException e) {
            return "";
        }
        return "";
    }

    private void checkKind(TargetProcess process, String tried) throws AttachException {
        try {
            int owner = process.status().threadGroup();
            if (owner > 0 && owner != process.pid()) {
                throw new AttachException(
                        Reason.THREAD_ID,
                        tried,
                        "that is a thread of process " + owner,
                        "use --pid " + owner);
            }
            if (process.stat().isKernelThread()) {
                throw new AttachException(
                        Reason.KERNEL_THREAD,
                        tried,
                        "that is a thread of the kernel (%s)".formatted(process.stat().name()),
                        "");
            }
        } catch (IOException e) {
            throw ended(tried);
        }
        State state = process.state();
        if (state == State.ZOMBIE) {
            throw new AttachException(
                    Reason.ENDED,
                    tried,
                    "it has ended, and its parent did not ask for its exit code yet (zombie)",
                    "");
        }
        if (state == State.GONE) {
            throw ended(tried);
        }
    }

    private void checkMaps(TargetProcess process, String tried) throws AttachException {
        try {
            if (process.maps().list().isEmpty()) {
                throw ended(tried);
            }
        } catch (AccessDeniedException e) {
            throw denied(process, tried);
        } catch (IOException e) {
            throw process.isAlive()
                    ? new AttachException(
                            Reason.FAILED,
                            tried,
                            "its memory maps cannot be read: " + e.getMessage(),
                            "")
                    : ended(tried);
        }
    }

    /**
     * Opens the memory and closes it again. The kernel asks the same rights for it as for
     * process_vm_readv, and more than for the maps: CAP_PERFMON opens those, and Yama does not
     * guard them.
     */
    private void checkMemory(TargetProcess process, String tried) throws AttachException {
        try {
            Files.newByteChannel(proc.path(process.memoryId(), "mem")).close();
        } catch (AccessDeniedException e) {
            throw denied(process, tried);
        } catch (IOException e) {
            if (!process.isAlive()) {
                throw ended(tried);
            }
        }
    }

    private void checkMachine(TargetProcess process, String tried) throws AttachException {
        ElfHeader own = headerOrNull(proc.root().resolve("self/exe"));
        ElfHeader target = headerOrNull(process.executableFile().path());
        if (target == null) {
            // not readable, or no ELF file (wine): whoever looks for an interpreter finds out
            return;
        }
        boolean foreign = own != null && own.machine() != target.machine();
        if (!target.is64Bit() || (foreign && !emulates(process, own))) {
            throw new AttachException(
                    Reason.UNSUPPORTED_PROGRAM,
                    tried,
                    "it is a %d-bit %s program; jspy reads 64-bit %s ones here"
                            .formatted(
                                    target.is64Bit() ? 64 : 32,
                                    target.machineName(),
                                    own == null ? "x86-64 and aarch64" : own.machineName()),
                    "");
        }
    }

    /**
     * Whether it is an emulator (qemu-user) that runs a program for jspy's own machine, as in a
     * container of another architecture: then jspy is emulated as well, and its program's files are
     * mapped beside the emulator's.
     */
    private static boolean emulates(TargetProcess process, ElfHeader own) {
        try {
            for (Mapping mapping : process.maps().files()) {
                ElfHeader file = headerOrNull(process.file(mapping).path());
                if (file != null && file.machine() == own.machine()) {
                    return true;
                }
            }
        } catch (IOException e) {
            return false;
        }
        return false;
    }

    private static ElfHeader headerOrNull(Path path) {
        try {
            return Elf.header(path);
        } catch (IOException e) {
            return null;
        }
    }

    private static AttachException ended(String tried) {
        return new AttachException(Reason.ENDED, tried, "it has ended", "");
    }

    private static AttachException denied(TargetProcess process, String tried) {
        try {
            Permission permission = Permission.of(PermissionFacts.of(process));
            return new AttachException(
                    Reason.NOT_PERMITTED,
                    tried,
                    "no permission: " + permission.why(),
                    permission.remedy());
        } catch (IOException e) {
            return process.isAlive()
                    ? new AttachException(
                            Reason.NOT_PERMITTED,
                            tried,
                            "no permission, not even to ask why: " + e.getMessage(),
                            "")
                    : ended(tried);
        }
    }
}
