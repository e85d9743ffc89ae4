package jspy.memory;

import java.lang.foreign.MemorySegment;

/**
 * The memory of the process that is looked at: live, a snapshot, a core file, or jspy's own.
 *
 * <p>Addresses are the target's, as longs. Nothing here throws because of what the target holds: a
 * read that could not be made is a negative status. One thread at a time may use an instance; each
 * reading thread has its own.
 */
public interface TargetMemory extends AutoCloseable {

    /** Nothing is mapped at the address that was asked for (EFAULT). */
    int FAULT = -1;

    /** The process is gone (ESRCH). */
    int GONE = -2;

    /** The operating system refused (EPERM, EACCES). */
    int DENIED = -3;

    /** Some other failure; a live memory remembers its errno. */
    int FAILED = -4;

    /**
     * Copies up to {@code length} bytes at {@code address} to {@code into} at {@code offset}.
     *
     * @return the bytes copied, from the start of the range (fewer than asked where the mapping
     *     ends), or a negative status
     */
    int read(long address, MemorySegment into, long offset, int length);

    /**
     * Copies the ranges of the list from number {@code first} on to the list's buffer, in order, in
     * as few calls as the system allows.
     *
     * @return the number of leading ranges of the list that hold their copies now ({@code
     *     list.count()} on success; else the range of that number faulted), or a negative status
     *     when nothing could be read
     */
    int readAll(ReadList list, int first);

    /**
     * How memory is read here, for people: {@code process_vm_readv}, {@code /proc/PID/mem}, {@code
     * snapshot}.
     */
    String how();

    @Override
    void close();
}
