package jspy.demangle;

import java.util.List;

/** The parts that types are made of. */
final class TypeNodes {
    private TypeNodes() {}

    /** A built-in one. */
    record Builtin(String name) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(name);
        }
    }

    /** With something behind it: {@code const}, {@code _Complex}, a vendor's word. */
    record Qualified(Node type, Node qualifier) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.left(type);
            out.append(" ");
            out.whole(qualifier);
        }

        @Override
        public void right(Printer out) throws MalformedNameException {
            out.right(type);
        }

        @Override
        public Shape shape(Printer out) throws MalformedNameException {
            return out.shape(type);
        }
    }

    record Pointer(Node to, String sign) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            Printer.Scope before = out.scope();
            Reached reached = reached(out);
            Shape shape = out.shape(reached.to);
            out.left(reached.to);
            if (shape == Shape.ARRAY) {
                out.append(" ");
            }
            out.append(shape == Shape.PLAIN ? reached.sign : "(" + reached.sign);
            out.setScope(before);
        }

        @Override
        public void right(Printer out) throws MalformedNameException {
            Printer.Scope before = out.scope();
            Reached reached = reached(out);
            if (out.shape(reached.to) != Shape.PLAIN) {
                out.append(")");
            }
            out.right(reached.to);
            out.setScope(before);
        }

        // internals

        private record Reached(Node to, String sign) {}

        /**
         * A reference to a reference is one reference, also where the second comes from a template
         * argument: then what is reached is to be written in the scope of that, which is left set.
         */
        private Reached reached(Printer out) throws MalformedNameException {
            Node to = this.to;
            String sign = this.sign;
            while (isReference(sign)) {
                Printer.Scope before = out.scope();
                Node behind = to;
                while (behind instanceof Parameter parameter && !out.isInLambda()) {
                    behind = parameter.argument(out);
                    out.setScope(out.scope().outer());
                }
                if (!(behind instanceof Pointer inner && isReference(inner.sign))) {
                    out.setScope(before);
                    break;
                }
                sign = inner.sign.equals("&") ? "&" : sign;
                to = inner.to;
            }
            return new Reached(to, sign);
        }

        private static boolean isReference(String sign) {
            return sign.startsWith("&");
        }
    }

    record MemberPointer(Node owner, Node to) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            Shape shape = out.shape(to);
            out.left(to);
            out.append(shape == Shape.FUNCTION ? "(" : shape == Shape.ARRAY ? " (" : " ");
            out.whole(owner);
            out.append("::*");
        }

        @Override
        public void right(Printer out) throws MalformedNameException {
            if (out.shape(to) != Shape.PLAIN) {
                out.append(")");
            }
            out.right(to);
        }
    }

    /**
     * @param size null where it is not said
     */
    record Array(Node of, Node size) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.left(of);
        }

        @Override
        public void right(Printer out) throws MalformedNameException {
            out.append(out.last() == ']' ? "[" : " [");
            if (size != null) {
                out.whole(size);
            }
            out.append("]");
            out.right(of);
        }

        @Override
        public Shape shape(Printer out) {
            return Shape.ARRAY;
        }
    }

    record Function(Node result, List<Node> parameters, Node exceptions, String qualifiers)
            implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.left(result);
            out.append(out.hasRight(result) ? "" : " ");
        }

        @Override
        public void right(Printer out) throws MalformedNameException {
            out.append("(");
            out.list(parameters);
            out.append(")");
            out.append(qualifiers);
            if (exceptions != null) {
                out.whole(exceptions);
            }
            out.right(result);
        }

        @Override
        public Shape shape(Printer out) {
            return Shape.FUNCTION;
        }
    }

    record Vector(Node of, Node size) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.whole(of);
            out.append(" __vector(");
            out.whole(size);
            out.append(")");
        }
    }

    /** A word and something in parentheses: {@code decltype (x)}. */
    record Enclosed(String word, Node inner) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            out.append(word + "(");
            out.whole(inner);
            out.append(")");
        }
    }

    /** A use of a template parameter: written as the argument that it has where it stands. */
    record Parameter(int index) implements Node {
        @Override
        public void left(Printer out) throws MalformedNameException {
            if (out.isInLambda()) {
                out.append("auto:" + (index + 1));
                return;
            }
            Node argument = argument(out);
            Printer.Scope before = out.scope();
            out.setScope(before.outer());
            out.left(argument);
            out.setScope(before);
        }

        @Override
        public void right(Printer out) throws MalformedNameException {
            if (!out.isInLambda()) {
                Node argument = argument(out);
                Printer.Scope before = out.scope();
                out.setScope(before.outer());
                out.right(argument);
                out.setScope(before);
            }
        }

        @Override
        public Shape shape(Printer out) throws MalformedNameException {
            if (out.isInLambda()) {
                return Shape.PLAIN;
            }
            Node argument = argument(out);
            Printer.Scope before = out.scope();
            out.setScope(before.outer());
            Shape shape = out.shape(argument);
            out.setScope(before);
            return shape;
        }

        /** Of a pack the element that is written now, nothing behind the last. */
        Node argument(Printer out) throws MalformedNameException {
            Node argument = whole(out);
            if (argument instanceof NameNodes.Pack pack) {
                int element = out.element(pack.nodes().size());
                return element < 0 ? new NameNodes.Text("") : pack.nodes().get(element);
            }
            return argument;
        }

        /** A pack as it is. */
        Node whole(Printer out) throws MalformedNameException {
            Printer.Scope scope = out.scope();
            if (scope == null || index >= scope.arguments().size()) {
                throw new MalformedNameException("a parameter without an argument");
            }
            return scope.arguments().get(index);
        }
    }
}
