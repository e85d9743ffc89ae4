"""System calls a sample, in runs of their own.

perf counts them while the profiler runs at its own speed. Where there is no perf (or no right to use it) strace does, in a
short and a longer run: what the longer one made more, by the samples it took more. Each call then takes far longer and
puts the caller to sleep, which breaks what jspy proves its samples by, so that it reads again and again."""

import os
import re
import signal
import subprocess
import tempfile
import time

from racing import heat, pythons, specs, target

RATE = 100
SECONDS = 4.0
SHORT_SECONDS, LONG_SECONDS = 3.0, 7.0
READ = "process_vm_readv"
# Those that a sampler may make much use of; "total" counts the others with them.
NAMED = (READ, "pread64", "read", "openat", "futex", "clock_nanosleep", "nanosleep", "getrusage", "ptrace", "wait4", "sched_setaffinity")
ROW = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$")

PERF_ROW = re.compile(r"^(?:(.*)-\d+,)?(\d+),[^,]*,\w+:(sys_enter\w*),")


def counted(field, is_quick, say):
    """A list of {python, target, profiler, by, all, reads, most} or {..., reason}."""
    found = []
    by = "perf" if perf_works() else "strace"
    wanted = [("3.13", "truth long")] + ([] if is_quick else [("3.15", "truth long"), ("3.13", "31 waiting"), ("3.13", "31 mixed")])
    for minor, name in wanted:
        python = pythons.find(minor)
        if python is None:
            continue
        with target.Target(python, specs.exactly(name)) as program:
            for profiler in field:
                if not profiler.has_stacks:
                    continue
                figures = one(profiler, program, by)
                say("  %s: %s: %s" % (by, profiler.name, figures))
                found.append(dict(python=minor, target=name, profiler=profiler.name, by=by, **figures))
    return found


def one(profiler, program, by):
    reason = profiler.refusal(program.python, program)
    if reason:
        return {"reason": reason}
    try:
        if by == "perf":
            samples, calls, by_thread = with_perf(profiler, program)
        else:
            short, long = (with_strace(profiler, program, seconds) for seconds in (SHORT_SECONDS, LONG_SECONDS))
            samples = long[0] - short[0]
            calls = {name: count - short[1].get(name, 0) for name, count in long[1].items()}
            by_thread = {}
    except (OSError, ValueError, KeyError) as problem:
        return {"reason": str(problem)}
    if samples <= 0 or "total" not in calls:
        return {"reason": "no samples"}
    most = sorted(((count / samples, name) for name, count in calls.items() if name != "total"), reverse=True)[:6]
    return {
        "all": calls["total"] / samples,
        "reads": calls.get(READ, 0) / samples,
        "reads_by_thread": {name: round(count / samples, 3) for name, count in by_thread.items() if count},
        "most": {name: round(count, 3) for count, name in most if count >= 0.005},
    }


def perf_works():
    command = ["perf", "stat", "-x,", "-e", "raw_syscalls:sys_enter", "--", "true"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return False
    return parse_perf(done.stderr)[0].get("total", 0) > 0


def parse_strace(text):
    """strace -c's table: {name: calls}, "total" among them."""
    rows = (ROW.match(line) for line in text.splitlines())
    return {row.group(2): int(row.group(1)) for row in rows if row}


def parse_perf(text):
    """The lines of perf stat -x, --per-thread: {name: calls}, "total" among them, and {thread: reads}."""
    found, reads = {}, {}
    for line in text.splitlines():
        counted_line = PERF_ROW.match(line)
        if counted_line:
            thread, count, event = counted_line.groups()
            name = "total" if event == "sys_enter" else event.replace("sys_enter_", "")
            found[name] = found.get(name, 0) + int(count)
            if name == READ:
                reads[thread] = reads.get(thread, 0) + int(count)
    return found, reads


# internals


def with_perf(profiler, program):
    """Samples and calls of the same seconds of the steady state."""
    events = ["raw_syscalls:sys_enter"] + ["syscalls:sys_enter_" + name for name in NAMED]

    def count(process):
        time.sleep(heat.warm_seconds())
        command = ["perf", "stat", "-x,", "--per-thread", "-e", ",".join(events), "-p", str(process.pid), "--", "sleep", str(SECONDS)]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        # perf itself takes a moment to begin and to end; what it counts is the sleep.
        return parse_perf(done.stderr), min(SECONDS + 0.05, time.monotonic() - began)

    output, lived, ((calls, reads), seconds) = sampled(profiler, program, [], count)
    return output.samples / (output.seconds or lived) * seconds, calls, reads


def with_strace(profiler, program, seconds):
    """All its samples and calls."""
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "calls")
        wait = heat.warm_seconds() + seconds
        output, _, _ = sampled(profiler, program, ["strace", "-f", "-c", "-o", table], lambda process: time.sleep(wait))
        with open(table, encoding="utf-8") as file:
            return output.samples, parse_strace(file.read())


def sampled(profiler, program, prefix, meanwhile):
    """What the profiler wrote, how long it ran, and what "meanwhile" made of it."""
    with tempfile.TemporaryDirectory() as folder, open(os.path.join(folder, "said"), "w+b") as said:
        out = os.path.join(folder, "out")
        began = time.monotonic()
        process = subprocess.Popen(
            prefix + profiler.command(program, RATE, out),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, LC_ALL="C"),
            start_new_session=True,
        )
        found = meanwhile(process)
        lived = time.monotonic() - began
        # To all of its session: strace leaves the signal to what it traces.
        try:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=heat.END_SECONDS)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()
        said.seek(0)
        return profiler.read(out, said.read().decode("utf-8", "replace")), lived, found
