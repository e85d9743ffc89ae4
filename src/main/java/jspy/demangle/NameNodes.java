package jspy.demangle;

import java.util.List;

/** The parts that names are made of. */
final class NameNodes {
    private NameNodes() {}

    /** Written as it is. */
    record Text(String text) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(text);
        }

        @Override
        public boolean isSimple() {
            return true;
        }
    }

    /** One of the names that the ABI abbreviates. */
    record Abbreviated(String text, String baseName) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(text);
        }

        @Override
        public Node base() {
            return new Text(baseName);
        }
    }

    record Tagged(Node name, String tag) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.whole(name);
            out.append("[abi:" + tag + "]");
        }

        @Override
        public Node base() {
            return name.base();
        }
    }

    record Nested(Node scope, Node name) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.whole(scope);
            out.append("::");
            out.whole(name);
        }

        @Override
        public boolean isSimple() {
            return true;
        }

        @Override
        public Node base() {
            return name.base();
        }
    }

    /**
     * Something inside a function.
     *
     * @param function an {@link Encoding} or a name
     */
    record Local(Node function, Node name) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.whole(function instanceof Encoding of ? of.withoutResult() : function);
            out.append("::");
            out.whole(name);
        }

        @Override
        public Node base() {
            return name.base();
        }
    }

    record Templated(Node name, Arguments arguments) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.whole(name);
            out.whole(arguments);
        }

        @Override
        public Node base() {
            return name.base();
        }
    }

    record Arguments(List<Node> nodes) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(out.last() == '<' ? " <" : "<");
            out.list(nodes);
            out.append(out.last() == '>' ? " >" : ">");
        }
    }

    /** Several template arguments that stand for one parameter. */
    record Pack(List<Node> nodes) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.list(nodes);
        }
    }

    record Expansion(Node pattern) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.expansion(pattern);
        }
    }

    record Constructor(Node of, boolean isDestructor) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            if (isDestructor) {
                out.append("~");
            }
            out.whole(of.base());
        }
    }

    record Lambda(List<Node> parameters, int number) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("{lambda(");
            out.lambdaParameters(parameters);
            out.append(")#" + number + "}");
        }
    }

    record Conversion(Node type) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("operator ");
            out.whole(type);
        }
    }

    /** What the compiler made for something: {@code vtable for}. */
    record Special(String what, Node of) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(what);
            out.whole(of);
        }
    }

    record ConstructionTable(Node base, Node derived) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("construction vtable for ");
            out.whole(base);
            out.append("-in-");
            out.whole(derived);
        }
    }

    /**
     * A function.
     *
     * @param result null where the name does not say it
     * @param qualifiers {@code const}, {@code &} and so on, with a space before each
     */
    record Encoding(Node result, Node name, List<Node> parameters, String qualifiers)
            implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            Printer.Scope before = out.scope();
            Node own = name instanceof Local local ? local.name() : name;
            if (own instanceof Templated template) {
                out.setScope(new Printer.Scope(template.arguments().nodes(), before));
            }
            if (result != null) {
                out.left(result);
                out.append(out.hasRight(result) ? "" : " ");
            }
            out.whole(name);
            out.append("(");
            out.list(parameters);
            out.append(")");
            out.append(qualifiers);
            if (result != null) {
                out.right(result);
            }
            out.setScope(before);
        }

        Encoding withoutResult() {
            return new Encoding(null, name, parameters, qualifiers);
        }
    }
}
