package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PythonTextTest {
    /** What {@code repr(float)} gives. */
    @ParameterizedTest
    @CsvSource({
        "0.0, 0.0",
        "-0.0, -0.0",
        "1.0, 1.0",
        "0.1, 0.1",
        "-2.5, -2.5",
        "100.0, 100.0",
        "123456789012345.0, 123456789012345.0",
        "9999999999999998.0, 9999999999999998.0",
        "1e16, 1e+16",
        "1.5e16, 1.5e+16",
        "1e22, 1e+22",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "1.25e-7, 1.25e-07",
        "5e-324, 5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "NaN, nan",
        "Infinity, inf",
        "-Infinity, -inf"
    })
    void floatsAreAsPythonWritesThem(double value, String expected) {
        assertEquals(expected, PythonText.ofFloat(value));
    }

    @Test
    void nothingInATextBreaksALineOrTurnsIt() {
        StringBuilder out = new StringBuilder();
        PythonText.quote(out, "a\"b\\c\n\r\t\0\u001b[1m\u2028\u202e\ud800é");
        assertEquals("\"a\\\"b\\\\c\\n\\r\\t\\x00\\x1b[1m\\u2028\\u202e\\ud800é\"", out.toString());
    }
}
