package jspy.process;

/**
 * Why a process cannot be looked at: what was tried, why it failed, and what helps. The message has
 * all three.
 */
public final class AttachException extends Exception {
    private static final long serialVersionUID = 1;

    /** The reason, for code. */
    public enum Reason {
        NO_SUCH_PROCESS,
        /** The id is that of a thread; the message names its process. */
        THREAD_ID,
        ENDED,
        KERNEL_THREAD,
        NOT_PERMITTED,
        /** 32-bit, or of another machine. */
        UNSUPPORTED_PROGRAM,
        /** jspy itself. */
        SELF,
        /** A program that jspy was to start. */
        NOT_STARTED,
        FAILED
    }

    private final Reason reason;
    private final String tried;
    private final String why;
    private final String remedy;

    /**
     * @param remedy what to do; empty when nothing helps
     */
    public AttachException(Reason reason, String tried, String why, String remedy) {
        super(
                remedy.isEmpty()
                        ? "%s: %s".formatted(tried, why)
                        : "%s: %s\n%s".formatted(tried, why, remedy));
        this.reason = reason;
        this.tried = tried;
        this.why = why;
        this.remedy = remedy;
    }

    public Reason reason() {
        return reason;
    }

    public String tried() {
        return tried;
    }

    public String why() {
        return why;
    }

    public String remedy() {
        return remedy;
    }
}
