package jspy.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.util.List;

/** Whatever the target's memory holds: no exception, and an end. */
class HostileTargetProperties {
    private static final List<PythonVersion> VERSIONS =
            List.of(
                    PythonVersion.of(3, 8, 18),
                    PythonVersion.of(3, 9, 18),
                    PythonVersion.of(3, 10, 13),
                    PythonVersion.of(3, 11, 7),
                    PythonVersion.of(3, 12, 1),
                    PythonVersion.of(3, 13, 0),
                    PythonVersion.of(3, 14, 3));

    /** More than any of these needs; a pass over a table of four million entries is 4096 blocks. */
    private static final long READS = 100_000;

    @Provide
    Arbitrary<PythonVersion> versions() {
        return Arbitraries.of(VERSIONS);
    }

    @Property
    void namesOfThreadsComeToAnEnd(
            @ForAll("versions") PythonVersion version,
            @ForAll long seed,
            @ForAll boolean everywhere,
            @ForAll @IntRange(max = 1 << 14) int head) {
        HostileMemory memory = new HostileMemory(seed, everywhere);
        Offsets offsets = LayoutCatalog.offsets(version);
        PythonRuntime runtime =
                new PythonRuntime(
                        version,
                        offsets,
                        HostileMemory.BASE,
                        HostileMemory.BASE + head,
                        "",
                        "",
                        false);
        new ThreadNames(memory, runtime, READS).read();
        Peek peek = new Peek(memory, READS);
        new RuntimeCheck(peek, runtime).check(runtime.interpretersHeadAddress(), true);
        assertTrue(memory.reads() <= 2 * READS, () -> memory.reads() + " reads");
    }

    @Property
    void objectsOfAnyBytesAreReadOrAbsent(
            @ForAll("versions") PythonVersion version,
            @ForAll long seed,
            @ForAll boolean everywhere,
            @ForAll @IntRange(max = 1 << 14) int at) {
        HostileMemory memory = new HostileMemory(seed, everywhere);
        long address = HostileMemory.BASE + at;
        Peek peek = new Peek(memory, READS);
        Offsets offsets = LayoutCatalog.offsets(version);
        ObjectReader objects = new ObjectReader(peek, offsets, version);
        objects.intValue(address);
        objects.typeName(objects.typeOf(address));
        objects.attribute(address, "_name");
        objects.item(address, "threading");
        objects.forEachAttribute(address, (key, value) -> true);
        objects.dicts().forEach(address, (key, value) -> true);
        String text = objects.text(address, 1000).orElse("");
        assertTrue(text.length() <= 2 * 1000 + 1, "as long as was asked for");
        new UnicodeText(offsets).read(memory, address, Integer.MAX_VALUE);
    }

    @Property
    void localsOfAnyBytesAreShown(
            @ForAll("versions") PythonVersion version,
            @ForAll long seed,
            @ForAll boolean everywhere,
            @ForAll @IntRange(max = 1 << 14) int frame,
            @ForAll @IntRange(max = 1 << 14) int code) {
        HostileMemory memory = new HostileMemory(seed, everywhere);
        Offsets offsets = LayoutCatalog.offsets(version);
        PythonRuntime runtime = new PythonRuntime(version, offsets, 0, 0, "", "", false);
        List<Local> locals =
                new Locals(memory, runtime, 50, READS)
                        .of(HostileMemory.BASE + frame, HostileMemory.BASE + code);
        assertTrue(locals.stream().allMatch(local -> local.text().length() <= 53));
        assertTrue(memory.reads() <= READS, () -> memory.reads() + " reads");
    }

    @Property
    void copiesOfAnyBytesAreDecoded(
            @ForAll("versions") PythonVersion version,
            @ForAll @Size(max = 256) byte[] code,
            @ForAll @Size(max = 128) byte[] name,
            @ForAll @Size(max = 128) byte[] qualname,
            @ForAll @Size(max = 128) byte[] filename,
            @ForAll @Size(max = 128) byte[] lines,
            @ForAll long offset) {
        CodeDecoder decoder = new CodeDecoder(LayoutCatalog.offsets(version), version);
        CodeInfo info = decoder.decode(new RawCode(1, code, name, qualname, filename, lines));
        assertTrue(info.firstLine() >= 0 && info.lineAt(offset) >= 0);
        decoder.decode(new RawCode(1, code, null, null, null, null)).lineAt(offset);
        decoder.decode(new RawCode(1, null, null, null, null, null)).lineAt(offset);
    }

    @Property
    void anyTextHasAVersionOrNone(@ForAll String text) {
        VersionFinder.parse(text);
        VersionFinder.parse("3." + text + " (x)");
    }
}
