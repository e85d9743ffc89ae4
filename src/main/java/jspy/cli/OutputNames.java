package jspy.cli;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Which file each format goes to: those that were named, or py-spy's {@code SUBJECT-TIME.svg}. In a
 * name {@code %p} stands for the process id and {@code %t} for the time at which jspy was started.
 *
 * @param names one for each format
 */
record OutputNames(List<Format> formats, List<String> names, String time) {
    /** As py-spy names files, without the colons that some systems cannot have. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ssxx", Locale.ROOT);

    /**
     * @param typed the names that were given: none, one for all formats, or one for each
     * @param subject what the file is about where it was not named
     */
    static OutputNames of(
            List<Format> formats, List<String> typed, String subject, ZonedDateTime now)
            throws CommandException {
        if (typed.contains("")) {
            throw CommandException.usage("--output takes the name of a file, or -");
        }
        String time = TIME.format(now);
        boolean several = formats.size() > 1;
        if (typed.size() == formats.size()) {
            return checked(new OutputNames(formats, List.copyOf(typed), time));
        }
        if (typed.size() > 1) {
            throw CommandException.usage(
                    "there are %d --output for %d --format: give one for each, or one for all"
                            .formatted(typed.size(), formats.size()));
        }
        List<String> names = new ArrayList<>();
        for (Format format : formats) {
            String stem = typed.isEmpty() ? subject + "-" + time : stem(typed.getFirst(), formats);
            names.add(stem + "." + (several ? format.ownExtension() : format.extension()));
        }
        return checked(new OutputNames(formats, names, time));
    }

    /** Where they go for this process. */
    List<Destination> open(int pid) throws CommandException {
        List<Destination> destinations = new ArrayList<>();
        for (int i = 0; i < formats.size(); i++) {
            String name = names.get(i).replace("%p", Integer.toString(pid)).replace("%t", time);
            destinations.add(Destination.at(formats.get(i), name));
        }
        return List.copyOf(destinations);
    }

    // internals

    /** {@code x} of {@code x.svg}, when one name stands for several files. */
    private static String stem(String name, List<Format> formats) throws CommandException {
        if (name.equals(Destination.STANDARD_OUTPUT)) {
            throw CommandException.usage(
                    "only one format fits on standard output, not %d".formatted(formats.size()));
        }
        return Arrays.stream(Format.values())
                .flatMap(format -> Stream.of(format.ownExtension(), format.extension()))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .filter(extension -> name.endsWith("." + extension))
                .findFirst()
                .map(extension -> name.substring(0, name.length() - extension.length() - 1))
                .orElse(name);
    }

    private static OutputNames checked(OutputNames names) throws CommandException {
        if (names.names().stream().distinct().count() < names.names().size()) {
            throw CommandException.usage("two formats would go to one file");
        }
        return names;
    }
}
