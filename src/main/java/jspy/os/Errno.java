package jspy.os;

/**
 * The errno values that jspy tells apart, and names for the others. Linux,
 * asm-generic/errno-base.h.
 */
public final class Errno {
    public static final int EPERM = 1;
    public static final int ENOENT = 2;
    public static final int ESRCH = 3;
    public static final int EINTR = 4;
    public static final int EIO = 5;
    public static final int EACCES = 13;
    public static final int EFAULT = 14;
    public static final int EINVAL = 22;
    public static final int ENOSYS = 38;

    private Errno() {}

    /** {@code EPERM (1)}, or {@code errno 71} for one that has no name here. */
    public static String name(int errno) {
        return switch (errno) {
            case EPERM -> "EPERM (1)";
            case ENOENT -> "ENOENT (2)";
            case ESRCH -> "ESRCH (3)";
            case EINTR -> "EINTR (4)";
            case EIO -> "EIO (5)";
            case EACCES -> "EACCES (13)";
            case EFAULT -> "EFAULT (14)";
            case EINVAL -> "EINVAL (22)";
            case ENOSYS -> "ENOSYS (38)";
            default -> "errno " + errno;
        };
    }
}
