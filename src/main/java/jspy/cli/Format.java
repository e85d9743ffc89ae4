package jspy.cli;

import jspy.output.Collapsed;
import jspy.output.FlameGraphSvg;
import jspy.output.ProfileWriter;
import jspy.output.Speedscope;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats of {@code --format}. */
enum Format {
    FLAMEGRAPH("svg", "flame graph", "open it in a browser"),
    SPEEDSCOPE("json", "speedscope file", "open it on https://www.speedscope.app"),
    RAW("txt", "raw stacks", "");

    private final String extension;
    private final String title;
    private final String hint;

    Format(String extension, String title, String hint) {
        this.extension = extension;
        this.title = title;
        this.hint = hint;
    }

    static Format of(String typed) throws CommandException {
        for (Format format : values()) {
            if (format.name().equalsIgnoreCase(typed)) {
                return format;
            }
        }
        String known =
                Arrays.stream(values())
                        .map(format -> format.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        throw CommandException.usage("--format takes %s, not '%s'".formatted(known, typed));
    }

    String extension() {
        return extension;
    }

    String title() {
        return title;
    }

    /** What to do with the file; may be empty. */
    String hint() {
        return hint;
    }

    /** Whether the format shows when samples were taken: then they are kept one by one. */
    boolean isTimed() {
        return this == SPEEDSCOPE;
    }

    ProfileWriter writer() {
        return switch (this) {
            case FLAMEGRAPH -> new FlameGraphSvg();
            case SPEEDSCOPE -> new Speedscope();
            case RAW -> new Collapsed();
        };
    }
}
