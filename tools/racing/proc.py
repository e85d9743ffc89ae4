"""What the kernel says of a process: its CPU time, how long its threads ran and waited, its memory. Times in seconds."""

import os
import time


def cpu_seconds(pid):
    """All its threads, also those that have ended, to the nanosecond: the process's CPU clock (CPUCLOCK_SCHED)."""
    return time.clock_gettime((~pid << 3) | 2)


def run_and_delay(pid, tid):
    """How long a thread has run, and how long it has been runnable without a core."""
    with open("/proc/%d/task/%d/schedstat" % (pid, tid), encoding="ascii") as file:
        run, delay, _ = file.read().split()
    return int(run) / 1e9, int(delay) / 1e9


def run_by_thread(pid):
    """{name of threads: how long all that have it have run}; of those that live."""
    found = {}
    for tid in threads(pid):
        try:
            with open("/proc/%d/task/%d/comm" % (pid, tid), encoding="utf-8", errors="replace") as file:
                name = file.read().strip()
            found[name] = found.get(name, 0) + run_and_delay(pid, tid)[0]
        except OSError:
            continue  # it has just ended
    return found


def threads(pid):
    return sorted(int(tid) for tid in os.listdir("/proc/%d/task" % pid))


def status_kb(pid, name):
    """A line of /proc/PID/status in kB, such as VmHWM; None where there is none."""
    with open("/proc/%d/status" % pid, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith(name + ":"):
                return int(line.split()[1])
    return None


def is_stopped(pid):
    """Left stopped: what no profiler may do to a program."""
    with open("/proc/%d/stat" % pid, encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()[0] in ("t", "T")


def cores():
    return sorted(os.sched_getaffinity(0))


def load():
    return os.getloadavg()[0]


def machine():
    """In words: its cores, kernel and C library; nothing that names it."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return "%d cores, %s, %s %s" % (len(cores()), model, os.uname().sysname, os.uname().release)
