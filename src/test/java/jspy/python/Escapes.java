package jspy.python;

/** Undoes Python's {@code unicode_escape}, in which test programs print their names. */
final class Escapes {
    private Escapes() {}

    static String decode(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                int digits =
                        switch (text.charAt(i + 1)) {
                            case 'x' -> 2;
                            case 'u' -> 4;
                            default -> 8;
                        };
                plain.appendCodePoint(Integer.parseInt(text.substring(i + 2, i + 2 + digits), 16));
                i += 1 + digits;
            } else {
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }
}
