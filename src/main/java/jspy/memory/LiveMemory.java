package jspy.memory;

import jspy.os.Errno;
import jspy.os.LinuxKernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A running Linux process read by {@code process_vm_readv}. One reading thread an instance. */
public final class LiveMemory implements TargetMemory {
    private static final long IOVEC_BYTES = 16;

    private final LinuxKernel kernel;
    private final int pid;

    /** The local iovec, then the remote one of a single read. */
    private final MemorySegment iovecs = Arena.ofAuto().allocate(2 * IOVEC_BYTES, 8);

    private long calls;
    private int lastErrno;

    public LiveMemory(LinuxKernel kernel, int pid) {
        this.kernel = kernel;
        this.pid = pid;
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        iovecs.set(ValueLayout.JAVA_LONG, 0, into.address() + offset);
        iovecs.set(ValueLayout.JAVA_LONG, 8, length);
        iovecs.set(ValueLayout.JAVA_LONG, 16, address);
        iovecs.set(ValueLayout.JAVA_LONG, 24, length);
        calls++;
        long copied =
                kernel.processVmReadv(pid, iovecs.address(), 1, iovecs.address() + IOVEC_BYTES, 1);
        return copied >= 0 ? (int) copied : status((int) -copied);
    }

    @Override
    public int readAll(ReadList list, int first) {
        int done = first;
        while (done < list.count()) {
            int next = Math.min(list.count(), done + ReadList.MAX_RANGES_PER_CALL);
            long from = list.offset(done);
            long to = next == list.count() ? list.usedBytes() : list.offset(next);
            iovecs.set(ValueLayout.JAVA_LONG, 0, list.buffer().address() + from);
            iovecs.set(ValueLayout.JAVA_LONG, 8, to - from);
            calls++;
            long copied =
                    kernel.processVmReadv(
                            pid, iovecs.address(), 1, list.iovecAddress(done), next - done);
            if (copied < 0) {
                int status = status((int) -copied);
                return status == FAULT || done > first ? done : status;
            }
            if (copied < to - from) {
                return rangesWithin(list, done, from + copied);
            }
            done = next;
        }
        return done;
    }

    @Override
    public String how() {
        return "process_vm_readv";
    }

    /** System calls made so far. */
    public long calls() {
        return calls;
    }

    /** The errno of the last read that failed with a negative status. */
    public int lastErrno() {
        return lastErrno;
    }

    @Override
    public void close() {}

    // internals

    /**
     * How many ranges, from {@code first} on, end at or before {@code bufferEnd}; the one after
     * them faulted.
     */
    private static int rangesWithin(ReadList list, int first, long bufferEnd) {
        int range = first;
        while (range < list.count() && list.offset(range) + list.lengthBytes(range) <= bufferEnd) {
            range++;
        }
        return range;
    }

    private int status(int errno) {
        lastErrno = errno;
        return switch (errno) {
            case Errno.EFAULT -> FAULT;
            case Errno.ESRCH -> GONE;
            case Errno.EPERM, Errno.EACCES -> DENIED;
            default -> FAILED;
        };
    }
}
