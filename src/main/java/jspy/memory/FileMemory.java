package jspy.memory;

import jspy.os.Errno;
import jspy.os.LinuxKernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A running Linux process read through {@code /proc/PID/mem}: where {@code process_vm_readv} is
 * missing (gVisor, qemu) or filtered. A call for every range. One reading thread an instance.
 */
public final class FileMemory implements TargetMemory {
    private final LinuxKernel kernel;
    private final int descriptor;
    private final String path;

    private FileMemory(LinuxKernel kernel, int descriptor, String path) {
        this.kernel = kernel;
        this.descriptor = descriptor;
        this.path = path;
    }

    /** The memory file of a process, {@code /proc/PID/mem}; null when it cannot be opened. */
    public static FileMemory open(LinuxKernel kernel, String path) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = kernel.openReadOnly(arena.allocateFrom(path).address());
            return descriptor < 0 ? null : new FileMemory(kernel, descriptor, path);
        }
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        long got = kernel.pread(descriptor, into.address() + offset, length, address);
        // A process that has ended reads as an empty file.
        return got > 0 || length == 0 ? (int) got : got == 0 ? GONE : status((int) -got);
    }

    @Override
    public int readAll(ReadList list, int first) {
        for (int range = first; range < list.count(); range++) {
            int length = (int) list.lengthBytes(range);
            int got = read(list.address(range), list.buffer(), list.offset(range), length);
            if (got == GONE || got == DENIED) {
                return got;
            }
            if (got < length) {
                return range;
            }
        }
        return list.count();
    }

    @Override
    public String how() {
        return path;
    }

    @Override
    public void close() {
        kernel.close(descriptor);
    }

    // internals

    private static int status(int errno) {
        return switch (errno) {
            case Errno.EIO, Errno.EFAULT -> FAULT;
            case Errno.ESRCH -> GONE;
            case Errno.EPERM, Errno.EACCES -> DENIED;
            default -> FAILED;
        };
    }
}
