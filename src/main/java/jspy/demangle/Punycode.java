package jspy.demangle;

/** Names beyond ASCII as Rust writes them: RFC 3492 with an underscore as the delimiter. */
final class Punycode {
    private static final int BASE = 36;
    private static final int FIRST_THRESHOLD = 1;
    private static final int LAST_THRESHOLD = 26;
    private static final int SKEW = 38;
    private static final int DAMP = 700;
    private static final int FIRST_BIAS = 72;
    private static final int FIRST_POINT = 0x80;

    private Punycode() {}

    static String decode(String encoded) throws MalformedNameException {
        int split = encoded.lastIndexOf('_');
        StringBuilder name = new StringBuilder(split < 0 ? "" : encoded.substring(0, split));
        int point = FIRST_POINT;
        int bias = FIRST_BIAS;
        int place = 0;
        int count = name.length();
        for (int at = split + 1; at < encoded.length(); ) {
            int before = place;
            long weight = 1;
            for (int k = BASE; ; k += BASE) {
                int digit = at < encoded.length() ? digit(encoded.charAt(at++)) : -1;
                long more = place + digit * weight;
                if (digit < 0 || more > Integer.MAX_VALUE / 2) {
                    throw new MalformedNameException("not punycode");
                }
                place = (int) more;
                int threshold = Math.clamp(k - bias, FIRST_THRESHOLD, LAST_THRESHOLD);
                if (digit < threshold) {
                    break;
                }
                weight *= BASE - threshold;
            }
            count++;
            bias = adapted(place - before, count, before == 0);
            point += place / count;
            place %= count;
            if (!isWritable(point)) {
                throw new MalformedNameException("not a character");
            }
            name.insert(name.offsetByCodePoints(0, place++), Character.toString(point));
        }
        return name.toString();
    }

    /** Whether it is a character that a name may have. */
    static boolean isWritable(int point) {
        return Character.isValidCodePoint(point)
                && !Character.isISOControl(point)
                && Character.getType(point) != Character.SURROGATE;
    }

    // internals

    private static int digit(char c) {
        return c >= 'a' && c <= 'z' ? c - 'a' : c >= '0' && c <= '9' ? c - '0' + 26 : -1;
    }

    private static int adapted(int delta, int count, boolean isFirst) {
        int rest = isFirst ? delta / DAMP : delta / 2;
        rest += rest / count;
        int k = 0;
        while (rest > (BASE - FIRST_THRESHOLD) * LAST_THRESHOLD / 2) {
            rest /= BASE - FIRST_THRESHOLD;
            k += BASE;
        }
        return k + (BASE - FIRST_THRESHOLD + 1) * rest / (rest + SKEW);
    }
}
