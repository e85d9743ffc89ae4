"""Stacks as profilers write them. A stack is a tuple of frames, root first."""

import collections
import re

# function: as written, perhaps qualified; file: base name or whole; line: 0 where none is told.
Frame = collections.namedtuple("Frame", "function file line")

# thread: what tells threads apart in that profiler's output; mark: why a stack is not whole, or "".
Stack = collections.namedtuple("Stack", "thread frames mark count")

PLACED = re.compile(r"^(.*?) \((.*?)(?::(-?\d+))?\)$", re.DOTALL)
THREAD = re.compile(r"^thread \(([0-9A-Fa-fx]+)\)")
MARK = re.compile(r"^(\[(torn|truncated|gap)\b.*\]|<unreadable>.*)$")


def read_raw(text):
    """py-spy's and jspy's raw stacks with --threads: 'thread (1): a;f (x.py:3);g (x.py:8) 78'."""
    for line in text.splitlines():
        written, _, count = line.rpartition(" ")
        if not count.isdigit():
            continue
        parts = written.split(";") if written else []
        thread = ""
        if parts and THREAD.match(parts[0]):
            thread = THREAD.match(parts.pop(0)).group(1)
        frames = []
        mark = ""
        for part in parts:
            placed = PLACED.match(part)
            if MARK.match(part) or placed and MARK.match(placed.group(1)):
                mark = mark or part
            elif not mark:
                frames.append(
                    Frame(placed.group(1), placed.group(2), int(placed.group(3) or 0))
                    if placed
                    else Frame(part, "", 0)
                )
        yield Stack(thread, tuple(frames), mark, int(count))


def read_tachyon(text):
    """Tachyon's collapsed stacks: 'tid:1;x.py:f:3;x.py:g:8 78'. Frames like <GC> have no file."""
    for line in text.splitlines():
        written, _, count = line.rpartition(" ")
        if not count.isdigit():
            continue
        parts = written.split(";")
        thread = parts.pop(0)[4:] if parts[0].startswith("tid:") else ""
        frames = []
        for part in parts:
            pieces = part.rsplit(":", 2)
            if len(pieces) == 3 and pieces[2].lstrip("-").isdigit():
                frames.append(Frame(pieces[1], pieces[0], max(0, int(pieces[2]))))
            else:
                frames.append(Frame(part, "", 0))
        yield Stack(thread, tuple(frames), "", int(count))


def by_stack(stacks):
    """The same stacks, each once."""
    counts = collections.Counter()
    for stack in stacks:
        counts[stack._replace(count=0)] += stack.count
    return [stack._replace(count=count) for stack, count in counts.items()]


def ticks(stacks):
    """How often the process was looked at: the stacks of the thread that has most of them. Some profilers count stacks."""
    counts = collections.Counter()
    for stack in stacks:
        counts[stack.thread] += stack.count
    return max(counts.values(), default=0)
