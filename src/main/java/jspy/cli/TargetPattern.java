package jspy.cli;

import jspy.process.ProcFiles;
import jspy.python.PythonProcesses;
import jspy.python.PythonProcesses.Seen;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A target by what it is called: the one Python whose command line has a text or fits a pattern.
 */
final class TargetPattern {
    /** Fitting processes that are named in a message. */
    private static final int MAX_NAMED = 10;

    private TargetPattern() {}

    static int pid(String typed) throws CommandException {
        if (typed.isBlank()) {
            throw CommandException.usage("--pid takes a process id, a name or a pattern");
        }
        List<Seen> all = new ArrayList<>(new PythonProcesses(ProcFiles.system()).all());
        ProcessHandle.current()
                .parent()
                .ifPresent(parent -> all.removeIf(s -> s.process().pid() == parent.pid()));
        List<Seen> fitting = fitting(all, line -> line.contains(typed));
        if (fitting.isEmpty()) {
            fitting = fitting(all, pattern(typed).asPredicate());
        }
        if (fitting.size() == 1) {
            return fitting.getFirst().process().pid();
        }
        if (fitting.isEmpty()) {
            throw CommandException.usage(
                    "--pid takes a process id, not '%s', and no Python has that in its command"
                                    .formatted(typed)
                            + " line; jspy list shows all");
        }
        throw CommandException.failed(
                "'%s' fits %d processes:%s\ngive the pid of one"
                        .formatted(typed, fitting.size(), named(fitting)));
    }

    // internals

    private static List<Seen> fitting(List<Seen> all, Predicate<String> fits) {
        return all.stream().filter(seen -> fits.test(seen.commandLine())).toList();
    }

    private static Pattern pattern(String typed) throws CommandException {
        try {
            return Pattern.compile(typed);
        } catch (PatternSyntaxException e) {
            throw CommandException.usage(
                    "'%s' is neither a process id nor a pattern: %s"
                            .formatted(typed, e.getDescription()));
        }
    }

    private static String named(List<Seen> fitting) {
        StringBuilder text = new StringBuilder();
        for (Seen seen : fitting.subList(0, Math.min(MAX_NAMED, fitting.size()))) {
            text.append(
                    "\n  %d  %s"
                            .formatted(seen.process().pid(), TargetLine.brief(seen.commandLine())));
        }
        return fitting.size() > MAX_NAMED ? text.append("\n  …").toString() : text.toString();
    }
}
