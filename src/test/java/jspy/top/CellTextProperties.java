package jspy.top;

import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CellTextProperties {
    @Property(tries = 300)
    void anyTextIsHarmlessAndFits(@ForAll String text, @ForAll @IntRange(max = 90) int cells) {
        for (String shown :
                new String[] {
                    CellText.start(text, cells),
                    CellText.end(text, cells),
                    CellText.padded(text, cells)
                }) {
            assertTrue(CellText.width(shown) <= cells, shown);
            assertTrue(shown.chars().noneMatch(Character::isISOControl), shown);
            assertTrue(shown.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF), shown);
        }
        assertTrue(CellText.width(CellText.padded(text, cells)) == cells);
    }
}
