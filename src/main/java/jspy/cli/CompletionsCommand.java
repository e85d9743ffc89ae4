package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.util.Map;

/** {@code jspy completions SHELL}: a script that lets a shell complete jspy's command line. */
final class CompletionsCommand implements Command {
    private static final String SHELLS = Completion.SHELLS.replace(" ", ", ");

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Prints a script with which a shell completes jspy.");
        spec.usageMessage()
                .footer(
                        "",
                        "bash:        eval \"$(jspy completions bash)\"    in ~/.bashrc",
                        "zsh:         jspy completions zsh >_jspy        in a folder of $fpath",
                        "fish:        jspy completions fish | source     in config.fish",
                        "powershell:  jspy completions powershell | Out-String |"
                                + " Invoke-Expression",
                        "elvish:      eval (jspy completions elvish | slurp)    in rc.elv");
        spec.usageMessage().customSynopsis("jspy completions SHELL");
        spec.addPositional(
                PositionalParamSpec.builder()
                        .arity("0..1")
                        .type(String.class)
                        .paramLabel("SHELL")
                        .description(SHELLS)
                        .build());
        spec.addOption(Options.help());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException {
        String shell = arguments.matchedPositionalValue(0, null);
        if (shell == null) {
            throw CommandException.usage("completions needs the name of a shell: " + SHELLS);
        }
        Map<String, CommandSpec> commands = Main.specs();
        StandardOutput.print(
                switch (shell) {
                    case "bash" -> BashCompletion.script(commands);
                    case "zsh" -> ZshCompletion.script(commands);
                    case "fish" -> FishCompletion.script(commands);
                    case "elvish" -> ElvishCompletion.script(commands);
                    case "powershell" -> PowerShellCompletion.script(commands);
                    default ->
                            throw CommandException.usage(
                                    "completions knows %s, not '%s'".formatted(SHELLS, shell));
                });
        return 0;
    }
}
