"""One profiler on one target for a few seconds: what it reached, what it cost itself and the target.

Start-up is left out: CPU and waiting are differences between two moments of the steady state, after WARM_SECONDS and what a
profiler takes besides to warm up. The
samples between them are the rate that was reached times that time."""

import os
import re
import signal
import subprocess
import time

from racing import proc

WARM_SECONDS = 3.0
COLOUR = re.compile(r"\x1b\[[\d;]*m")
TROUBLE = re.compile(r"error|cannot|failed|unable|exception", re.IGNORECASE)
# A target that was off its core for more of the time shows nothing of a profiler.
MOST_OFF = 0.95
REST_SECONDS = 0.3
END_SECONDS = 60


class Watch:
    """What the target's one thread did between two moments, against the clock. Only of a target that never sleeps by
    itself: whatever time it did not run, it was waiting for a core or was stopped."""

    def __init__(self, target):
        self.pid, self.tid = target.pid, target.busy_thread
        self.wall = time.monotonic()
        if self.tid:
            self.run, self.delay = proc.run_and_delay(self.pid, self.tid)

    def since(self):
        """Seconds by the clock, not running, and of these waiting for a core."""
        wall = time.monotonic() - self.wall
        if not self.tid:
            return {"wall": wall}
        run, delay = proc.run_and_delay(self.pid, self.tid)
        return {"wall": wall, "off": wall - (run - self.run), "delay": delay - self.delay}


def undisturbed(target, seconds):
    """The target without a profiler: what other programs of this machine cost it."""
    watch = Watch(target)
    time.sleep(seconds)
    return watch.since()


def run(profiler, target, rate, seconds, folder, before):
    """The figures of one heat, or {"reason": why there are none}.

    before: what the target did just before, undisturbed; the same of the time after is among the figures."""
    reason = profiler.refusal(target.python, target)
    if reason:
        return {"reason": reason}
    out = os.path.join(folder, "out")
    for old in os.listdir(folder):
        os.remove(os.path.join(folder, old))
    with open(os.path.join(folder, "said"), "w+b") as said:
        began = time.monotonic()
        process = subprocess.Popen(
            profiler.command(target, rate, out),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=dict(os.environ, LC_ALL="C"),
            start_new_session=True,
        )
        figures = watched(process, target, seconds, warm_seconds() + profiler.warms_up_seconds)
        figures.update(ended(process, began))
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if not target.is_alive():
        return {"reason": "the target has ended under it"}
    if proc.is_stopped(target.pid):
        os.kill(target.pid, signal.SIGCONT)
        figures["left_stopped"] = True
    after = undisturbed(target, REST_SECONDS * 2)
    figures["after"] = after
    if "wall" not in figures:
        return {"reason": "ended by itself: " + reason_in(text), "after": after}
    if figures.get("off", 0) > MOST_OFF * figures["wall"]:
        # Nor did a profiler that waits its turn on the same core.
        return {"reason": "the target hardly ran: other programs had its core", "after": after}
    try:
        output = profiler.read(out, text)
    except (OSError, ValueError, KeyError, IndexError) as problem:
        # Without the name of the file: it lies in a folder that is gone by now.
        what = "no file: " + problem.strerror if isinstance(problem, OSError) else str(problem)
        return {"reason": "%s; it said: %s" % (what, reason_in(text)), "after": after}
    if output.samples == 0 or profiler.has_stacks and not output.stacks:
        counted = "%d samples, %d errors" % (output.samples, output.errors)
        return {"reason": "no stacks (%s): %s" % (counted, reason_in(text)), "after": after}
    return summed(figures, output, before, target.busy_thread is not None)


# internals


def watched(process, target, seconds, warm):
    time.sleep(warm)
    if process.poll() is not None:
        return {}
    watch = Watch(target)
    cpu = proc.cpu_seconds(process.pid)
    by_thread = proc.run_by_thread(process.pid)
    time.sleep(seconds)
    if process.poll() is not None:
        return {}
    figures = watch.since()
    figures["cpu"] = proc.cpu_seconds(process.pid) - cpu
    now = proc.run_by_thread(process.pid)
    figures["by_thread"] = {name: run - by_thread.get(name, 0) for name, run in now.items()}
    figures["peak_kb"] = proc.status_kb(process.pid, "VmHWM")
    return figures


def ended(process, began):
    """Interrupts it. The writing of its file may be what takes most memory."""
    figures = {"lived": time.monotonic() - began}
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    end = time.monotonic() + END_SECONDS
    while process.poll() is None:
        try:
            figures["peak_kb"] = proc.status_kb(process.pid, "VmHWM") or figures.get("peak_kb")
        except OSError:
            break
        if time.monotonic() > end:
            process.kill()
            figures["killed"] = True
        time.sleep(0.01)
    process.wait()
    return figures


def summed(figures, output, before, is_bound):
    seconds = output.seconds or figures["lived"]
    reached = output.samples / seconds
    samples = reached * figures["wall"]
    figures.update(reached=reached, samples=output.samples, errors=output.errors, facts=output.facts, stacks=output.stacks)
    figures["cpu_us"] = figures["cpu"] / samples * 1e6
    by_thread = {name: run / samples * 1e6 for name, run in figures.pop("by_thread").items()}
    figures["by_thread_us"] = {name: round(us, 2) for name, us in by_thread.items() if us >= 0.05}
    if is_bound:
        after = figures["after"]
        # What the target lost without a profiler, as a share of the time, just before and just after.
        still = {name: (before[name] + after[name]) / (before["wall"] + after["wall"]) for name in ("off", "delay")}
        extra = {name: figures[name] - still[name] * figures["wall"] for name in ("off", "delay")}
        figures["off_us"] = extra["off"] / samples * 1e6
        figures["delay_us"] = extra["delay"] / samples * 1e6
        figures["stopped_us"] = (extra["off"] - extra["delay"]) / samples * 1e6
        figures["off_percent"] = extra["off"] / figures["wall"] * 100
        figures["still_percent"] = still["off"] * 100
    return figures


def reason_in(text):
    """The line of what a profiler said that tells what went wrong, else the last."""
    lines = [COLOUR.sub("", line).strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if TROUBLE.search(line)]
    return (telling or lines or ["nothing"])[0 if telling else -1][:160]


def warm_seconds():
    """Until the steady state. Where many programs wait for a core, starting takes longer."""
    return WARM_SECONDS * min(2.5, max(1.0, proc.load() / len(proc.cores()) / 2))
