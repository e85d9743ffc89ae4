package jspy.demangle;

import java.util.List;

/** The parts that expressions are made of, as they stand in template arguments and decltype. */
final class ExpressionNodes {
    private ExpressionNodes() {}

    /** A number or what is written like one. */
    record Literal(String text) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(text);
        }
    }

    /** A number of a type that has no letters of its own to say so. */
    record Typed(Node type, String text) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("(");
            out.whole(type);
            out.append(")" + text);
        }
    }

    record Unary(String operator, Node of) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(operator);
            out.operand(of);
        }
    }

    record Suffix(Node of, String operator) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.operand(of);
            out.append(operator);
        }
    }

    record Binary(Node first, String operator, Node second) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            boolean couldEndArguments = operator.equals(">");
            if (couldEndArguments) {
                out.append("(");
            }
            out.operand(first);
            out.append(operator);
            out.operand(second);
            if (couldEndArguments) {
                out.append(")");
            }
        }
    }

    record Conditional(Node condition, Node first, Node second) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.operand(condition);
            out.append("?");
            out.operand(first);
            out.append(" : ");
            out.operand(second);
        }
    }

    record Call(Node function, List<Node> arguments) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.operand(function instanceof NameNodes.Encoding of ? of.name() : function);
            out.append("(");
            out.list(arguments);
            out.append(")");
        }
    }

    record Index(Node of, Node index) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.operand(of);
            out.append("[");
            out.whole(index);
            out.append("]");
        }
    }

    /** {@code static_cast<int>(x)} and its like. */
    record NamedCast(String name, Node type, Node of) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(name + "<");
            out.whole(type);
            out.append(">(");
            out.whole(of);
            out.append(")");
        }
    }

    record Cast(Node type, List<Node> of) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("(");
            out.whole(type);
            out.append(")");
            if (of.size() == 1) {
                out.operand(of.getFirst());
            } else {
                out.append("(");
                out.list(of);
                out.append(")");
            }
        }
    }

    /**
     * @param type null where it is not said
     */
    record Braces(Node type, List<Node> of) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            if (type != null) {
                out.whole(type);
            }
            out.append("{");
            out.list(of);
            out.append("}");
        }

        @Override
        public boolean isSimple() {
            return true;
        }
    }

    /**
     * @param initial null where there is none
     */
    record New(String operator, List<Node> placement, Node type, Node initial) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(operator + " ");
            if (!placement.isEmpty()) {
                out.append("(");
                out.list(placement);
                out.append(") ");
            }
            out.whole(type);
            if (initial != null) {
                out.whole(initial);
            }
        }
    }

    record Parenthesized(List<Node> nodes) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("(");
            out.list(nodes);
            out.append(")");
        }
    }

    /** {@code (first op ... op second)}; one of the two may be null. */
    record Fold(Node first, String operator, Node second) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append("(");
            if (first != null) {
                out.operand(first);
                out.append(operator);
            }
            out.append("...");
            if (second != null) {
                out.append(operator);
                out.operand(second);
            }
            out.append(")");
        }
    }

    /** How many elements a pack has. */
    record PackSize(Node of) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            if (of instanceof TypeNodes.Parameter parameter
                    && !out.isInLambda()
                    && parameter.whole(out) instanceof NameNodes.Pack pack) {
                out.append(Integer.toString(pack.nodes().size()));
            } else {
                out.append("sizeof...(");
                out.whole(of);
                out.append(")");
            }
        }
    }
}
