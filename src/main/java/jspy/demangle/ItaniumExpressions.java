package jspy.demangle;

import java.util.ArrayList;
import java.util.List;

/** Reads expressions, Itanium C++ ABI 5.1.6 and 5.1.7. */
final class ItaniumExpressions {
    private final Itanium itanium;
    private final Cursor in;

    ItaniumExpressions(Itanium itanium) {
        this.itanium = itanium;
        in = itanium.in;
    }

    Node expression() throws MalformedNameException {
        in.enter();
        Node expression = any();
        in.leave();
        return expression;
    }

    /** A literal or a function; at the L. */
    Node primary() throws MalformedNameException {
        in.expect('L');
        if (in.take("_Z") || in.take('Z')) {
            Node encoding = itanium.names.encoding();
            in.expect('E');
            return encoding;
        }
        char letter = in.peek();
        Node type = itanium.types.type();
        int start = in.at();
        boolean isNegative = in.take('n');
        while (in.peek() != 'E') {
            in.next();
        }
        String value = (isNegative ? "-" : "") + in.from(start + (isNegative ? 1 : 0));
        in.next();
        return literal(letter, type, value);
    }

    // internals

    private static Node literal(char letter, Node type, String value) {
        if (letter == 'b' && (value.equals("0") || value.equals("1"))) {
            return new ExpressionNodes.Literal(value.equals("1") ? "true" : "false");
        }
        String suffix =
                switch (letter) {
                    case 'i' -> "";
                    case 'j' -> "u";
                    case 'l' -> "l";
                    case 'm' -> "ul";
                    case 'x' -> "ll";
                    case 'y' -> "ull";
                    default -> null;
                };
        if (suffix != null) {
            return new ExpressionNodes.Literal(value + suffix);
        }
        boolean isFloat = letter == 'f' || letter == 'd' || letter == 'e' || letter == 'g';
        return new ExpressionNodes.Typed(type, isFloat ? "[" + value + "]" : value);
    }

    private Node any() throws MalformedNameException {
        switch (in.peek()) {
            case 'L' -> {
                return primary();
            }
            case 'T' -> {
                in.next();
                return itanium.parameter();
            }
            case 'u' -> {
                return vendorCall();
            }
            default -> {
                return in.isDigit() ? unresolved() : byTwoLetters(in.peek(), in.peek(1));
            }
        }
    }

    private Node byTwoLetters(char first, char second) throws MalformedNameException {
        switch ("" + first + second) {
            case "sr" -> {
                return qualified();
            }
            case "sp" -> {
                in.take(2);
                return new NameNodes.Expansion(expression());
            }
            case "fp", "fL" -> {
                return functionParameter();
            }
            case "fl", "fr" -> {
                return fold(false);
            }
            case "fR" -> {
                return fold(true);
            }
            case "on" -> {
                in.take(2);
                return unresolved();
            }
            case "il" -> {
                in.take(2);
                return new ExpressionNodes.Braces(null, list('E'));
            }
            case "tl" -> {
                in.take(2);
                Node type = itanium.types.type();
                return new ExpressionNodes.Braces(type, list('E'));
            }
            case "cv" -> {
                return cast();
            }
            case "sZ" -> {
                in.take(2);
                return new ExpressionNodes.PackSize(expression());
            }
            case "sP" -> {
                in.take(2);
                List<Node> nodes = new ArrayList<>();
                while (!in.take('E')) {
                    nodes.add(itanium.names.argument());
                }
                return new ExpressionNodes.Unary("sizeof...", new NameNodes.Pack(nodes));
            }
            default -> {
                return operator();
            }
        }
    }

    /** Everything up to the letter. */
    private List<Node> list(char end) throws MalformedNameException {
        List<Node> nodes = new ArrayList<>();
        while (!in.take(end)) {
            nodes.add(expression());
        }
        return nodes;
    }

    private Node vendorCall() throws MalformedNameException {
        in.next();
        Node function = itanium.names.source();
        List<Node> arguments = new ArrayList<>();
        while (!in.take('E')) {
            arguments.add(itanium.names.argument());
        }
        return new ExpressionNodes.Call(function, arguments);
    }

    private Node unresolved() throws MalformedNameException {
        return withArguments(itanium.names.unqualified());
    }

    private Node withArguments(Node name) throws MalformedNameException {
        return in.peek() == 'I' ? new NameNodes.Templated(name, itanium.names.arguments()) : name;
    }

    /** {@code sr}: something of a type, or of a namespace that only the use tells. */
    private Node qualified() throws MalformedNameException {
        in.take(2);
        Node scope = itanium.types.type();
        in.take("on");
        return new NameNodes.Nested(scope, withArguments(itanium.names.unqualified()));
    }

    private Node functionParameter() throws MalformedNameException {
        if (in.take("fpT")) {
            return new NameNodes.Text("this");
        }
        in.next();
        if (in.next() == 'L') {
            in.number();
            in.expect('p');
        }
        while (in.take('r') || in.take('V') || in.take('K')) {
            continue; // qualifiers that the parameter's type says again
        }
        return new NameNodes.Text("{parm#" + (itanium.ordinal() + 1) + "}");
    }

    private Node fold(boolean hasBoth) throws MalformedNameException {
        in.next();
        char side = in.next();
        Operators.Operator operator = Operators.findOrNull(in.next(), in.next());
        if (operator == null) {
            throw in.malformed("an operator");
        }
        Node first = expression();
        Node second = hasBoth ? expression() : null;
        return side == 'l'
                ? new ExpressionNodes.Fold(null, operator.text(), first)
                : new ExpressionNodes.Fold(first, operator.text(), second);
    }

    private Node cast() throws MalformedNameException {
        in.take(2);
        Node type = itanium.types.type();
        return new ExpressionNodes.Cast(type, in.take('_') ? list('E') : List.of(expression()));
    }

    private Node operator() throws MalformedNameException {
        Operators.Operator operator = Operators.findOrNull(in.next(), in.next());
        if (operator == null) {
            throw in.malformed("an expression");
        }
        String text = operator.text();
        return switch (operator.form()) {
            case ALONE -> new NameNodes.Text(text);
            case PREFIX -> prefix(text);
            case STEP ->
                    in.take('_')
                            ? new ExpressionNodes.Unary(text, expression())
                            : new ExpressionNodes.Suffix(expression(), text);
            case OF_TYPE -> new TypeNodes.Enclosed(text, itanium.types.type());
            case BINARY -> {
                Node first = expression();
                yield new ExpressionNodes.Binary(first, text, expression());
            }
            case MEMBER -> {
                Node first = expression();
                in.take("on");
                boolean isName =
                        in.isDigit() || Operators.findOrNull(in.peek(), in.peek(1)) != null;
                Node member = isName ? unresolved() : expression();
                yield new ExpressionNodes.Binary(first, text, member);
            }
            case INDEX -> {
                Node of = expression();
                yield new ExpressionNodes.Index(of, expression());
            }
            case CALL -> {
                Node function = expression();
                yield new ExpressionNodes.Call(function, list('E'));
            }
            case NAMED_CAST -> {
                Node type = itanium.types.type();
                yield new ExpressionNodes.NamedCast(text, type, expression());
            }
            case CONDITIONAL -> {
                Node condition = expression();
                Node first = expression();
                yield new ExpressionNodes.Conditional(condition, first, expression());
            }
            case NEW -> allocation(text);
        };
    }

    private Node prefix(String text) throws MalformedNameException {
        Node of = expression();
        if (text.equals("&")
                && of instanceof NameNodes.Encoding function
                && function.name() instanceof NameNodes.Nested) {
            of = function.name(); // its address has no parameters
        }
        if (text.equals("::")) {
            return new NameNodes.Special(text, of);
        }
        return text.equals("noexcept")
                ? new TypeNodes.Enclosed(text, of)
                : new ExpressionNodes.Unary(text, of);
    }

    private Node allocation(String text) throws MalformedNameException {
        List<Node> placement = list('_');
        Node type = itanium.types.type();
        if (in.take('E')) {
            return new ExpressionNodes.New(text, placement, type, null);
        }
        if (in.take("pi")) {
            Node initial = new ExpressionNodes.Parenthesized(list('E'));
            return new ExpressionNodes.New(text, placement, type, initial);
        }
        Node initial = expression();
        in.expect('E');
        return new ExpressionNodes.New(text, placement, type, initial);
    }
}
