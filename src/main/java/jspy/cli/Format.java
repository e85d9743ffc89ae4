package jspy.cli;

import jspy.output.ChromeTrace;
import jspy.output.Collapsed;
import jspy.output.FlameGraphSvg;
import jspy.output.ProfileWriter;
import jspy.output.Speedscope;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The formats of {@code --format}. */
enum Format {
    FLAMEGRAPH("svg", "svg", "flame graph", "open it in a browser"),
    RAW("txt", "txt", "raw stacks", ""),
    SPEEDSCOPE(
            "json", "speedscope.json", "speedscope file", "open it on https://www.speedscope.app"),
    CHROMETRACE("json", "chrometrace.json", "chrome trace", "open it on https://ui.perfetto.dev");

    private final String extension;
    private final String ownExtension;
    private final String title;
    private final String hint;

    Format(String extension, String ownExtension, String title, String hint) {
        this.extension = extension;
        this.ownExtension = ownExtension;
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

    /** One that no other format has. */
    String ownExtension() {
        return ownExtension;
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
        return this == SPEEDSCOPE || this == CHROMETRACE;
    }

    ProfileWriter writer() {
        return switch (this) {
            case FLAMEGRAPH -> new FlameGraphSvg();
            case RAW -> new Collapsed();
            case SPEEDSCOPE -> new Speedscope();
            case CHROMETRACE -> new ChromeTrace();
        };
    }
}
