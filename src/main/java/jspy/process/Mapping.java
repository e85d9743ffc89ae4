package jspy.process;

/**
 * One line of {@code /proc/PID/maps}. {@code path} is as the kernel writes it: empty for anonymous
 * memory, {@code [stack]} and its like, a newline as {@code \012}, a deleted file with {@code "
 * (deleted)"} behind its name.
 */
public record Mapping(
        long start, long end, int permissions, long offset, long device, long inode, String path) {

    public static final int READ = 4;
    public static final int WRITE = 2;
    public static final int EXECUTE = 1;
    public static final int SHARED = 8;

    private static final String DELETED = " (deleted)";

    public long sizeBytes() {
        return end - start;
    }

    public boolean isReadable() {
        return (permissions & READ) != 0;
    }

    public boolean isWritable() {
        return (permissions & WRITE) != 0;
    }

    public boolean isExecutable() {
        return (permissions & EXECUTE) != 0;
    }

    public boolean isFile() {
        return inode != 0 && path.startsWith("/");
    }

    /**
     * The name may belong to another file by now. A file that is really called so looks the same.
     */
    public boolean isDeleted() {
        return path.endsWith(DELETED);
    }

    /** The path as the file system knows it. */
    public String filePath() {
        String name = isDeleted() ? path.substring(0, path.length() - DELETED.length()) : path;
        return name.replace("\\012", "\n");
    }

    /** The last part of the path. */
    public String fileName() {
        String name = filePath();
        return name.substring(name.lastIndexOf('/') + 1);
    }

    public boolean isSameFileAs(Mapping other) {
        return inode == other.inode && device == other.device && path.equals(other.path);
    }

    public boolean contains(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }
}
