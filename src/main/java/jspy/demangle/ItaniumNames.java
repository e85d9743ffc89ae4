package jspy.demangle;

import java.util.ArrayList;
import java.util.List;

/** Reads encodings and names, Itanium C++ ABI 5.1.1 to 5.1.4 and 5.1.6. */
final class ItaniumNames {
    /** What an encoding has to know of its own name. */
    private static final class Seen {
        private boolean endsWithArguments;
        private boolean hasNoResult;
        private String qualifiers = "";
    }

    private final Itanium itanium;
    private final Cursor in;

    ItaniumNames(Itanium itanium) {
        this.itanium = itanium;
        in = itanium.in;
    }

    /** A function, a variable, or what the compiler made for one. */
    Node encoding() throws MalformedNameException {
        in.enter();
        try {
            if (in.peek() == 'G' || in.peek() == 'T') {
                return new SpecialNames(itanium).read();
            }
            Seen seen = new Seen();
            Node name = name(seen);
            if (in.isAtEnd() || in.peek() == 'E' || in.peek() == '.' || in.peek() == '@') {
                return name;
            }
            Node result = null;
            if (seen.endsWithArguments && !seen.hasNoResult) {
                result = itanium.types.type();
            }
            List<Node> parameters = itanium.types.parameters();
            return new NameNodes.Encoding(result, name, parameters, seen.qualifiers);
        } finally {
            in.leave();
        }
    }

    /** The name of a type or of what {@code sr} qualifies. */
    Node name() throws MalformedNameException {
        return name(null);
    }

    /** A function's or variable's name as special names have it. */
    Node specialName() throws MalformedNameException {
        return name(new Seen());
    }

    /** One name without what it is in. */
    Node unqualified() throws MalformedNameException {
        return unqualified(null, null);
    }

    /** {@code I … E}. */
    NameNodes.Arguments arguments() throws MalformedNameException {
        in.enter();
        in.expect('I');
        List<Node> nodes = new ArrayList<>();
        while (!in.take('E')) {
            nodes.add(argument());
        }
        in.leave();
        return new NameNodes.Arguments(List.copyOf(nodes));
    }

    Node argument() throws MalformedNameException {
        switch (in.peek()) {
            case 'X' -> {
                in.next();
                Node expression = itanium.expressions.expression();
                in.expect('E');
                return expression;
            }
            case 'L' -> {
                return itanium.expressions.primary();
            }
            case 'J', 'I' -> {
                in.enter();
                in.next();
                List<Node> nodes = new ArrayList<>();
                while (!in.take('E')) {
                    nodes.add(argument());
                }
                in.leave();
                return new NameNodes.Pack(List.copyOf(nodes));
            }
            default -> {
                return itanium.types.type();
            }
        }
    }

    // internals

    private Node name(Seen seen) throws MalformedNameException {
        in.enter();
        try {
            if (in.take('N')) {
                return nested(seen);
            }
            if (in.take('Z')) {
                return local(seen);
            }
            Node name;
            boolean isSubstitution = false;
            if (in.peek() == 'S' && in.peek(1) != 't') {
                name = itanium.types.substitution();
                isSubstitution = true;
            } else if (in.take("St")) {
                in.take('L');
                name = new NameNodes.Nested(new NameNodes.Text("std"), unqualified(null, seen));
            } else {
                in.take('L');
                name = unqualified(null, seen);
            }
            if (in.peek() == 'I') {
                if (!isSubstitution) {
                    itanium.remember(name);
                }
                name = new NameNodes.Templated(name, arguments());
                noteArguments(seen, true);
            } else if (isSubstitution) {
                throw in.malformed("template arguments");
            }
            return name;
        } finally {
            in.leave();
        }
    }

    private static void noteArguments(Seen seen, boolean are) {
        if (seen != null) {
            seen.endsWithArguments = are;
        }
    }

    /** Behind the N. */
    private Node nested(Seen seen) throws MalformedNameException {
        in.take('H'); // an explicit object parameter is an ordinary one
        String qualifiers = qualifiers();
        if (seen != null) {
            seen.qualifiers = qualifiers;
        }
        Node scope = null;
        boolean wasRemembered = false;
        while (!in.take('E')) {
            noteArguments(seen, false);
            if (scope != null && in.take('M')) {
                continue; // a member's initializer: its lambdas are in the member
            }
            if (in.peek() == 'I') {
                if (scope == null) {
                    throw in.malformed("a name");
                }
                scope = new NameNodes.Templated(scope, arguments());
                noteArguments(seen, true);
            } else if (in.peek() == 'S' && in.peek(1) != 't' && scope == null) {
                scope = itanium.types.substitution();
                wasRemembered = false;
                continue;
            } else {
                boolean isStd = scope == null && in.take("St");
                Node part = isStd ? new NameNodes.Text("std") : part(scope, seen);
                scope = scope == null || part == scope ? part : new NameNodes.Nested(scope, part);
                if (isStd) {
                    wasRemembered = false;
                    continue;
                }
            }
            itanium.remember(scope);
            wasRemembered = true;
        }
        if (scope == null || !wasRemembered) {
            throw in.malformed("a nested name");
        }
        itanium.forgetLast(); // the whole is remembered by whom it is a type of
        return scope;
    }

    private Node part(Node scope, Seen seen) throws MalformedNameException {
        if (scope == null && in.peek() == 'T') {
            in.next();
            return itanium.parameter();
        }
        if (scope == null && in.peek() == 'D' && (in.peek(1) == 't' || in.peek(1) == 'T')) {
            return itanium.types.decltype();
        }
        in.take('L');
        return unqualified(scope, seen);
    }

    /** {@code r}, {@code V}, {@code K}, then {@code R} or {@code O}, each with a space before. */
    private String qualifiers() {
        String restrict = in.take('r') ? " restrict" : "";
        String isVolatile = in.take('V') ? " volatile" : "";
        String isConst = in.take('K') ? " const" : "";
        String reference = in.take('R') ? " &" : in.take('O') ? " &&" : "";
        return isConst + isVolatile + restrict + reference;
    }

    /** Behind the Z. */
    private Node local(Seen seen) throws MalformedNameException {
        Node function = encoding();
        in.expect('E');
        if (in.take('s')) {
            discriminator();
            return new NameNodes.Local(function, new NameNodes.Text("string literal"));
        }
        String prefix = "";
        if (in.take('d')) {
            prefix = "{default arg#" + (itanium.ordinal() + 1) + "}::";
        }
        Node entity = name(seen);
        discriminator();
        Node whole = prefix.isEmpty() ? entity : new NameNodes.Special(prefix, entity);
        return new NameNodes.Local(function, whole);
    }

    /** {@code _3} or {@code __12_}: which of several of one name. */
    private void discriminator() throws MalformedNameException {
        if (in.peek() != '_') {
            return;
        }
        if (in.peek(1) == '_') {
            in.take("__");
            in.number();
            in.take('_');
        } else if (in.peek(1) >= '0' && in.peek(1) <= '9') {
            in.next();
            in.next();
        }
    }

    /**
     * @param scope what it is in, null where nothing is known
     */
    private Node unqualified(Node scope, Seen seen) throws MalformedNameException {
        Node name;
        char c = in.peek();
        if (in.isDigit()) {
            name = source();
        } else if (c == 'U') {
            name = unnamed();
        } else if (scope != null && c == 'C' && (in.peek(1) >= '1' || in.peek(1) == 'I')) {
            name = constructor(scope);
            noteNoResult(seen);
        } else if (scope != null && c == 'D' && in.peek(1) >= '0' && in.peek(1) <= '9') {
            in.take(2);
            name = new NameNodes.Constructor(scope, true);
            noteNoResult(seen);
        } else if (in.take("DC")) {
            name = binding();
        } else {
            name = operator(seen);
        }
        while (in.take('B')) {
            name = new NameNodes.Tagged(name, in.take(in.number()));
        }
        return name;
    }

    private static void noteNoResult(Seen seen) {
        if (seen != null) {
            seen.hasNoResult = true;
        }
    }

    /** A length and so many characters. */
    Node source() throws MalformedNameException {
        String name = in.take(in.number());
        boolean isAnonymous =
                name.startsWith("_GLOBAL_")
                        && name.length() > 9
                        && "._$".indexOf(name.charAt(8)) >= 0
                        && name.charAt(9) == 'N';
        return new NameNodes.Text(isAnonymous ? "(anonymous namespace)" : name);
    }

    private Node unnamed() throws MalformedNameException {
        if (in.take("Ul")) {
            List<Node> parameters = itanium.types.parameters();
            in.expect('E');
            return new NameNodes.Lambda(parameters, itanium.ordinal() + 1);
        }
        if (in.take("Ut")) {
            return new NameNodes.Text("{unnamed type#" + (itanium.ordinal() + 1) + "}");
        }
        throw in.malformed("an unnamed type");
    }

    private Node constructor(Node scope) throws MalformedNameException {
        in.expect('C');
        boolean isInherited = in.take('I');
        char kind = in.next();
        if (kind < '1' || kind > '5') {
            throw in.malformed("a constructor");
        }
        if (isInherited) {
            itanium.types.type(); // whose it was
        }
        return new NameNodes.Constructor(scope, false);
    }

    private Node binding() throws MalformedNameException {
        StringBuilder names = new StringBuilder("[");
        while (!in.take('E')) {
            names.append(names.length() > 1 ? ", " : "").append(in.take(in.number()));
        }
        return new NameNodes.Text(names.append(']').toString());
    }

    private Node operator(Seen seen) throws MalformedNameException {
        if (in.take("cv")) {
            noteNoResult(seen);
            return new NameNodes.Conversion(itanium.types.conversionType());
        }
        if (in.take("li")) {
            return new NameNodes.Special("operator\"\" ", source());
        }
        Operators.Operator operator = Operators.findOrNull(in.peek(), in.peek(1));
        if (operator == null) {
            throw in.malformed("a name");
        }
        in.take(2);
        return new NameNodes.Text(operator.name());
    }
}
