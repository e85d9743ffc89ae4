package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

final class TargetTextTest {
    @Test
    void ordinaryNamesStayAsTheyAre() {
        String name = "Größe.<locals>.日本語 🐍 (C:\\a b.py)";
        assertSame(name, TargetText.visible(name));
    }

    @Test
    void whatCannotBeSeenIsSpeltAsPythonDoes() {
        assertEquals(
                "\\n\\r\\t\\x00\\x1b\\x7f\\x85", TargetText.visible("\n\r\t\0\u001b\u007f\u0085"));
        assertEquals(
                "a\\u202eb\\u2028\\ufeff\\uffff", TargetText.visible("a\u202eb\u2028\ufeff\uffff"));
        assertEquals("\\ud800x\\udc00", TargetText.visible("\ud800x\udc00"));
        assertEquals("\\U0001ffff\\U000e0001", TargetText.visible("\ud83f\udfff\udb40\udc01"));
    }

    @Test
    void longNamesAreCutBetweenCharacters() {
        assertEquals("aaa…", TargetText.visible("a".repeat(100_000), 3));
        assertEquals("aaa", TargetText.visible("aaa", 3));
        assertEquals("a🐍…", TargetText.visible("a🐍🐍", 3));
        assertEquals("a🐍🐍…", TargetText.visible("a🐍🐍🐍", 4));
        assertEquals("\\n…", TargetText.visible("\n\n\n", 2));
    }

    @Test
    void xmlHasNoMarkupLeft() {
        assertEquals(
                "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;]]&gt;",
                TargetText.xml("<a b=\"c\" d='e'>&amp;]]>"));
    }
}
