import unittest

from racing import mojo
from racing.stacks import Frame


def number(value):
    first, value = value & 0x3F, value >> 6
    found = bytearray([first | (0x80 if value else 0)])
    while value:
        found.append(value & 0x7F | (0x80 if value >> 7 else 0))
        value >>= 7
    return bytes(found)


def event(kind, *parts):
    return bytes([kind]) + b"".join(part if isinstance(part, bytes) else number(part) for part in parts)


HEAD = b"MOJ" + number(3)
TEXTS = event(mojo.STRING, 100, b"a.py\0") + event(mojo.STRING, 5000, b"f\0")
FRAME = event(mojo.FRAME, 70000, 100, 5000, 12, 12, 1, 9)
SAMPLE = event(mojo.STACK, 4321, 0, b"10e1\0") + event(mojo.REFERENCE, 70000) + event(mojo.TIME, 1000)


class MojoTest(unittest.TestCase):
    def test_frames_are_told_once_and_referred_to(self):
        recorded = mojo.read(HEAD + event(mojo.METADATA, b"duration\0", b"42\0") + TEXTS + FRAME + SAMPLE + SAMPLE)
        self.assertEqual({"duration": "42"}, recorded.metadata)
        (stack,) = recorded.stacks
        self.assertEqual(("10e1", (Frame("f", "a.py", 12),), 2), (stack.thread, stack.frames, stack.count))

    def test_numbers_of_several_bytes_and_negative_ones(self):
        reader = mojo.Reader(b"\xc3\x02")
        self.assertEqual(-131, reader.number())
        self.assertEqual(1 << 40, mojo.Reader(number(1 << 40)).number())

    def test_a_stack_with_an_invalid_frame_is_marked(self):
        recorded = mojo.read(HEAD + TEXTS + FRAME + SAMPLE[:-3] + event(mojo.INVALID))
        self.assertEqual(["[invalid]"], [stack.mark for stack in recorded.stacks])

    def test_a_file_that_was_cut_is_read_up_to_there(self):
        whole = HEAD + TEXTS + FRAME + SAMPLE
        self.assertEqual(1, len(mojo.read(whole + event(mojo.STACK, 4321) + b"\x80").stacks))

    def test_what_is_no_mojo_is_refused(self):
        with self.assertRaises(ValueError):
            mojo.read(b"<svg")
        with self.assertRaises(ValueError):
            mojo.read(HEAD + b"\x63")
