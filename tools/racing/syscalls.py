"""System calls a sample, by strace: two runs of different length; what the longer one made more, by the samples it took more."""

import os
import re
import signal
import subprocess
import tempfile
import time

from racing import heat, peers, proc, pythons, specs, target

RATE = 100
SHORT_SECONDS, LONG_SECONDS = 3.0, 7.0
READ = "process_vm_readv"
ROW = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$")


def counted(field, is_quick, say):
    """A list of {python, target, profiler, all, reads or reason}."""
    found = []
    wanted = [("3.13", "truth long")] + ([] if is_quick else [("3.15", "truth long"), ("3.13", "31 waiting")])
    for minor, name in wanted:
        python = pythons.find(minor)
        if python is None:
            continue
        with target.Target(python, specs.exactly(name)) as program:
            for profiler in field:
                if not profiler.has_stacks:
                    continue
                common = {"python": minor, "target": name, "profiler": profiler.name}
                figures = one(profiler, program)
                say("  strace: %s: %s" % (profiler.name, figures))
                found.append(dict(common, **figures))
    return found


def one(profiler, program):
    reason = profiler.refusal(program.python, program)
    if reason:
        return {"reason": reason}
    try:
        short, long = (traced(profiler, program, seconds) for seconds in (SHORT_SECONDS, LONG_SECONDS))
    except (OSError, ValueError, peers.Missing) as problem:
        return {"reason": str(problem)}
    samples = long[0] - short[0]
    if samples <= 0:
        return {"reason": "%d samples in the short run, %d in the long one" % (short[0], long[0])}
    more = {name: count - short[1].get(name, 0) for name, count in long[1].items()}
    most = sorted(((count / samples, name) for name, count in more.items() if name != "total"), reverse=True)[:5]
    return {
        "all": more["total"] / samples,
        "reads": more.get(READ, 0) / samples,
        "most": {name: round(count, 3) for count, name in most if count >= 0.005},
    }


def parse(text):
    """strace -c's table: {name: calls}, "total" among them."""
    rows = (ROW.match(line) for line in text.splitlines())
    return {row.group(2): int(row.group(1)) for row in rows if row}


# internals


def traced(profiler, program, seconds):
    """Its samples and its calls."""
    with tempfile.TemporaryDirectory() as folder:
        out, table = os.path.join(folder, "out"), os.path.join(folder, "calls")
        command = ["strace", "-f", "-c", "-o", table]
        with open(os.path.join(folder, "said"), "w+b") as said:
            process = subprocess.Popen(
                command + profiler.command(program, RATE, out),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env=dict(os.environ, LC_ALL="C"),
            )
            time.sleep(heat.WARM_SECONDS + seconds)
            for child in proc.children(process.pid):
                os.kill(child, signal.SIGINT)
            try:
                process.wait(timeout=heat.END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            said.seek(0)
            output = profiler.read(out, said.read().decode("utf-8", "replace"))
        with open(table, encoding="utf-8") as file:
            return output.samples, parse(file.read())
