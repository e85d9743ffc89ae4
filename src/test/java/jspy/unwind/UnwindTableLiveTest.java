package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.nio.file.Path;
import java.util.stream.Stream;

/** Every row of the tables of real files is the one that readelf prints. */
class UnwindTableLiveTest {
    @TestFactory
    Stream<DynamicTest> tableSaysWhatReadelfSays() {
        Assumptions.assumeTrue(NativeFiles.hasReadelf(), "readelf is not on the PATH");
        return NativeFiles.wanted().stream()
                .map(wanted -> DynamicTest.dynamicTest(wanted.name(), () -> compare(wanted)));
    }

    private static void compare(NativeFiles.Wanted wanted) throws Exception {
        Path file = wanted.find();
        Assumptions.assumeTrue(file != null, wanted.name() + " is not on this machine");
        RowsTable.Compared compared = RowsTable.compare(file);
        System.out.printf(
                "%s: %d rows, %d rules, %.2f bytes a row%n",
                file.getFileName(),
                compared.rows(),
                compared.table().rules(),
                compared.bytesPerRow());
        assertTrue(compared.rows() > 1, "readelf says nothing of " + file);
        assertEquals(0, compared.differing(), file + ": " + compared.first());
        assertTrue(compared.bytesPerRow() <= 6, file + ": " + compared.bytesPerRow());
    }
}
