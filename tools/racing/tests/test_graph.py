import os
import tempfile
import unittest

from racing import churn, graph, target
from racing.stacks import Frame

SOURCE = """import json

def left_leaf():
    pass

def left():
    left_leaf()  # -> left_leaf

def right():
    left()  # -> left

def listed():
    return [left() for _ in range(3)]  # -> <listcomp> left

def shown():  # <- library
    json.dumps(1)  # -> *

left()  # -> left
listed(); right()  # -> listed right
"""


def stack(*frames):
    return tuple(Frame(name, "x.py" if line < 100 else "json.py", line) for name, line in frames)


class CallGraphTest(unittest.TestCase):
    def setUp(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.py")
            with open(path, "w", encoding="utf-8") as file:
                file.write(SOURCE)
            self.graph = graph.CallGraph(path)

    def assert_possible(self, *frames):
        self.assertIsNone(self.graph.impossible(stack(*frames)))
        self.assertIsNone(self.graph.misplaced(stack(*frames)))

    def test_calls_that_are_written_are_possible(self):
        self.assert_possible(("<module>", 18), ("left", 7), ("left_leaf", 4))
        self.assert_possible(("<module>", 19), ("listed", 13), ("<listcomp>", 13), ("left", 7))
        self.assert_possible(("<module>", 19), ("listed", 13), ("left", 7))

    def test_calls_that_are_not_written_are_impossible(self):
        self.assertIsNotNone(self.graph.impossible(stack(("<module>", 19), ("right", 10), ("left_leaf", 4))))

    def test_a_stack_without_its_root_is_impossible(self):
        self.assertIsNotNone(self.graph.impossible(stack(("left", 7))))
        self.assertIsNotNone(self.graph.impossible(()))

    def test_the_right_functions_at_the_wrong_line_are_misplaced(self):
        wrong = stack(("<module>", 18), ("listed", 13))
        self.assertIsNone(self.graph.impossible(wrong))
        self.assertIsNotNone(self.graph.misplaced(wrong))
        self.assertIsNotNone(self.graph.misplaced(stack(("<module>", 18), ("left", 4))))

    def test_only_what_says_so_is_called_by_other_files(self):
        self.assert_possible(("_bootstrap", 900), ("run", 901), ("shown", 16), ("dumps", 200))
        self.assertIsNotNone(self.graph.impossible(stack(("_bootstrap", 900), ("left", 7))))

    def test_qualified_names_are_compared_by_their_last_part(self):
        self.assert_possible(("<module>", 18), ("A.left", 7))


class ProgramsTest(unittest.TestCase):
    def test_their_comments_name_functions_that_exist(self):
        for program in os.listdir(target.PROGRAMS):
            if program.endswith(".py"):
                calls = graph.CallGraph(os.path.join(target.PROGRAMS, program))
                known = set(calls.lines) | {graph.ELSEWHERE}
                for caller, callees in calls.edges.items():
                    missing = {name for name in callees - known if not name.startswith("<") and not name.startswith("__")}
                    self.assertFalse(missing, "%s: %s calls %s" % (program, caller, missing))


class ChurnTest(unittest.TestCase):
    def test_functions_fit_their_file_and_each_other(self):
        rules = churn.ChurnRules()
        good = (Frame("<module>", "churn.py", 36), Frame("main", "churn.py", 30), Frame("f_7", "<7>", 9), Frame("g_7", "<7>", 12))
        self.assertIsNone(rules.impossible(good))
        self.assertIsNone(rules.misplaced(good))
        self.assertIsNotNone(rules.impossible(good[:3] + (Frame("g_8", "<8>", 13),)))
        self.assertIsNotNone(rules.impossible(good[:2] + (Frame("f_7", "<8>", 9),)))
        self.assertIsNotNone(rules.misplaced(good[:2] + (Frame("f_7", "<7>", 40),)))
