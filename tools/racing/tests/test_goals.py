import unittest

from racing import goals, report

ABOUT = {
    "date": "2026-01-01", "seconds": 1, "machine": "m", "load": 0, "jspy": "x", "peers": {"py-spy": "1", "austin": "2"},
    "command": "tools/race", "absent": {},
}  # fmt: skip
NOTHING = {"syscalls": [], "floor": None, "dumps": []}


def heat(profiler, turn=0, still=0.1, **more):
    figures = dict(
        python="3.13", version="3.13.0", target="truth long", rate=1000, profiler=profiler, round=turn, load=0.1,
        reached=1000.0, cpu_us=10.0, off_us=20.0, delay_us=20.0, stopped_us=0.0, off_percent=2.0, still_percent=still,
        peak_kb=1000, samples=5000, errors=0, whole=5000, marked=0, impossible=0, misplaced=0, marked_impossible=0, cut=0,
        share_with=3500, share_without=1500, examples=[], by_thread_us={},
        facts={
            "stacks": 5000, "proved": 5000, "torn": 0, "truncated": 0, "unreadable": 0, "lost": 0, "missed": 0, "late": 0,
            "retried": 0,
        },
    )  # fmt: skip
    figures.update(more)
    return figures


def verdicts(heats):
    return {(goal.what, goal.goal): goal.verdict for goal in goals.judged(heats, NOTHING)}


class GoalsTest(unittest.TestCase):
    def verdict(self, heats, what, goal):
        return verdicts(heats)[what, goal]

    def test_what_was_not_run_is_not_measured(self):
        self.assertEqual({goals.NOT_MEASURED}, set(verdicts([]).values()))

    def test_cpu_is_held_against_the_others_of_the_same_round(self):
        what = "CPU a sample at 1 kHz, `jspy`"
        cheap, dear = heat("jspy", cpu_us=9.0), heat("jspy", cpu_us=11.0)
        other = heat("py-spy", cpu_us=100.0)
        self.assertEqual(goals.MET, self.verdict([cheap, other], what, "≤ 1/10 of py-spy"))
        self.assertEqual(goals.MISSED, self.verdict([dear, other], what, "≤ 1/10 of py-spy"))

    def test_waiting_and_shares_are_not_judged_on_a_busy_machine(self):
        busy = [heat("jspy", still=50.0), heat("py-spy", still=50.0, off_us=400.0)]
        quiet = [heat("jspy"), heat("py-spy", off_us=400.0)]
        what, goal = "the target's waiting at 1 kHz, `jspy`", "≤ 1/10 of py-spy's"
        self.assertEqual(goals.NOT_MEASURED, self.verdict(busy, what, goal))
        self.assertEqual(goals.MET, self.verdict(quiet, what, goal))
        share = ("share error of `jspy` on truth, 70:30", "≤ 1 point")
        self.assertEqual(goals.NOT_MEASURED, self.verdict(busy, *share))
        self.assertEqual(goals.MET, self.verdict(quiet, *share))

    def test_a_schedule_is_kept_by_the_samples_that_were_due(self):
        def crowd(missed):
            facts = dict(heat("jspy")["facts"], missed=missed)
            return [heat("jspy", target="200 mixed", rate=100, reached=96.0, samples=1000, facts=facts)]

        goal = ("200 threads", "keeps 100 Hz: no sample due is left out")
        self.assertEqual(goals.MET, self.verdict(crowd(0), *goal))
        self.assertEqual(goals.MISSED, self.verdict(crowd(1), *goal))

    def test_one_impossible_stack_misses_the_goal(self):
        what = "impossible stacks of `jspy` (proved)"
        self.assertEqual(goals.MISSED, self.verdict([heat("jspy", impossible=1)], what, "0 in 1,000,000"))

    def test_a_peer_that_cannot_run_has_its_reason_in_the_table(self):
        heats = [heat("jspy"), {"python": "3.13", "target": "truth long", "rate": 1000, "profiler": "x", "round": 0, "reason": "too old"}]
        text = report.markdown(ABOUT, heats, NOTHING)
        self.assertRegex(text, r"\| x \| – .*\| too old \|")
