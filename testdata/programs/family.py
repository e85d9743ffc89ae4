"""A process with children: family.py KIND COUNT. Each child hangs below a shell, which is no Python; busy ones compute, idle
ones wait. They end with their parent."""
import os
import select
import signal
import subprocess
import sys


def busy_child():
    while not select.select([sys.stdin], [], [], 0)[0]:
        sum(range(20000))


def idle_child():
    sys.stdin.read()


def parent(kind, count):
    command = ["sh", "-c", '"$0" "$@"; exit $?', sys.executable, "-u", __file__, kind]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(count)
    ]
    for child in children:
        child.stdout.readline()
    print("ready", flush=True)
    sys.stdin.read()


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
if len(sys.argv) > 2:
    parent(sys.argv[1], int(sys.argv[2]))
else:
    print("up", flush=True)
    busy_child() if sys.argv[1] == "busy" else idle_child()
