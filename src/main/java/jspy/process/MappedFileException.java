package jspy.process;

import java.io.IOException;
import java.util.List;

/** The file of a mapping cannot be opened by any of its names. */
public final class MappedFileException extends IOException {
    private static final long serialVersionUID = 1;

    private final boolean isDenied;

    MappedFileException(String file, List<String> attempts, boolean isDenied) {
        super(
                "cannot open %s: %s%s"
                        .formatted(
                                file,
                                String.join("; ", attempts),
                                isDenied ? "; CAP_DAC_READ_SEARCH (or root) would allow it" : ""));
        this.isDenied = isDenied;
    }

    /** One of the names is there but may not be read. */
    public boolean isDenied() {
        return isDenied;
    }
}
