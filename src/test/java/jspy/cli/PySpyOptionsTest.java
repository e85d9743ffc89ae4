package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Holds jspy's options against those of py-spy 0.4.3, as its help and its source list them: a
 * py-spy command line is a jspy command line.
 */
final class PySpyOptionsTest {
    /** Names, whether a value follows, and the commands that have it. */
    private static final List<String> PY_SPY =
            List.of(
                    "-p --pid           value  record top dump",
                    "-o --output        value  record",
                    "-f --format        value  record",
                    "-d --duration      value  record",
                    "-r --rate          value  record top",
                    "-s --subprocesses  flag   record top dump",
                    "-F --function      flag   record",
                    "--nolineno         flag   record",
                    "-t --threads       flag   record",
                    "-g --gil           flag   record top",
                    "-i --idle          flag   record top",
                    "-n --native        flag   record top dump",
                    "--nonblocking      flag   record top dump",
                    "--full-filenames   flag   record top dump",
                    "--delay            value  top",
                    "-l --locals        flag   dump",
                    "-j --json          flag   dump",
                    "-c --core          value  dump",
                    "--capture          flag   record",
                    "--hideprogress     flag   record",
                    "-h --help          flag   record top dump");

    @Test
    void everyOptionIsThereWithItsShortName() {
        for (String command : List.of("record", "top", "dump")) {
            Set<String> missing = new TreeSet<>();
            for (String row : PY_SPY) {
                List<String> words = Arrays.asList(row.split(" +"));
                int kind = Math.max(words.indexOf("flag"), words.indexOf("value"));
                if (words.subList(kind + 1, words.size()).contains(command)) {
                    compare(command, words.subList(0, kind), words.get(kind), missing);
                }
            }
            assertEquals(Set.of(), missing, command);
        }
    }

    @Test
    void everyOptionOfJspyIsInItsHelp() {
        for (Map.Entry<String, CommandSpec> command : Main.specs().entrySet()) {
            for (OptionSpec option : command.getValue().options()) {
                assertTrue(
                        option.hidden() || option.description().length > 0, option.longestName());
            }
        }
    }

    // internals

    private static void compare(
            String command, List<String> names, String kind, Set<String> missing) {
        String longName = names.getLast();
        OptionSpec option = Main.specs().get(command).findOption(longName);
        boolean flag = kind.equals("flag");
        if (option == null || (option.arity().min() == 0) != flag) {
            missing.add(longName);
            return;
        }
        assertTrue(Arrays.asList(option.names()).containsAll(names), command + " " + names);
    }
}
