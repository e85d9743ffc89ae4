package jspy.testing;

import jspy.profile.Frame;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which stacks a program of testdata/programs can have, as the comments of its source say; their
 * form is described in testdata/programs/README.md. The oracle for stacks that were mixed of two
 * moments.
 */
public final class CallGraph {
    private static final String MODULE = "<module>";
    private static final String ELSEWHERE = "*";

    /** The function in which every thread of threading begins; that of 2.7 has one more line. */
    private static final Set<String> THREAD_ROOTS = Set.of("_bootstrap", "__bootstrap");

    private static final Pattern DEF = Pattern.compile("( *)(?:async )?def (\\w+)\\(.*");
    private static final Pattern COMMENT = Pattern.compile(".*# (?!here)(\\S.*)");

    /** Lines of a function, from its {@code def} to the last of its body. */
    private record Lines(int first, int last) {}

    private final String file;
    private final Map<String, List<Lines>> functions = new HashMap<>();
    private final Map<Integer, Map<String, Set<String>>> calls = new HashMap<>();
    private final Set<String> roots = new HashSet<>(Set.of(MODULE));
    private final Set<String> calledFromElsewhere = new HashSet<>();

    private CallGraph(String file) {
        this.file = file;
    }

    static CallGraph of(Program program) {
        CallGraph graph = new CallGraph(program.name() + ".py");
        for (int i = 0; i < program.lines().size(); i++) {
            String text = program.lines().get(i);
            Matcher comment = COMMENT.matcher(text);
            String said = comment.matches() ? comment.group(1) : "";
            Matcher def = DEF.matcher(text);
            if (def.matches()) {
                graph.define(program, i + 1, def.group(2), def.group(1).length(), said);
            } else {
                graph.call(i + 1, said);
            }
        }
        return graph;
    }

    /**
     * Why a stack cannot be; null when it can.
     *
     * @param frames root first
     */
    public String impossible(List<Frame> frames) {
        Frame caller = null;
        for (Frame frame : frames) {
            String reason = impossible(caller, frame);
            if (reason != null) {
                return reason + " in " + frames.stream().map(Frame::label).toList();
            }
            caller = frame;
        }
        return null;
    }

    // internals

    private void define(Program program, int line, String name, int indent, String said) {
        int last = line;
        for (int i = line; i < program.lines().size(); i++) {
            String text = program.lines().get(i);
            if (!text.isBlank() && text.length() - text.stripLeading().length() <= indent) {
                break;
            }
            last = text.isBlank() ? last : i + 1;
        }
        functions.computeIfAbsent(name, unused -> new ArrayList<>()).add(new Lines(line, last));
        if (said.equals("<- root")) {
            roots.add(name);
        } else if (said.equals("<- library")) {
            calledFromElsewhere.add(name);
        }
    }

    private void call(int line, String said) {
        for (String part : said.split(";")) {
            String[] sides = part.split("->");
            if (sides.length == 2) {
                String caller = sides[0].isBlank() ? ELSEWHERE : sides[0].strip();
                calls.computeIfAbsent(line, unused -> new HashMap<>())
                        .computeIfAbsent(caller, unused -> new HashSet<>())
                        .addAll(List.of(sides[1].strip().split(" ")));
            }
        }
    }

    private String impossible(Frame caller, Frame frame) {
        String name = bare(frame);
        if (frame.isMark()) {
            return "the mark " + frame.label();
        }
        if (isHere(frame) && !isWithin(frame, name)) {
            return "line " + frame.line() + " is not in " + name;
        }
        if (caller == null) {
            boolean root = isHere(frame) ? roots.contains(name) : THREAD_ROOTS.contains(name);
            return root ? null : "root " + name;
        }
        if (!isHere(caller)) {
            boolean can = !isHere(frame) || calledFromElsewhere.contains(name);
            return can ? null : name + " called from " + caller.label();
        }
        Map<String, Set<String>> atLine = calls.getOrDefault(caller.line(), Map.of());
        Set<String> callees = atLine.getOrDefault(bare(caller), atLine.get(ELSEWHERE));
        String callee = isHere(frame) ? name : ELSEWHERE;
        return callees != null && callees.contains(callee)
                ? null
                : caller.label() + " does not call " + frame.label();
    }

    /** A frozen program has its bare name for a path. */
    private boolean isHere(Frame frame) {
        return frame.file().equals(file) || frame.file().endsWith("/" + file);
    }

    /** Comprehensions and the module itself may have any line. */
    private boolean isWithin(Frame frame, String name) {
        if (name.startsWith("<")) {
            return true;
        }
        return functions.getOrDefault(name, List.of()).stream()
                .anyMatch(lines -> lines.first() <= frame.line() && frame.line() <= lines.last());
    }

    /** The name without what it is qualified by. */
    private static String bare(Frame frame) {
        String name = frame.function();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
