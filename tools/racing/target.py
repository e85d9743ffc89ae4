"""A program of testdata/programs that runs, bound to a core or not."""

import os
import select
import signal
import subprocess

from racing import proc, pythons

PROGRAMS = os.path.join(pythons.TOP, "testdata", "programs")
READY_SECONDS = 60


def path_of(program):
    return os.path.join(PROGRAMS, program + ".py")


class Target:
    """A specs.Spec that runs, started and ended by "with"."""

    def __init__(self, python, spec, command=None):
        self.python = python
        self.spec = spec
        self.command = (command or [python.path]) + ["-u", path_of(spec.program), *spec.arguments]
        # The last core is left to the target where it is bound; profilers may run anywhere.
        self.core = proc.cores()[-1] if spec.busy else None
        self.process = None

    def __enter__(self):
        environment = dict(os.environ, JSPY_PROGRAM_SECONDS="3600")
        self.process = subprocess.Popen(
            self.command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment, start_new_session=True
        )
        readable, _, _ = select.select([self.process.stdout], [], [], READY_SECONDS)
        line = self.process.stdout.readline() if readable else b""
        if line.strip() != b"ready":
            self.__exit__()
            raise RuntimeError("%s did not say that it is ready" % " ".join(self.command))
        if self.core is not None:
            for tid in proc.threads(self.pid):
                os.sched_setaffinity(tid, {self.core})
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process.stdout.close()

    @property
    def pid(self):
        return self.process.pid

    @property
    def busy_thread(self):
        """The one that computes without end; None where that is not one."""
        if self.spec.busy is None:
            return None
        return self.pid if self.spec.busy == "main" else proc.threads(self.pid)[-1]

    def is_alive(self):
        return self.process.poll() is None
