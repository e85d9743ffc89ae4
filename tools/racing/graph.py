"""Which stacks a program of testdata/programs can have, as the comments of its source say (see the README there).

Held against stacks by function first: an edge that no line of the caller has is an impossible stack. Then by line: a
caller at a line that does not call the callee. The two are counted apart, for a profiler may tell wrong or no lines of
stacks that are right."""

import collections
import os
import re

DEF = re.compile(r"^( *)(?:async )?def (\w+)\(")
COMMENT = re.compile(r".*# (?!here)(\S.*)$")
MODULE = "<module>"
ELSEWHERE = "*"
THREAD_ROOTS = {"_bootstrap", "__bootstrap"}


class CallGraph:
    def __init__(self, path):
        self.file = os.path.basename(path)
        self.lines = collections.defaultdict(list)  # function: (first, last) of each definition
        self.roots = {MODULE}
        self.from_elsewhere = set()
        self.calls = collections.defaultdict(lambda: collections.defaultdict(set))  # line: caller: callees
        with open(path, encoding="utf-8") as source:
            self._read(source.read().splitlines())
        self.edges = collections.defaultdict(set)  # caller: callees, whatever the line
        for line, callers in self.calls.items():
            for caller, callees in callers.items():
                for name in self._callers(line, caller, callees):
                    self.edges[name] |= callees

    def impossible(self, frames):
        """Why the functions of a stack cannot follow each other; None when they can."""
        return self._first(frames, self._edge)

    def misplaced(self, frames):
        """Why the lines of a stack cannot be; None when they can."""
        return self._first(frames, self._placed)

    # internals

    def _read(self, texts):
        for number, text in enumerate(texts, 1):
            comment = COMMENT.match(text)
            said = comment.group(1) if comment else ""
            definition = DEF.match(text)
            if definition:
                self._define(texts, number, len(definition.group(1)), definition.group(2), said)
            else:
                for part in said.split(";"):
                    caller, arrow, callees = part.partition("->")
                    if arrow:
                        self.calls[number][caller.strip() or ELSEWHERE] |= set(callees.split())

    def _define(self, texts, number, indent, name, said):
        last = number
        for following, text in enumerate(texts[number:], number + 1):
            if text.strip():
                if len(text) - len(text.lstrip()) <= indent:
                    break
                last = following
        self.lines[name].append((number, last))
        if said == "<- root":
            self.roots.add(name)
        elif said == "<- library":
            self.from_elsewhere.add(name)

    def _callers(self, line, named, callees):
        """The function around the line, and the comprehensions that stand in it."""
        if named != ELSEWHERE:
            return [named]
        inner = [
            (first, name) for name, all_lines in self.lines.items() for first, last in all_lines if first <= line <= last
        ]
        return [max(inner)[1] if inner else MODULE] + [name for name in callees if name.startswith("<")]

    def _first(self, frames, rule):
        caller = None
        for frame in frames:
            reason = rule(caller, frame)
            if reason:
                return reason
            caller = frame
        return rule(None, None) if not frames else None

    def _is_here(self, frame):
        return os.path.basename(frame.file) == self.file

    def _edge(self, caller, frame):
        if frame is None:
            return "an empty stack"
        name = bare(frame)
        here = self._is_here(frame)
        if here and name != MODULE and not name.startswith("<") and name not in self.lines:
            return "there is no function %s" % name
        if caller is None:
            return None if name in (self.roots if here else THREAD_ROOTS) else "root %s" % name
        if not self._is_here(caller):
            can = not here or name in self.from_elsewhere
        else:
            can = (name if here else ELSEWHERE) in self.edges[bare(caller)]
        return None if can else "%s does not call %s" % (bare(caller), name)

    def _placed(self, caller, frame):
        if frame is None:
            return None
        name = bare(frame)
        here = self._is_here(frame)
        if here and not name.startswith("<"):
            if not any(first <= frame.line <= last for first, last in self.lines[name]):
                return "line %d is not in %s" % (frame.line, name)
        if caller is not None and self._is_here(caller):
            at_line = self.calls.get(caller.line, {})
            callees = at_line.get(bare(caller), at_line.get(ELSEWHERE, ()))
            if (name if here else ELSEWHERE) not in callees:
                return "line %d of %s does not call %s" % (caller.line, bare(caller), name)
        return None


def bare(frame):
    """The name without what it is qualified by."""
    return frame.function.rpartition(".")[2]
