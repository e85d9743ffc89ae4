"""One dump of a running program: from the start of the profiler to its end."""

import os
import statistics
import subprocess
import time

from racing import peers, pythons, specs, target

RUNS = 5


def measured(names):
    """A list of {profiler, python, wall_ms, cpu_ms} or {profiler, python, reason}."""
    found = []
    for minor in ("3.13", "3.15"):
        python = pythons.find(minor)
        if python is None:
            continue
        with target.Target(python, specs.exactly("flutter")) as program:
            for name, command in commands(program.pid, minor):
                if names is None or name in names:
                    found.append(dict(profiler=name, python=minor, **timed(command)))
    return found


# internals


def commands(pid, minor):
    pid = str(pid)
    yield "jspy", lambda: [peers.jspy(), "dump", "-p", pid]
    yield "py-spy", lambda: peers.py_spy() + ["dump", "-p", pid]
    if minor == "3.15":
        yield "Tachyon", lambda: peers.tachyon() + ["dump", pid]


def timed(command):
    """Medians; the first run is left out: it may have files to fetch from the disk."""
    walls, times = [], []
    try:
        for _ in range(RUNS + 1):
            began = time.monotonic()
            process = subprocess.Popen(command(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ, LC_ALL="C"))
            said = process.stderr.read().decode("utf-8", "replace")
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            process.stderr.close()
            if process.returncode != 0:
                return {"reason": "exit code %d: %s" % (process.returncode, said.strip()[:120])}
            walls.append(time.monotonic() - began)
            times.append(usage.ru_utime + usage.ru_stime)
    except peers.Missing as problem:
        return {"reason": str(problem)}
    return {"wall_ms": 1000 * statistics.median(walls[1:]), "cpu_ms": 1000 * statistics.median(times[1:])}
