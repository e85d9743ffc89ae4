package jspy.cli;

import jspy.sample.Version;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The command line of jspy: {@code jspy COMMAND …}. Commands may be abbreviated: {@code jspy rec}.
 */
public final class Main {
    private static final int USAGE_WIDTH = 80;

    /** As py-spy has it, which has no doctor. */
    private static final String DUMP_IN_SHORT = "d";

    private static final int LONG_OPTION_WIDTH = 25;

    /** In the order of the help. */
    private static final Map<String, Supplier<Command>> COMMANDS = new LinkedHashMap<>();

    static {
        COMMANDS.put("record", RecordCommand::new);
        COMMANDS.put("top", TopCommand::new);
        COMMANDS.put("dump", DumpCommand::new);
        COMMANDS.put("list", ListCommand::new);
        COMMANDS.put("doctor", DoctorCommand::new);
        COMMANDS.put("ctl", CtlCommand::new);
        COMMANDS.put("completions", CompletionsCommand::new);
    }

    private static final String OVERVIEW =
            """
            jspy: a sampling profiler for CPython, in pure Java

            Usage: jspy COMMAND [OPTIONS]

              record       record a profile into a file: flame graph, speedscope and others
              top          show which functions a process is in, again and again
              dump         print the stack of every thread, once
              list         list the Python processes of this machine
              doctor       say how jspy can look at a process, or what stands in the way
              ctl          have a jspy that records write what it has so far
              completions  print a script with which a shell completes jspy
              help         this text, or that of a command

            Commands may be abbreviated. jspy COMMAND --help says more; jspy --version
            prints the version.
            """;

    private Main() {}

    /** Runs one command and ends the virtual machine with its exit code. */
    public static void main(String[] args) {
        int exitCode = run(args);
        System.out.flush();
        System.exit(exitCode);
    }

    /** Runs one command; its exit code. */
    static int run(String[] args) {
        try {
            return dispatch(args);
        } catch (CommandException e) {
            Messages.say(e.getMessage());
            return e.exitCode();
        } catch (InterruptedException e) {
            return CommandException.FAILED;
        }
    }

    /** The options of all commands, by name; for what has to know all of them. */
    static Map<String, CommandSpec> specs() {
        Map<String, CommandSpec> specs = new LinkedHashMap<>();
        COMMANDS.forEach((name, command) -> specs.put(name, command.get().spec()));
        return specs;
    }

    // internals

    private static int dispatch(String[] args) throws CommandException, InterruptedException {
        if (args.length == 0) {
            System.err.print(OVERVIEW);
            return CommandException.USAGE;
        }
        switch (args[0]) {
            case "-h", "--help", "help", "hel", "he", "h" -> {
                return help(args);
            }
            case "-V", "--version" -> {
                System.out.println("jspy " + Version.NUMBER);
                return 0;
            }
            default -> {
                String name = commandName(args[0]);
                String[] rest = Arrays.copyOfRange(args, 1, args.length);
                return runCommand(name, COMMANDS.get(name).get(), rest);
            }
        }
    }

    private static int help(String[] args) throws CommandException {
        if (args.length > 1 && !List.of("-h", "--help", "help").contains(args[1])) {
            String name = commandName(args[1]);
            printUsage(name, COMMANDS.get(name).get().spec());
        } else {
            System.out.print(OVERVIEW);
        }
        return 0;
    }

    private static String commandName(String typed) throws CommandException {
        List<String> fitting =
                COMMANDS.keySet().stream().filter(name -> name.startsWith(typed)).toList();
        if (COMMANDS.containsKey(typed)) {
            return typed;
        }
        if (typed.equals(DUMP_IN_SHORT)) {
            return "dump";
        }
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        String known = String.join(", ", COMMANDS.keySet());
        throw CommandException.usage(
                fitting.isEmpty()
                        ? "there is no command '%s'; there are %s".formatted(typed, known)
                        : "'%s' may be %s".formatted(typed, String.join(" or ", fitting)));
    }

    private static int runCommand(String name, Command command, String[] args)
            throws CommandException, InterruptedException {
        CommandSpec spec = command.spec().name("jspy " + name);
        CommandLine commandLine =
                new CommandLine(spec).setStopAtPositional(true).setUnmatchedArgumentsAllowed(false);
        ParseResult parsed;
        try {
            parsed = commandLine.parseArgs(args);
        } catch (UnmatchedArgumentException e) {
            String extra = e.getUnmatched().getFirst();
            throw CommandException.usage(
                    (extra.startsWith("-")
                                    ? "Unknown option: '%s'; jspy %s --help shows the options"
                                    : "there is one argument too many: '%s'"
                                            + (spec.findOption("--pid") == null
                                                    ? "; jspy %s --help shows the options"
                                                    : "; jspy %s --pid takes a process"))
                            .formatted(extra, name));
        } catch (ParameterException e) {
            throw CommandException.usage(
                    "%s; jspy %s --help shows the options".formatted(firstLine(e), name));
        }
        if (parsed.isUsageHelpRequested()) {
            printUsage(name, spec);
            return 0;
        }
        return command.run(parsed);
    }

    private static void printUsage(String name, CommandSpec spec) {
        spec.usageMessage().sortOptions(false);
        new CommandLine(spec.name("jspy " + name))
                .setUsageHelpWidth(USAGE_WIDTH)
                .setUsageHelpLongOptionsMaxWidth(LONG_OPTION_WIDTH)
                .usage(System.out, CommandLine.Help.Ansi.AUTO);
    }

    private static String firstLine(ParameterException e) {
        String message = e.getMessage() == null ? "bad options" : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
