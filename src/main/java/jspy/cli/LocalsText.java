package jspy.cli;

import jspy.python.Local;

import java.util.ArrayList;
import java.util.List;

/** The variables of one frame as py-spy prints them: arguments, then locals. */
final class LocalsText {
    private LocalsText() {}

    /** Lines without their ends; none for a frame without variables. */
    static List<String> of(List<Local> variables) {
        List<String> lines = new ArrayList<>();
        for (boolean arguments : new boolean[] {true, false}) {
            List<Local> some =
                    variables.stream().filter(local -> local.isArgument() == arguments).toList();
            if (!some.isEmpty()) {
                lines.add(arguments ? "        Arguments:" : "        Locals:");
            }
            for (Local local : some) {
                lines.add("            %s: %s".formatted(local.name(), local.text()));
            }
        }
        return lines;
    }
}
