"""How each profiler is started on a process, why it cannot be, and what its output says.

All are ended by SIGINT, so that none of them knows how long it will run; all write stacks with lines to a file."""

import collections
import json
import os
import re

from racing import mojo, peers, stacks

# samples: good ones, of the whole process; seconds: for which they were taken, None where the profiler does not tell;
# errors: ticks of which the profiler says that it got nothing; facts: what else it says of itself.
Output = collections.namedtuple("Output", "samples seconds errors stacks facts")


class Profiler:
    """One way of sampling. name: in the tables; family: what its ratios are compared with."""

    name = ""
    family = ""
    is_stopper = False
    has_stacks = True
    warms_up_seconds = 0

    def prepare(self):
        """Installs it; peers.Missing where that cannot be."""

    def refusal(self, python, target):
        """Why it cannot run on a target; None when it can. What it finds out by itself is not said here."""
        return None

    def command(self, target, rate, out):
        raise NotImplementedError

    def read(self, out, said):
        """What it wrote: its file (without ending) and what it said on its standard streams."""
        raise NotImplementedError


class PySpy(Profiler):
    family = "py-spy"

    def __init__(self, mode=None):
        self.mode = mode
        self.name = "py-spy" + (" --" + mode if mode else "")
        self.is_stopper = mode is None

    def prepare(self):
        self.start = peers.py_spy()

    def command(self, target, rate, out):
        mode = ["--" + self.mode] if self.mode else []
        idle = ["-i"] if target.spec.threads else []
        options = ["-r", str(rate), "-d", "36000", "-f", "raw", "-t", *mode, *idle]
        return self.start + ["record", "-p", str(target.pid), *options, "-o", out + ".raw"]

    def read(self, out, said):
        counted = re.search(r"Samples: (\d+) Errors: (\d+)", said)
        found = list(stacks.read_raw(text_of(out + ".raw")))
        return Output(stacks.ticks(found), None, int(counted.group(2)) if counted else 0, found, {})


class Austin(Profiler):
    name = family = "austin"

    def prepare(self):
        self.start = peers.austin()

    def command(self, target, rate, out):
        return self.start + ["-i", str(max(1, round(1e6 / rate))), "-o", out + ".mojo", "-p", str(target.pid)]

    def read(self, out, said):
        with open(out + ".mojo", "rb") as file:
            recorded = mojo.read(file.read())
        about = recorded.metadata
        if "duration" not in about:
            return Output(0, None, 0, recorded.stacks, {})
        errors = int(about["errors"].partition("/")[0])
        return Output(stacks.ticks(recorded.stacks), int(about["duration"]) / 1e6, errors, recorded.stacks, {})


class Tachyon(Profiler):
    family = "Tachyon"

    def __init__(self, mode=None):
        self.mode = mode
        self.name = "Tachyon" + (" --" + mode if mode else "")
        self.is_stopper = mode == "blocking"

    def prepare(self):
        self.start = peers.tachyon()

    def refusal(self, python, target):
        return None if python.minor == "3.15" else "only its own version, 3.15"

    def command(self, target, rate, out):
        options = (["--" + self.mode] if self.mode else []) + (["-a"] if target.spec.threads else [])
        return self.start + ["attach", "-r", str(rate), *options, "--collapsed", "-o", out + ".collapsed", str(target.pid)]

    def read(self, out, said):
        captured = re.search(r"Captured ([\d,]+) samples in ([\d.]+) seconds", said)
        if not captured:
            return Output(0, None, 0, [], {})
        total, seconds = int(captured.group(1).replace(",", "")), float(captured.group(2))
        found = list(stacks.read_tachyon(text_of(out + ".collapsed")))
        # What it calls captured may be more than what its file has: a sample without frames is in none of its figures.
        return Output(stacks.ticks(found), seconds, total - stacks.ticks(found), found, {})


class Jspy(Profiler):
    family = "jspy"
    is_warm = False
    # Java compiles in the first seconds what runs all the time.
    warms_up_seconds = 7

    def __init__(self, mode=None):
        self.mode = mode
        self.name = "jspy" + (" --" + mode if mode else "")
        self.is_stopper = mode == "blocking"

    def prepare(self):
        self.start = [peers.jspy()]
        if not Jspy.is_warm:
            peers.warm_jspy(self.start[0])
            Jspy.is_warm = True
        if self.mode and "--" + self.mode not in peers.run(self.start + ["record", "--help"]):
            raise peers.Missing("this jspy has no --" + self.mode)

    def command(self, target, rate, out):
        mode = ["--" + self.mode] if self.mode else []
        formats = ["-f", "raw", "-f", "speedscope"]
        idle = ["-i"] if target.spec.threads else []
        options = ["-r", str(rate), *formats, "-t", "--hideprogress", *mode, *idle]
        return self.start + ["record", "-p", str(target.pid), *options, "-o", out]

    def read(self, out, said):
        with open(out + ".speedscope.json", encoding="utf-8") as file:
            head = file.read(1 << 20)
        at = head.index('"accuracy":') + len('"accuracy":')
        accuracy = json.JSONDecoder().raw_decode(head, at)[0]
        seconds = accuracy["samples"] / accuracy["rateReachedHz"] if accuracy["rateReachedHz"] else None
        kept = ("stacks", "proved", "provedPercent", "provedHow", "agreed", "torn", "truncated", "unreadable")
        kept += ("retried", "lost", "late", "missed", "intervalP50Nanos", "intervalP99Nanos", "wallNanos", "cpuNanos")
        facts = {name: accuracy.get(name) for name in kept}
        return Output(accuracy["samples"], seconds, accuracy["errors"], list(stacks.read_raw(text_of(out + ".txt"))), facts)


class Wake(Profiler):
    """No profiler: a timer that wakes up on the target's core and goes to sleep again (wake.c)."""

    name = family = "bare timer wake"
    has_stacks = False

    def prepare(self):
        self.start = [peers.compiled("wake.c")]

    def refusal(self, python, target):
        return None if target.core is not None else "the target is not bound to one core"

    def command(self, target, rate, out):
        return self.start + [str(target.core), str(rate)]

    def read(self, out, said):
        woke, seconds = said.split()[-2:]
        return Output(int(woke), float(seconds), 0, [], {})


def every():
    """In the order of the tables."""
    return [
        Wake(),
        Jspy(),
        Jspy("nonblocking"),
        Jspy("blocking"),
        PySpy(),
        PySpy("nonblocking"),
        Austin(),
        Tachyon(),
        Tachyon("blocking"),
    ]


def text_of(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()
