package jspy.python;

/**
 * A code object as it was copied from the target: each array is one object, header and data. An
 * array may be null or cut short when it could not be read; the decoder makes the best of it.
 *
 * @param address of the {@code PyCodeObject} in the target
 */
public record RawCode(
        long address,
        byte[] code,
        byte[] name,
        byte[] qualname,
        byte[] filename,
        byte[] lineTable) {}
