package jspy.binary;

/** The symbols that a file offers to the loader, found by hash where the file has a hash table. */
final class DynamicSymbols {
    private final SymbolTable table;
    private final GnuHash gnuHash;
    private final SysvHash sysvHash;

    private DynamicSymbols(SymbolTable table, GnuHash gnuHash, SysvHash sysvHash) {
        this.table = table;
        this.gnuHash = gnuHash;
        this.sysvHash = sysvHash;
    }

    /**
     * Through the program headers alone, as the loader does; null when the file has none (static).
     */
    static DynamicSymbols readOrNull(LoadedBytes loaded) throws BinaryFormatException {
        ElfSegment segment = loaded.firstOrNull(ElfSegment.DYNAMIC);
        if (segment == null) {
            return null;
        }
        DynamicTable dynamic = DynamicTable.read(loaded.contents(segment));
        if (dynamic.symbols() == 0 || dynamic.strings() == 0) {
            return null;
        }
        GnuHash gnu = dynamic.gnuHash() == 0 ? null : new GnuHash(loaded.from(dynamic.gnuHash()));
        SysvHash sysv =
                dynamic.sysvHash() == 0 ? null : new SysvHash(loaded.from(dynamic.sysvHash()));
        if (gnu == null && sysv == null) {
            return null;
        }
        long count = sysv != null ? sysv.symbolCount() : gnu.symbolCount();
        SymbolTable table =
                new SymbolTable(
                        loaded.at(dynamic.symbols(), count * SymbolTable.ENTRY_BYTES),
                        loaded.at(dynamic.strings(), dynamic.stringsSizeBytes()));
        return new DynamicSymbols(table, gnu, sysv);
    }

    SymbolTable table() {
        return table;
    }

    ElfSymbol findOrNull(byte[] name) throws BinaryFormatException {
        long index = gnuHash != null ? gnuHash.find(name, table) : sysvHash.find(name, table);
        return index < 0 ? null : table.symbol(index);
    }
}
