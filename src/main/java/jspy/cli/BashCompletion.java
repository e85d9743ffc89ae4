package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;

import java.util.Map;

/** For bash: one function; where it knows nothing, bash completes files. */
final class BashCompletion {
    private BashCompletion() {}

    static String script(Map<String, CommandSpec> commands) {
        StringBuilder cases = new StringBuilder();
        commands.forEach(
                (name, command) ->
                        cases.append(
                                "        %s) words='%s' ;;%n"
                                        .formatted(name, Completion.words(command))));
        return """
        _jspy() {
            local now=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} words=
            COMPREPLY=()
            if [ "$COMP_CWORD" -eq 1 ]; then
                COMPREPLY=($(compgen -W '%s help --help --version' -- "$now"))
                return
            fi
            case $before in
                %s) return ;;
                %s) words='%s' ;;
                %s) words=$(pgrep -d ' ' python) ;;
                *) case ${COMP_WORDS[1]} in
        %s        completions) words='%s' ;;
                esac ;;
            esac
            COMPREPLY=($(compgen -W "$words" -- "$now"))
        }
        complete -o default -F _jspy jspy
        """
                .formatted(
                        String.join(" ", commands.keySet()),
                        Completion.names(commands, Completion.Value.FILE, " | "),
                        Completion.names(commands, Completion.Value.FORMAT, " | "),
                        Completion.formats(),
                        Completion.names(commands, Completion.Value.PID, " | "),
                        cases.toString().replace("        completions) words='-h --help' ;;\n", ""),
                        Completion.SHELLS);
    }
}
