"""Austin's MOJO files, version 3: a stream of events, described in Austin's documentation."""

import collections

from racing.stacks import Frame, Stack, by_stack

METADATA, STACK, FRAME, INVALID, REFERENCE, KERNEL, GC, IDLE, TIME, MEMORY, STRING, STRING_REF = range(1, 13)

# metadata: what Austin says of the run; stacks: list of Stack.
Recorded = collections.namedtuple("Recorded", "metadata stacks")


class Reader:
    """Reads numbers and texts one after another."""

    def __init__(self, data):
        self.data = data
        self.at = 0

    def more(self):
        return self.at < len(self.data)

    def byte(self):
        value = self.data[self.at]
        self.at += 1
        return value

    def number(self):
        """Six bits and a sign in the first byte, seven in each further one; the top bit says that more follow."""
        first = self.byte()
        value = first & 0x3F
        shift = 6
        more = first & 0x80
        while more:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            more = byte & 0x80
        return -value if first & 0x40 else value

    def text(self):
        end = self.data.index(b"\0", self.at)
        found = self.data[self.at : end].decode("utf-8", "replace")
        self.at = end + 1
        return found


def read(data):
    """A file whose end is missing is read up to there."""
    if data[:3] != b"MOJ":
        raise ValueError("no MOJO file: begins with %r" % data[:3])
    reader = Reader(data)
    reader.at = 3
    version = reader.number()
    if version != 3:
        raise ValueError("MOJO version %d, known is 3" % version)
    metadata, texts, frames, stacks = {}, {1: "<unknown>"}, {}, []
    thread, stack, mark = None, [], ""

    def end():
        if thread is not None:
            stacks.append(Stack(thread, tuple(stack), mark, 1))

    try:
        while reader.more():
            event = reader.byte()
            if event == METADATA:
                key = reader.text()
                metadata[key] = reader.text()
            elif event == STACK:
                end()
                reader.number()
                reader.number()
                thread, stack, mark = reader.text(), [], ""
            elif event == FRAME:
                key, file, scope, line = (reader.number() for _ in range(4))
                for _ in range(3):
                    reader.number()
                frames[key] = Frame(texts.get(scope, "?"), texts.get(file, "?"), line)
            elif event == INVALID:
                mark = "[invalid]"
            elif event == REFERENCE:
                stack.append(frames.get(reader.number(), Frame("?", "?", 0)))
            elif event == KERNEL:
                reader.text()
            elif event in (TIME, MEMORY):
                reader.number()
            elif event == STRING:
                key = reader.number()
                texts[key] = reader.text()
            elif event == STRING_REF:
                reader.number()
            elif event not in (GC, IDLE):
                raise ValueError("MOJO event %d at byte %d" % (event, reader.at - 1))
        end()
    except (IndexError, ValueError) as problem:
        if isinstance(problem, ValueError) and "MOJO" in str(problem):
            raise
    return Recorded(metadata, by_stack(stacks))
