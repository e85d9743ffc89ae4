package jspy.demangle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads types, Itanium C++ ABI 5.1.5, and substitutions, 5.1.10. */
final class ItaniumTypes {
    /** By letter from a on; null where the letter begins something else. */
    private static final String[] BUILTINS = {
        "signed char",
        "bool",
        "char",
        "double",
        "long double",
        "float",
        "__float128",
        "unsigned char",
        "int",
        "unsigned int",
        null,
        "long",
        "unsigned long",
        "__int128",
        "unsigned __int128",
        null,
        null,
        null,
        "short",
        "unsigned short",
        null,
        "void",
        "wchar_t",
        "long long",
        "unsigned long long",
        "..."
    };

    /** Behind a D. */
    private static final Map<Character, String> MORE_BUILTINS =
            Map.of(
                    'a', "auto",
                    'c', "decltype(auto)",
                    'd', "decimal64",
                    'e', "decimal128",
                    'f', "decimal32",
                    'h', "half",
                    'i', "char32_t",
                    'n', "decltype(nullptr)",
                    's', "char16_t",
                    'u', "char8_t");

    private static final String CHAR_TRAITS = "<char, std::char_traits<char>";

    private record Standard(String name, String base, String whole) {}

    private static final Map<Character, Standard> STANDARD =
            Map.of(
                    'a',
                    new Standard("std::allocator", "allocator", "std::allocator"),
                    'b',
                    new Standard("std::basic_string", "basic_string", "std::basic_string"),
                    's',
                    new Standard(
                            "std::string",
                            "basic_string",
                            "std::basic_string" + CHAR_TRAITS + ", std::allocator<char> >"),
                    'i',
                    stream("istream"),
                    'o',
                    stream("ostream"),
                    'd',
                    stream("iostream"));

    private final Itanium itanium;
    private final Cursor in;

    /** The type that a conversion operator converts to is not followed by its own arguments. */
    private boolean mayHaveArguments = true;

    ItaniumTypes(Itanium itanium) {
        this.itanium = itanium;
        in = itanium.in;
    }

    private static Standard stream(String name) {
        String whole = "std::basic_" + name + CHAR_TRAITS + " >";
        return new Standard("std::" + name, "basic_" + name, whole);
    }

    Node type() throws MalformedNameException {
        in.enter();
        Node type = anyType();
        in.leave();
        return type;
    }

    Node conversionType() throws MalformedNameException {
        mayHaveArguments = false;
        try {
            return type();
        } finally {
            mayHaveArguments = true;
        }
    }

    /** All types up to an E or the end; a single {@code void} is none. */
    List<Node> parameters() throws MalformedNameException {
        List<Node> parameters = new ArrayList<>();
        if (in.peek() == 'v' && isEndOfParameters(in.peek(1))) {
            in.next();
            return parameters;
        }
        while (!isEndOfParameters(in.peek()) && !isReferenceQualifier()) {
            parameters.add(type());
        }
        if (parameters.isEmpty()) {
            throw in.malformed("a parameter");
        }
        return parameters;
    }

    /** One that is abbreviated or was read before; at the S. */
    Node substitution() throws MalformedNameException {
        in.expect('S');
        Standard standard = STANDARD.get(in.peek());
        if (standard == null) {
            return itanium.substitution();
        }
        in.next();
        boolean isWhole = in.peek() == 'C' || in.peek() == 'D';
        Node name =
                new NameNodes.Abbreviated(
                        isWhole ? standard.whole() : standard.name(), standard.base());
        if (in.peek() == 'B') {
            while (in.take('B')) {
                name = new NameNodes.Tagged(name, in.take(in.number()));
            }
            itanium.remember(name);
        }
        return name;
    }

    /** {@code decltype (x)}; at the D. */
    Node decltype() throws MalformedNameException {
        in.take(2);
        Node of = itanium.expressions.expression();
        in.expect('E');
        return new TypeNodes.Enclosed("decltype ", of);
    }

    /** The name of a built-in type, null when the letter is none's. */
    static String builtinOrNull(char letter) {
        return letter >= 'a' && letter <= 'z' ? BUILTINS[letter - 'a'] : null;
    }

    // internals

    private static boolean isEndOfParameters(char c) {
        return c == 0 || c == 'E' || c == '.' || c == '@';
    }

    private boolean isReferenceQualifier() {
        return (in.peek() == 'R' || in.peek() == 'O') && in.peek(1) == 'E';
    }

    private Node anyType() throws MalformedNameException {
        char c = in.peek();
        String builtin = builtinOrNull(c);
        if (builtin != null) {
            in.next();
            return new TypeNodes.Builtin(builtin);
        }
        if (c == 'S' && in.peek(1) != 't') {
            Node node = substitution();
            return in.peek() == 'I' && mayHaveArguments || in.peek() == 'I' && !isParameter(node)
                    ? remembered(new NameNodes.Templated(node, innerArguments()))
                    : node;
        }
        if (c == 'D' && isBuiltinBehindD()) {
            return moreBuiltins();
        }
        return remembered(compound(c));
    }

    private static boolean isParameter(Node node) {
        return node instanceof TypeNodes.Parameter;
    }

    private Node remembered(Node node) throws MalformedNameException {
        itanium.remember(node);
        return node;
    }

    private NameNodes.Arguments innerArguments() throws MalformedNameException {
        boolean outer = mayHaveArguments;
        mayHaveArguments = true;
        NameNodes.Arguments arguments = itanium.names.arguments();
        mayHaveArguments = outer;
        return arguments;
    }

    private Node compound(char c) throws MalformedNameException {
        switch (c) {
            case 'r', 'V', 'K' -> {
                return qualified();
            }
            case 'P' -> {
                in.next();
                return new TypeNodes.Pointer(type(), "*");
            }
            case 'R' -> {
                in.next();
                return new TypeNodes.Pointer(type(), "&");
            }
            case 'O' -> {
                in.next();
                return new TypeNodes.Pointer(type(), "&&");
            }
            case 'C' -> {
                in.next();
                return new TypeNodes.Qualified(type(), new NameNodes.Text("_Complex"));
            }
            case 'G' -> {
                in.next();
                return new TypeNodes.Qualified(type(), new NameNodes.Text("_Imaginary"));
            }
            case 'U' -> {
                return vendorQualified();
            }
            case 'u' -> {
                in.next();
                return itanium.names.source();
            }
            case 'F' -> {
                return function("");
            }
            case 'A' -> {
                return array();
            }
            case 'M' -> {
                in.next();
                Node owner = type();
                return new TypeNodes.MemberPointer(owner, type());
            }
            case 'T' -> {
                return parameterOrElaborated();
            }
            case 'D' -> {
                return behindD();
            }
            default -> {
                return itanium.names.name();
            }
        }
    }

    private Node qualified() throws MalformedNameException {
        boolean isRestrict = in.take('r');
        boolean isVolatile = in.take('V');
        boolean isConst = in.take('K');
        if (isFunctionNext()) {
            return function(
                    (isConst ? " const" : "")
                            + (isVolatile ? " volatile" : "")
                            + (isRestrict ? " restrict" : ""));
        }
        Node type = type();
        type = isConst ? qualified(type, "const") : type;
        type = isVolatile ? qualified(type, "volatile") : type;
        return isRestrict ? qualified(type, "__restrict") : type;
    }

    private static Node qualified(Node type, String word) {
        return new TypeNodes.Qualified(type, new NameNodes.Text(word));
    }

    private boolean isFunctionNext() {
        char second = in.peek(1);
        return in.peek() == 'F'
                || in.peek() == 'D'
                        && (second == 'o' || second == 'O' || second == 'w' || second == 'x');
    }

    private Node vendorQualified() throws MalformedNameException {
        in.next();
        Node word = itanium.names.source();
        if (in.peek() == 'I') {
            word = new NameNodes.Templated(word, innerArguments());
        }
        return new TypeNodes.Qualified(type(), word);
    }

    private Node function(String qualifiers) throws MalformedNameException {
        Node exceptions = null;
        if (in.take("Do")) {
            exceptions = new NameNodes.Text(" noexcept");
        } else if (in.take("DO")) {
            exceptions = new TypeNodes.Enclosed(" noexcept", itanium.expressions.expression());
            in.expect('E');
        } else if (in.take("Dw")) {
            List<Node> thrown = new ArrayList<>();
            while (!in.take('E')) {
                thrown.add(type());
            }
            exceptions = new TypeNodes.Enclosed(" throw", new NameNodes.Pack(thrown));
        }
        String safe = in.take("Dx") ? " transaction_safe" : "";
        in.expect('F');
        in.take('Y'); // extern "C"
        Node result = type();
        List<Node> parameters = parameters();
        String reference = in.take('R') ? " &" : in.take('O') ? " &&" : "";
        in.expect('E');
        return new TypeNodes.Function(
                result, parameters, exceptions, qualifiers + safe + reference);
    }

    private Node array() throws MalformedNameException {
        in.next();
        Node size = null;
        if (in.isDigit()) {
            size = new NameNodes.Text(Integer.toString(in.number()));
        } else if (in.peek() != '_') {
            size = itanium.expressions.expression();
        }
        in.expect('_');
        return new TypeNodes.Array(type(), size);
    }

    private Node parameterOrElaborated() throws MalformedNameException {
        char second = in.peek(1);
        if (second == 's' || second == 'u' || second == 'e') {
            in.take(2);
            return itanium.names.name();
        }
        in.next();
        Node parameter = itanium.parameter();
        if (in.peek() != 'I' || !mayHaveArguments) {
            return parameter;
        }
        itanium.remember(parameter);
        return new NameNodes.Templated(parameter, innerArguments());
    }

    private boolean isBuiltinBehindD() {
        char second = in.peek(1);
        return second == 'F' || second == 'B' || second == 'U' || MORE_BUILTINS.containsKey(second);
    }

    private Node moreBuiltins() throws MalformedNameException {
        in.next();
        char letter = in.next();
        if (letter != 'F' && letter != 'B' && letter != 'U') {
            return new TypeNodes.Builtin(MORE_BUILTINS.get(letter));
        }
        int bits = in.number();
        if (in.take('b')) {
            return new TypeNodes.Builtin("std::bfloat16_t");
        }
        boolean isExtended = in.take('x');
        if (!isExtended) {
            in.expect('_');
        }
        String suffix = bits + (isExtended ? "x" : "");
        return new TypeNodes.Builtin(
                switch (letter) {
                    case 'F' -> "_Float" + suffix;
                    case 'B' -> "_BitInt(" + bits + ")";
                    default -> "unsigned _BitInt(" + bits + ")";
                });
    }

    private Node behindD() throws MalformedNameException {
        switch (in.peek(1)) {
            case 't', 'T' -> {
                return decltype();
            }
            case 'p' -> {
                in.take(2);
                return new NameNodes.Expansion(type());
            }
            case 'v' -> {
                in.take(2);
                Node size =
                        in.take('_')
                                ? itanium.expressions.expression()
                                : new NameNodes.Text(Integer.toString(in.number()));
                in.expect('_');
                return new TypeNodes.Vector(type(), size);
            }
            default -> {
                return function("");
            }
        }
    }
}
