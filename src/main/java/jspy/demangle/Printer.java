package jspy.demangle;

import java.util.List;

/**
 * Writes a tree of {@link Node}s. A short name can stand for an endless text, as its parts are
 * referred to again and again: length, depth and steps are bounded. One name, one thread.
 */
final class Printer {
    /** No name that is longer helps anybody. */
    private static final int MAX_LENGTH = 1 << 16;

    private static final int MAX_DEPTH = 1024;
    private static final int MAX_STEPS = 1 << 20;

    /** In an expansion whose pack was not met yet. */
    static final int PACK_UNKNOWN = -1;

    /** What template parameters stand for here, and what those of their arguments stand for. */
    record Scope(List<Node> arguments, Scope outer) {}

    private final StringBuilder text = new StringBuilder();
    private int depth;
    private int steps;
    private int packIndex;
    private int packSize;
    private Scope scope;
    private boolean isInLambda;

    static String text(Node node) throws MalformedNameException {
        Printer printer = new Printer();
        printer.whole(node);
        return printer.text.toString();
    }

    void whole(Node node) throws MalformedNameException {
        left(node);
        right(node);
    }

    /** What stands before the name that is declared. */
    void left(Node node) throws MalformedNameException {
        enter();
        node.left(this);
        depth--;
    }

    /** What stands behind it. */
    void right(Node node) throws MalformedNameException {
        enter();
        node.right(this);
        depth--;
    }

    /** Whether something stands behind the name that is declared. */
    boolean hasRight(Node node) throws MalformedNameException {
        int before = text.length();
        right(node);
        boolean has = text.length() > before;
        text.setLength(before);
        return has;
    }

    Node.Shape shape(Node node) throws MalformedNameException {
        enter();
        Node.Shape shape = node.shape(this);
        depth--;
        return shape;
    }

    /** An operand: in parentheses unless it is a plain name. */
    void operand(Node node) throws MalformedNameException {
        if (node.isSimple()) {
            whole(node);
        } else {
            append("(");
            whole(node);
            append(")");
        }
    }

    /** With commas between them; one that is an empty pack leaves no comma. */
    void list(Iterable<? extends Node> nodes) throws MalformedNameException {
        boolean isFirst = true;
        for (Node node : nodes) {
            int before = text.length();
            if (!isFirst) {
                append(", ");
            }
            int start = text.length();
            whole(node);
            if (text.length() == start) {
                text.setLength(before);
            } else {
                isFirst = false;
            }
        }
    }

    /** One after the other for each element of the pack that is met inside. */
    void expansion(Node pattern) throws MalformedNameException {
        int outerIndex = packIndex;
        int outerSize = packSize;
        packSize = PACK_UNKNOWN;
        int start = text.length();
        whole(pattern);
        if (packSize == PACK_UNKNOWN) {
            if (!pattern.isSimple()) {
                text.insert(start, '(');
                append(")");
            }
            append("...");
        } else if (packSize == 0) {
            text.setLength(start);
        }
        for (int i = 1; i < packSize; i++) {
            packIndex = i;
            append(", ");
            whole(pattern);
        }
        packIndex = outerIndex;
        packSize = outerSize;
    }

    /** Which element of a pack is written now; -1 when it has none of that number. */
    int element(int size) {
        if (packSize == PACK_UNKNOWN) {
            packSize = size;
            packIndex = 0;
        }
        return packIndex < size ? packIndex : -1;
    }

    /** Null outside of all templates. */
    Scope scope() {
        return scope;
    }

    void setScope(Scope newScope) {
        scope = newScope;
    }

    /** The parameters of a generic lambda have no arguments. */
    boolean isInLambda() {
        return isInLambda;
    }

    void lambdaParameters(List<Node> parameters) throws MalformedNameException {
        boolean outer = isInLambda;
        isInLambda = true;
        list(parameters);
        isInLambda = outer;
    }

    void append(String more) throws MalformedNameException {
        if (text.length() + more.length() > MAX_LENGTH) {
            throw new MalformedNameException("too long");
        }
        text.append(more);
    }

    char last() {
        return text.isEmpty() ? 0 : text.charAt(text.length() - 1);
    }

    // internals

    private void enter() throws MalformedNameException {
        if (++depth > MAX_DEPTH || ++steps > MAX_STEPS) {
            throw new MalformedNameException("too deep");
        }
    }
}
