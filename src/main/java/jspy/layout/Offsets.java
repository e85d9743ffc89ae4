package jspy.layout;

/**
 * Where every field that jspy reads lies in one CPython build: the layouts of a version, flattened
 * once at attach so that the hot path adds a long to an address and looks nothing up.
 *
 * <p>All values are byte offsets from the start of the struct unless the name says otherwise
 * (masks, sizes); a field that this version lacks is {@link #ABSENT}. C names are in the
 * component's documentation.
 */
public record Offsets(
        Runtime runtime,
        Interpreter interpreter,
        Gil gil,
        Thread thread,
        Frame frame,
        Code code,
        Objects objects,
        Dict dict) {

    /** The field does not exist in this version. */
    public static final long ABSENT = -1;

    /**
     * {@code _PyRuntimeState}. {@code gil}: {@code ceval.gil} (3.7 to 3.11, else ABSENT); {@code
     * interpretersHead}: {@code interpreters.head}. Before 3.7 the runtime struct does not exist.
     */
    public record Runtime(long interpretersHead, long gil, long finalizing) {}

    /**
     * {@code PyInterpreterState}. {@code threadsHead}: {@code threads.head} or {@code tstate_head};
     * {@code gilPointer}: {@code ceval.gil} (3.12+, a pointer); {@code modules}: {@code
     * imports.modules} or {@code modules}; {@code codeObjectGeneration}: 3.14+; {@code
     * gcCollecting}: {@code gc.collecting}, from the start of the interpreter (3.9+; before, the
     * collector belongs to the runtime); {@code tlbcGeneration}: free-threaded 3.14+.
     */
    public record Interpreter(
            long next,
            long id,
            long threadsHead,
            long gilPointer,
            long modules,
            long sysdict,
            long gc,
            long gcCollecting,
            long codeObjectGeneration,
            long tlbcGeneration) {}

    /**
     * {@code struct _gil_runtime_state}: {@code last_holder}, {@code locked} (int), {@code
     * switch_number}.
     */
    public record Gil(long lastHolder, long locked, long switchNumber) {}

    /**
     * {@code PyThreadState}. {@code top}: where the innermost frame hangs: {@code frame} (to 3.10),
     * {@code cframe} (3.11, 3.12: a pointer to a {@code _PyCFrame}), {@code current_frame} (3.13+).
     * {@code cframeCurrentFrame}: {@code _PyCFrame.current_frame}, ABSENT where there is no such
     * hop. {@code size}: the bytes up to the end of the last field named here, not the struct's.
     * {@code currentException}: {@code curexc_type} to 3.11.
     */
    public record Thread(
            long size,
            long prev,
            long next,
            long interp,
            long top,
            long cframeCurrentFrame,
            long threadId,
            long nativeThreadId,
            long datastackChunk,
            long datastackTop,
            long status,
            long state,
            long holdsGil,
            long baseFrame,
            long excInfo,
            long currentException) {}

    /**
     * {@code PyFrameObject} (to 3.10) or {@code _PyInterpreterFrame} (3.11+). {@code previous}:
     * {@code f_back} or {@code previous}; {@code code}: {@code f_code} or {@code f_executable};
     * {@code instruction}: {@code f_lasti} (an int), {@code prev_instr} or {@code instr_ptr}
     * (pointers). {@code size}: bytes up to {@code localsplus}. {@code ownerShimMin}: the first
     * value of {@code owner} that is no Python frame (C stack, interpreter sentinel), ABSENT before
     * 3.12. {@code codeTagMask}: the bits to clear in {@code code}, 0 before 3.14. {@code
     * stackTop}: {@code f_stacktop} (a pointer, to 3.9), {@code f_stackdepth} (an int, 3.10),
     * {@code stacktop} (an int, 3.11 to 3.13), {@code stackpointer} (a pointer, 3.14+).
     */
    public record Frame(
            long size,
            long previous,
            long code,
            long instruction,
            long owner,
            long localsplus,
            long stackTop,
            long tlbcIndex,
            long ownerShimMin,
            long codeTagMask) {}

    /**
     * {@code PyCodeObject}. {@code lineTable}: {@code co_lnotab} or {@code co_linetable}; {@code
     * qualname}: 3.11+; {@code codeAdaptive}: {@code co_code_adaptive}, 3.11+; {@code localNames}:
     * {@code co_varnames} or {@code co_localsplusnames}. {@code version}: {@code co_version},
     * 3.12+: no two code objects of a process have the same, until four billion were made.
     */
    public record Code(
            long size,
            long filename,
            long name,
            long qualname,
            long firstLine,
            long lineTable,
            long codeAdaptive,
            long flags,
            long argumentCount,
            long positionalOnlyCount,
            long keywordOnlyCount,
            long localNames,
            long localKinds,
            long cellNames,
            long freeNames,
            long tlbc,
            long version) {}

    /**
     * Built-in objects: header, str (PEP 393 from 3.3), bytes, tuple, list, int, float, type.
     * {@code unicodeStateInterned…}: shifts and widths of the bit-field {@code
     * PyASCIIObject.state}, in bits from its start.
     */
    public record Objects(
            long headerSize,
            long type,
            long varSize,
            long typeName,
            long typeFlags,
            long typeBasicSize,
            long typeDictOffset,
            long typeCachedKeys,
            long unicodeLength,
            long unicodeState,
            long unicodeKindShift,
            long unicodeCompactShift,
            long unicodeAsciiShift,
            long asciiData,
            long compactData,
            long legacyData,
            long bytesData,
            long tupleItems,
            long listItems,
            long floatValue,
            long longTag,
            long longDigits,
            long setUsed,
            long setTable,
            long setMask) {}

    /**
     * {@code PyDictObject} and {@code struct _dictkeysobject}. {@code keysLog2Size}: {@code
     * dk_log2_size} (3.11+), ABSENT where {@code keysSize} ({@code dk_size}) holds the size itself;
     * {@code keysKind}: {@code dk_kind} (3.11+). 3.3 to 3.5 have no index: {@code keysEntryCount}
     * is ABSENT and {@code keysIndices} is {@code dk_entries}. In 2.7 {@code keys} is {@code
     * ma_table}, the entries themselves, and {@code keysSize} is {@code ma_mask}, of the dict.
     */
    public record Dict(
            long used,
            long keys,
            long values,
            long keysSize,
            long keysLog2Size,
            long keysLog2IndexBytes,
            long keysKind,
            long keysEntryCount,
            long keysIndices,
            long valuesItems) {}
}
