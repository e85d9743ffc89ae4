package jspy.binary;

/**
 * A Frame Description Entry: the code it is about, as addresses before the load bias, and where its
 * instructions lie in their section.
 */
public final class CfiFunction {
    private final CfiCommon common;
    private final long start;
    private final long end;
    private final long instructionsAt;
    private final long instructionsEnd;

    CfiFunction(CfiCommon common, long start, long end, long instructionsAt, long instructionsEnd) {
        this.common = common;
        this.start = start;
        this.end = end;
        this.instructionsAt = instructionsAt;
        this.instructionsEnd = instructionsEnd;
    }

    public long start() {
        return start;
    }

    /** One behind the last byte of code. */
    public long end() {
        return end;
    }

    public boolean isSignalFrame() {
        return common.isSignalFrame();
    }

    /** DWARF number of the register whose rule says where the caller goes on. */
    public int returnAddressRegister() {
        return common.returnAddressRegister();
    }

    public boolean contains(long address) {
        return Long.compareUnsigned(address, start) >= 0 && Long.compareUnsigned(address, end) < 0;
    }

    CfiCommon common() {
        return common;
    }

    long instructionsAt() {
        return instructionsAt;
    }

    long instructionsEnd() {
        return instructionsEnd;
    }
}
