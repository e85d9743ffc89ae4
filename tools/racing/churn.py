"""What stacks churn.py can have: f_N calls g_N, both in the file <N>, from line N % 50 + 1 on."""

import re

from racing.graph import bare

MADE = re.compile(r"^([fg])_(\d+)$")
FILE = re.compile(r"<(\d+)>$")
# The lines of each in the file, from where the text begins.
LINES = {"f": range(1, 3), "g": range(4, 7)}


class ChurnRules:
    """Like graph.CallGraph. A name of another file, or g_N under f_M: one code object taken for another, a wrong name."""

    def impossible(self, frames):
        if not frames:
            return "an empty stack"
        if bare(frames[0]) != "<module>":
            return "root %s" % bare(frames[0])
        for caller, frame in zip(frames, frames[1:]):
            reason = self._edge(caller, frame)
            if reason:
                return reason
        return None

    def misplaced(self, frames):
        """A line that the text of <N> has not."""
        for frame in frames:
            file = FILE.search(frame.file)
            if file:
                made = MADE.match(bare(frame))
                if made and frame.line - int(file.group(1)) % 50 not in LINES[made.group(1)]:
                    return "line %d of %s is not in %s" % (frame.line, frame.file, bare(frame))
        return None

    # internals

    def _edge(self, caller, frame):
        above, below = MADE.match(bare(caller)), MADE.match(bare(frame))
        file = FILE.search(frame.file)
        name = "%s (%s)" % (bare(frame), frame.file)
        if below and (not file or file.group(1) != below.group(2)):
            return "%s is not of that file" % name
        if below and below.group(1) == "g":
            return None if above and above.groups() == ("f", below.group(2)) else "%s does not call %s" % (bare(caller), name)
        if below:
            return None if bare(caller) == "main" else "%s does not call %s" % (bare(caller), name)
        if above:
            return "%s does not call %s" % (bare(caller), name)
        return None
