package jspy.demangle;

import java.util.ArrayList;
import java.util.List;

/**
 * One name of the Itanium C++ ABI that is being read: its text, what can be referred to again, and
 * the readers of names, types and expressions, which call each other. One thread.
 */
final class Itanium {
    /** Names refer to a few hundred of their parts at most. */
    private static final int MAX_SUBSTITUTIONS = 1 << 14;

    private final List<Node> substitutions = new ArrayList<>();

    final Cursor in;
    final ItaniumNames names;
    final ItaniumTypes types;
    final ItaniumExpressions expressions;

    private Itanium(String text, int at) {
        in = new Cursor(text, at);
        names = new ItaniumNames(this);
        types = new ItaniumTypes(this);
        expressions = new ItaniumExpressions(this);
    }

    /** What {@code text}, which begins with {@code _Z}, stands for. */
    static String demangle(String text) throws MalformedNameException {
        Itanium itanium = new Itanium(text, 2);
        String name = Printer.text(itanium.names.encoding());
        return name + itanium.clones();
    }

    void remember(Node node) throws MalformedNameException {
        if (substitutions.size() >= MAX_SUBSTITUTIONS) {
            throw in.malformed("a shorter name");
        }
        substitutions.add(node);
    }

    void forgetLast() throws MalformedNameException {
        if (substitutions.isEmpty()) {
            throw in.malformed("the end of a name");
        }
        substitutions.removeLast();
    }

    /** {@code S_}, {@code S0_}, {@code S10_} …: something that was read before; behind the S. */
    Node substitution() throws MalformedNameException {
        int number = sequenceNumber();
        if (number >= substitutions.size()) {
            throw in.malformed("a known substitution");
        }
        return substitutions.get(number);
    }

    /** Base 36 and an underscore; without digits it is 0, the digit 0 is 1. */
    int sequenceNumber() throws MalformedNameException {
        int value = 0;
        boolean hasDigits = false;
        while (!in.take('_')) {
            int digit = Character.digit(in.peek(), 36);
            if (digit < 0 || Character.isLowerCase(in.next()) || value > MAX_SUBSTITUTIONS) {
                throw in.malformed("a sequence number");
            }
            value = value * 36 + digit;
            hasDigits = true;
        }
        return hasDigits ? value + 1 : 0;
    }

    /** An optional decimal number and an underscore: 0 without it, else one more. */
    int ordinal() throws MalformedNameException {
        if (in.take('_')) {
            return 0;
        }
        int number = in.number();
        in.expect('_');
        return number + 1;
    }

    /** {@code T_}, {@code T0_} …; behind the T. */
    Node parameter() throws MalformedNameException {
        return new TypeNodes.Parameter(ordinal());
    }

    // internals

    /**
     * What the compiler appends to copies and parts of functions: {@code .cold}, {@code .isra.0}.
     */
    private String clones() throws MalformedNameException {
        StringBuilder clones = new StringBuilder();
        while (in.peek() == '.' || in.peek() == '@') {
            int start = in.at();
            boolean isVersion = in.next() == '@';
            while (isWord(in.peek()) || isVersion && !in.isAtEnd()) {
                in.next();
            }
            while (in.peek() == '.' && in.peek(1) >= '0' && in.peek(1) <= '9') {
                in.next();
                in.number();
            }
            String clone = in.from(start);
            clones.append(isVersion ? clone : " [clone " + clone + "]");
        }
        if (!in.isAtEnd()) {
            throw in.malformed("the end");
        }
        return clones.toString();
    }

    private static boolean isWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
