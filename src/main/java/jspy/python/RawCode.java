package jspy.python;

/**
 * What was copied of one code object while its frame stood still: the struct and the objects it
 * points to, each with its header, each {@code null} where nothing could be read and shorter than
 * its own size says where the copy was cut.
 *
 * @param address of the code object in the target
 * @param code {@code PyCodeObject}
 * @param name {@code co_name}
 * @param qualname {@code co_qualname}, from 3.11
 * @param filename {@code co_filename}
 * @param lineTable {@code co_lnotab} or {@code co_linetable}, a bytes object
 */
public record RawCode(
        long address,
        byte[] code,
        byte[] name,
        byte[] qualname,
        byte[] filename,
        byte[] lineTable) {}
