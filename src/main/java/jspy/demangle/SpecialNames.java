package jspy.demangle;

/** What compilers make for classes and variables, Itanium C++ ABI 5.1.4. */
final class SpecialNames {
    private final Itanium itanium;
    private final Cursor in;

    SpecialNames(Itanium itanium) {
        this.itanium = itanium;
        in = itanium.in;
    }

    /** At a {@code T} or a {@code G}. */
    Node read() throws MalformedNameException {
        String letters = in.take(2);
        return switch (letters) {
            case "TV" -> ofType("vtable for ");
            case "TT" -> ofType("VTT for ");
            case "TI" -> ofType("typeinfo for ");
            case "TS" -> ofType("typeinfo name for ");
            case "TF" -> ofType("typeinfo fn for ");
            case "TJ" -> ofType("java Class for ");
            case "TH" -> ofName("TLS init function for ");
            case "TW" -> ofName("TLS wrapper function for ");
            case "TA" ->
                    new NameNodes.Special(
                            "template parameter object for ", itanium.names.argument());
            case "TC" -> construction();
            case "Tc" -> {
                offset(in.next());
                offset(in.next());
                yield ofEncoding("covariant return thunk to ");
            }
            case "Th" -> {
                offset('h');
                yield ofEncoding("non-virtual thunk to ");
            }
            case "Tv" -> {
                offset('v');
                yield ofEncoding("virtual thunk to ");
            }
            case "GV" -> ofName("guard variable for ");
            case "GA" -> ofEncoding("hidden alias for ");
            case "GR" -> temporary();
            case "GT" ->
                    ofEncoding(
                            in.next() == 'n'
                                    ? "non-transaction clone for "
                                    : "transaction clone for ");
            default -> throw in.malformed("a special name");
        };
    }

    // internals

    private Node ofType(String what) throws MalformedNameException {
        return new NameNodes.Special(what, itanium.types.type());
    }

    private Node ofName(String what) throws MalformedNameException {
        return new NameNodes.Special(what, itanium.names.specialName());
    }

    private Node ofEncoding(String what) throws MalformedNameException {
        return new NameNodes.Special(what, itanium.names.encoding());
    }

    private Node construction() throws MalformedNameException {
        Node derived = itanium.types.type();
        in.number();
        in.expect('_');
        return new NameNodes.ConstructionTable(itanium.types.type(), derived);
    }

    private Node temporary() throws MalformedNameException {
        Node name = itanium.names.specialName();
        int number = in.isAtEnd() ? 0 : itanium.sequenceNumber();
        return new NameNodes.Special("reference temporary #" + number + " for ", name);
    }

    /** How far a thunk moves {@code this}; not shown. */
    private void offset(char kind) throws MalformedNameException {
        signed();
        if (kind == 'v') {
            signed();
        } else if (kind != 'h') {
            throw in.malformed("an offset");
        }
    }

    private void signed() throws MalformedNameException {
        in.take('n');
        in.number();
        in.expect('_');
    }
}
