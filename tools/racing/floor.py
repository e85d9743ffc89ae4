"""Read, proof and walk against a C loop that only reads the same ranges: alone, as tools/bench/readloop has it, and as the whole
sampling thread of a running jspy, waking and being switched to and fro included: the list of ranges is taken from it by strace,
the C loop reads it again and again from the same core, and then jspy samples as fast as it can."""

import os
import re
import signal
import subprocess
import tempfile
import time

from racing import goals, heat, peers, plan, pythons, specs, target

SECONDS = 2.0
TRACED_SECONDS = 0.5
CALL = re.compile(r"process_vm_readv\(\d+, \[.*?\], \d+, \[(.*?)\], \d+, 0\) = (\d+)$")
RATIO = re.compile(r"ratio ([\d.]+) ")
RANGE = re.compile(r"\{iov_base=(0x[0-9a-f]+), iov_len=(\d+)\}")


def measured(profiler, minor, name):
    """{loop_us, jspy_us, ranges, bytes} or {reason}."""
    python = pythons.find(minor)
    if python is None:
        return {"reason": "no CPython %s here" % minor}
    found = sampling(profiler, python, minor, name)
    found["alone"] = alone(python)
    return found


def alone(python):
    """(ratio, the line that says it) of tools/bench/readloop; None where it could not be built or run."""
    loop = os.path.join(pythons.TOP, "tools", "bench", "readloop")
    said = subprocess.run([loop, python.path, "9"], capture_output=True, text=True, check=False).stdout
    line = next((line for line in said.splitlines() if RATIO.search(line)), None)
    return (float(RATIO.search(line).group(1)), line) if line else None


def sampling(profiler, python, minor, name):
    with target.Target(python, specs.exactly(name)) as program, tempfile.TemporaryDirectory() as folder:
        calls = traced(profiler, program, folder)
        if not calls:
            return {"reason": "strace showed no call"}
        ranges = usual(calls)
        given = "".join("%s %d\n" % each for each in ranges)
        command = [peers.compiled("readloop.c"), str(program.pid), str(program.core), str(SECONDS)]
        loop = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        if loop.returncode:
            return {"reason": "the C loop: " + loop.stderr.strip()}
        before = heat.undisturbed(program, heat.REST_SECONDS)
        ours = heat.run(profiler, program, plan.MAX_RATE, SECONDS, folder, before)
        if "reason" in ours:
            return ours
        return {
            "loop_us": float(loop.stdout.split()[1]) / 1e3,
            "jspy_us": ours["by_thread_us"].get(goals.SAMPLER),
            "reached": ours["reached"],
            "ranges": len(ranges),
            "bytes": sum(length for _, length in ranges),
            "python": minor,
            "target": name,
        }


def ranges_of(line):
    """The ranges of the other process that a line of strace -v asks for; None where it is no complete read."""
    call = CALL.search(line)
    return tuple((base, int(length)) for base, length in RANGE.findall(call.group(1))) if call else None


def usual(calls):
    """The last list among those of the most frequent length: what a warm sample reads."""
    lengths = [len(call) for call in calls]
    common = max(set(lengths), key=lengths.count)
    return [call for call in calls if len(call) == common][-1]


# internals


def traced(profiler, program, folder):
    """The calls of some hundred samples, after the first seconds."""
    out, log = os.path.join(folder, "out"), os.path.join(folder, "calls")
    with open(os.path.join(folder, "said"), "wb") as said:
        process = subprocess.Popen(
            profiler.command(program, 1000, out), stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        time.sleep(heat.warm_seconds())
        strace = ["strace", "-f", "-v", "-s", "0", "-e", "trace=process_vm_readv", "-o", log, "-p", str(process.pid)]
        tracer = subprocess.Popen(strace, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        time.sleep(TRACED_SECONDS * 2)
        tracer.send_signal(signal.SIGINT)
        tracer.wait()
        process.send_signal(signal.SIGINT)
        process.wait()
    with open(log, encoding="utf-8", errors="replace") as file:
        return [ranges for ranges in map(ranges_of, file) if ranges]
