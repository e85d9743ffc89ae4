package jspy.snapshot;

import java.io.IOException;

/** A file that is no snapshot, is damaged, or is of a kind that this jspy does not read. */
public final class SnapshotException extends IOException {
    private static final long serialVersionUID = 1;

    SnapshotException(String message) {
        super(message);
    }

    SnapshotException(String message, Throwable cause) {
        super(message, cause);
    }
}
