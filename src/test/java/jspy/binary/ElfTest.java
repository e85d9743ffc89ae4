package jspy.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.binary.BinaryFormatException.Kind;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

class ElfTest {
    private static final List<String> NAMES =
            List.of("_PyRuntime", "Py_Version", "a", "__rseq_offset");

    @Test
    void symbolsAreFoundWithoutSectionHeaders() throws Exception {
        Elf elf = Elf.of(ElfFiles.segment(ElfFiles.library(NAMES)));
        for (int i = 0; i < NAMES.size(); i++) {
            ElfSymbol symbol = elf.symbol(NAMES.get(i)).orElseThrow();
            assertEquals(
                    new ElfSymbol(NAMES.get(i), (i + 1) * 0x100L, 8, ElfSymbol.OBJECT), symbol);
        }
        assertEquals(Optional.empty(), elf.symbol("_PyRuntim"));
        assertEquals(Optional.empty(), elf.symbol(""));
        assertFalse(elf.hasSymbolTable());
        List<String> listed = new ArrayList<>();
        elf.symbols().forEach(symbol -> listed.add(symbol.name()));
        assertEquals(NAMES, listed);
    }

    @Test
    void whatIsOfferedIsLookedUpAndNotLookedFor() throws Exception {
        Elf stripped = Elf.of(ElfFiles.segment(ElfFiles.library(NAMES)));
        assertEquals(stripped.symbol("Py_Version"), stripped.offered("Py_Version"));
        assertEquals(Optional.empty(), stripped.offered("Py_Versio"));
    }

    @Test
    void buildIdAndInterpreterAreRead() throws Exception {
        Elf elf = Elf.of(ElfFiles.segment(ElfFiles.library(NAMES)));
        assertEquals(Optional.of("cafe0102"), elf.buildId());
        assertEquals(Optional.of("/lib/ld-test.so"), elf.interpreter());
        assertEquals("x86-64", elf.header().machineName());
        assertEquals(ElfHeader.Type.DYNAMIC, elf.header().type());
    }

    @Test
    void loadBiasIsTheDistanceOfTheMappingFromTheSegment() throws Exception {
        byte[] file = ElfFiles.library(NAMES);
        assertEquals(
                OptionalLong.of(0x7f00_0000_0000L - ElfFiles.ADDRESS),
                Elf.of(ElfFiles.segment(file)).loadBias(0x7f00_0000_0000L, 0));
        assertEquals(
                OptionalLong.empty(),
                Elf.of(ElfFiles.segment(file)).loadBias(0x7f00_0000_0000L, 0x9000));
        file[16] = 2;
        assertEquals(OptionalLong.of(0), Elf.of(ElfFiles.segment(file)).loadBias(0x400000, 0));
    }

    @Test
    void copyOfALoadedLibraryHasItsSymbolsThoughTheLoaderMadeItsAddressesAbsolute()
            throws Exception {
        long base = 0x5555_0000_1000L;
        byte[] file = ElfFiles.library(NAMES);
        ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = ElfFiles.DYNAMIC + 8; at < ElfFiles.DYNAMIC + 0x40; at += 16) {
            if (words.getLong(at) > ElfFiles.ADDRESS) {
                words.putLong(at, words.getLong(at) - ElfFiles.ADDRESS + base);
            }
        }
        Elf elf = Elf.ofImage(ElfFiles.segment(file), base);
        assertEquals(0x400, elf.symbol("__rseq_offset").orElseThrow().address());
        assertEquals(Optional.of("cafe0102"), elf.buildId());
    }

    @Test
    void thirtyTwoBitFileIsRecognisedAndRefused() throws Exception {
        byte[] file = ElfFiles.library(NAMES);
        file[4] = 1;
        file[18] = 3;
        ElfHeader header = ElfHeader.read(new Bytes(ElfFiles.segment(file)));
        assertFalse(header.is64Bit());
        assertEquals("i386", header.machineName());
        BinaryFormatException refused =
                assertThrows(BinaryFormatException.class, () -> Elf.of(ElfFiles.segment(file)));
        assertEquals(Kind.UNSUPPORTED, refused.kind());
        assertEquals("32-bit ELF file (i386)", refused.getMessage());
    }

    @Test
    void otherFilesAreNotElf(@TempDir Path folder) throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
        for (Path path : List.of(script, folder, Files.createFile(folder.resolve("empty")))) {
            BinaryFormatException refused =
                    assertThrows(BinaryFormatException.class, () -> Elf.open(path, Arena.ofAuto()));
            assertEquals(Kind.NOT_THIS_FORMAT, refused.kind());
        }
    }

    @Test
    void fileThatShrinksWhileItIsReadIsATypedFailure(@TempDir Path folder) throws IOException {
        Path path = Files.write(folder.resolve("lib.so"), ElfFiles.library(NAMES));
        try (Arena arena = Arena.ofShared()) {
            Elf elf = Elf.open(path, arena);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            BinaryFormatException refused =
                    assertThrows(BinaryFormatException.class, () -> elf.symbol("_PyRuntime"));
            assertEquals(Kind.CORRUPT, refused.kind());
        }
    }

    @Test
    void realLibraryAnswersByHashWhatItsListSays() throws IOException {
        Assumptions.assumeTrue(ElfFiles.hasLibraries(), "this JDK has no libjvm.so");
        Elf elf = Elf.open(ElfFiles.libjvm(), Arena.ofAuto());
        Map<String, Long> listed = new HashMap<>();
        for (ElfSymbol symbol : elf.symbols()) {
            listed.put(symbol.name(), symbol.address());
        }
        assertTrue(listed.size() > 100, "symbols: " + listed.size());
        assertEquals(
                listed.get("JNI_CreateJavaVM"),
                elf.symbol("JNI_CreateJavaVM").orElseThrow().address());
        assertEquals(Optional.empty(), elf.symbol("no_such_symbol"));
        ElfSection text = elf.section(".text").orElseThrow();
        assertEquals(text.sizeBytes(), elf.contents(text).byteSize());
        ElfSection zeroes = elf.section(".bss").orElseThrow();
        assertTrue(zeroes.isWritable());
        assertEquals(0, elf.contents(zeroes).byteSize());
    }

    @Test
    void realLibraryReadsTheSameWhenItsSectionHeadersAreStripped() throws IOException {
        Assumptions.assumeTrue(ElfFiles.hasLibraries(), "this JDK has no libjimage.so");
        byte[] file = Files.readAllBytes(ElfFiles.smallLibrary());
        Elf whole = Elf.of(ElfFiles.segment(file));
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(40, 0).putInt(60, 0);
        Elf stripped = Elf.of(MemorySegment.ofArray(file));
        assertEquals(List.of(), stripped.sections());
        assertEquals(whole.symbol("JIMAGE_Open"), stripped.symbol("JIMAGE_Open"));
        assertTrue(stripped.symbol("JIMAGE_Open").isPresent());
        assertEquals(whole.buildId(), stripped.buildId());
    }
}
