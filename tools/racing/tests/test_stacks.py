import unittest

from racing import stacks
from racing.stacks import Frame, Stack


class RawTest(unittest.TestCase):
    def test_frames_are_read_root_first_with_their_lines(self):
        text = "thread (12);<module> (a.py:9);Outer.f (b (1).py:3) 78\n"
        frames = (Frame("<module>", "a.py", 9), Frame("Outer.f", "b (1).py", 3))
        self.assertEqual([Stack("12", frames, "", 78)], list(stacks.read_raw(text)))

    def test_named_threads_are_told_apart_by_their_number(self):
        (stack,) = stacks.read_raw("thread (7): Main;f (a.py:1) 2")
        self.assertEqual("7", stack.thread)

    def test_what_follows_a_mark_is_not_part_of_the_stack(self):
        (stack,) = stacks.read_raw("thread (7);f (a.py:1);[torn];g (a.py:2) 3")
        self.assertEqual(("[torn]", (Frame("f", "a.py", 1),)), (stack.mark, stack.frames))

    def test_unreadable_frames_are_marks_wherever_they_stand(self):
        (stack,) = stacks.read_raw("thread (7);f (a.py:1);<unreadable> 3")
        self.assertEqual("<unreadable>", stack.mark)

    def test_an_empty_stack_is_one(self):
        (stack,) = stacks.read_raw("thread (7) 4")
        self.assertEqual(((), 4), (stack.frames, stack.count))

    def test_lines_without_a_count_are_none(self):
        self.assertEqual([], list(stacks.read_raw("\nSamples: many\n")))


class TachyonTest(unittest.TestCase):
    def test_files_functions_and_lines(self):
        (stack,) = stacks.read_tachyon("tid:12;a.py:<module>:9;a.py:f:3 78")
        self.assertEqual(Stack("12", (Frame("<module>", "a.py", 9), Frame("f", "a.py", 3)), "", 78), stack)

    def test_an_unknown_line_is_none(self):
        (stack,) = stacks.read_tachyon("tid:12;a.py:f:-1 1")
        self.assertEqual(0, stack.frames[0].line)


class CountTest(unittest.TestCase):
    def test_ticks_are_those_of_the_thread_seen_most(self):
        seen = [Stack("1", (), "", 3), Stack("2", (), "", 4), Stack("1", (), "[torn]", 2)]
        self.assertEqual(5, stacks.ticks(seen))
        self.assertEqual(0, stacks.ticks([]))

    def test_equal_stacks_become_one(self):
        seen = [Stack("1", (), "", 3), Stack("1", (), "", 4)]
        self.assertEqual([Stack("1", (), "", 7)], stacks.by_stack(seen))
