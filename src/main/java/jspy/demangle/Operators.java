package jspy.demangle;

import java.util.HashMap;
import java.util.Map;

/** The operators of C++ by the two letters that stand for them, Itanium C++ ABI 5.1.3.1. */
final class Operators {
    /** How an operator's operands follow it. */
    enum Form {
        PREFIX,
        /** {@code ++}: behind its operand unless an underscore follows */
        STEP,
        BINARY,
        MEMBER,
        CONDITIONAL,
        CALL,
        INDEX,
        NAMED_CAST,
        NEW,
        OF_TYPE,
        ALONE
    }

    /**
     * @param text as in an expression
     */
    record Operator(String text, Form form) {
        /** As the name of a function. */
        String name() {
            return Character.isLetter(text.charAt(0))
                    ? "operator " + text.stripTrailing()
                    : "operator" + text;
        }
    }

    private static final Map<String, Operator> BY_CODE = new HashMap<>();

    static {
        put(Form.PREFIX, "ad & co ~ de * ng - nt ! ps + gs ::");
        put(Form.STEP, "mm -- pp ++");
        put(Form.BINARY, "aN &= aS = aa && an & cm , dV /= ds .* dv / eO ^= eo ^ eq == ge >=");
        put(Form.BINARY, "gt > lS <<= le <= ls << lt < mI -= mL *= mi - ml * ne != oR |= oo ||");
        put(Form.BINARY, "or | pL += pl + pm ->* rM %= rS >>= rm % rs >> ss <=>");
        put(Form.MEMBER, "dt . pt ->");
        put(Form.CONDITIONAL, "qu ?");
        put(Form.CALL, "cl ()");
        put(Form.INDEX, "ix []");
        put(Form.NAMED_CAST, "cc const_cast dc dynamic_cast rc reinterpret_cast sc static_cast");
        put(Form.NEW, "nw new na new[]");
        put(Form.ALONE, "tr throw");
        for (String word : "az alignof,dl delete,da delete[],sz sizeof,tw throw".split(",")) {
            put(word.substring(0, 2), Form.PREFIX, word.substring(3) + " ");
        }
        put("nx", Form.PREFIX, "noexcept");
        put("aw", Form.PREFIX, "co_await ");
        put("at", Form.OF_TYPE, "alignof ");
        put("st", Form.OF_TYPE, "sizeof ");
        put("ti", Form.OF_TYPE, "typeid ");
        put("te", Form.PREFIX, "typeid ");
    }

    private Operators() {}

    /** Null when the letters stand for none. */
    static Operator findOrNull(char first, char second) {
        return BY_CODE.get("" + first + second);
    }

    // internals

    private static void put(Form form, String codesAndTexts) {
        String[] words = codesAndTexts.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            put(words[i], form, words[i + 1]);
        }
    }

    private static void put(String code, Form form, String text) {
        BY_CODE.put(code, new Operator(text, form));
    }
}
