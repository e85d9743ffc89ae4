package jspy.layout;

import java.util.Optional;

/**
 * The target is a CPython whose structs jspy does not know, or whose description of them cannot be
 * true. The message says which, and what is supported.
 */
public final class UnsupportedPythonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient PythonVersion version;

    UnsupportedPythonException(PythonVersion version, String message) {
        super(message);
        this.version = version;
    }

    /** The version that was found; empty when what was read holds none. */
    public Optional<PythonVersion> version() {
        return Optional.ofNullable(version);
    }
}
