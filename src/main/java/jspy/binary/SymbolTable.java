package jspy.binary;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * One symbol table with its strings: {@code .symtab} or {@code .dynsym}. {@code Elf64_Sym}, elf.h
 */
final class SymbolTable implements Iterable<ElfSymbol> {
    static final int ENTRY_BYTES = 24;

    /** More symbols than any real file has; what lies above is not looked at. */
    static final long MAX_SYMBOLS = 20_000_000;

    private static final int MAX_NAME_BYTES = 4096;

    private final Bytes entries;
    private final Bytes names;
    private final long count;

    SymbolTable(Bytes entries, Bytes names) {
        this.entries = entries;
        this.names = names;
        count = Math.min(entries.sizeBytes() / ENTRY_BYTES, MAX_SYMBOLS);
    }

    long count() {
        return count;
    }

    /** Whether entry {@code index} is a defined symbol of that name. No string is built. */
    boolean isDefined(long index, byte[] name) throws BinaryFormatException {
        return index < count
                && entries.u16(index * ENTRY_BYTES + 6) != 0
                && names.isString(entries.u32(index * ENTRY_BYTES), name);
    }

    /** Index of the defined symbol of that name, looking at all entries; -1 when there is none. */
    long scan(byte[] name) throws BinaryFormatException {
        for (long i = 1; i < count; i++) {
            if (isDefined(i, name)) {
                return i;
            }
        }
        return -1;
    }

    ElfSymbol symbol(long index) throws BinaryFormatException {
        long at = index * ENTRY_BYTES;
        return new ElfSymbol(
                names.string(entries.u32(at), MAX_NAME_BYTES),
                entries.u64(at + 8),
                entries.u64(at + 16),
                entries.u8(at + 4) & 0xf);
    }

    /** The defined symbols that have a readable name, made one by one. */
    @Override
    public Iterator<ElfSymbol> iterator() {
        return new Iterator<>() {
            private long index;
            private ElfSymbol ahead;

            @Override
            public boolean hasNext() {
                try {
                    while (ahead == null && ++index < count) {
                        ahead = nameableOrNull(index);
                    }
                } catch (InternalError e) {
                    // the file was cut short while it is mapped: nothing more can be read
                    index = count;
                }
                return ahead != null;
            }

            @Override
            public ElfSymbol next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                ElfSymbol symbol = ahead;
                ahead = null;
                return symbol;
            }
        };
    }

    // internals

    private ElfSymbol nameableOrNull(long index) {
        try {
            if (entries.u16(index * ENTRY_BYTES + 6) == 0
                    || entries.u32(index * ENTRY_BYTES) == 0) {
                return null;
            }
            return symbol(index);
        } catch (BinaryFormatException e) {
            return null;
        }
    }
}
