"""Threads that compute and sleep in interpreters of their own; 3.8 on.

With the word "changing" interpreters come and go without end, else three stay.
"""
import os
import signal
import sys
import threading

try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

COMPUTING = """
def step(number):
    for i in range(number):
        leaf(i)

def leaf(i):
    return i * i

def compute():
    while True:
        step(1000)

compute()
"""

SLEEPING = """
import time

def doze():
    while True:
        time.sleep(0.01)

doze()
"""

PASSING = """
def brief():
    n = 0
    for i in range(3000000):
        n += i

brief()
"""


def enter(interpreter, text):
    interpreters.run_string(interpreter, text)  # here enter


def work(interpreter, text):
    enter(interpreter, text)  # here work


def come_and_go():
    while True:
        interpreter = interpreters.create()
        enter(interpreter, PASSING)  # here pass
        interpreters.destroy(interpreter)


def start(name, target, *args):
    thread = threading.Thread(target=target, args=args, name=name)
    thread.daemon = True
    thread.start()


def main():
    n = 0
    while True:
        n += 1


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
if sys.argv[1:] == ["changing"]:
    start("passing", come_and_go)
    print("ready")
    sys.stdout.flush()
    threading.Event().wait()
three = [interpreters.create() for i in range(3)]
start("computing", work, three[0], COMPUTING)
start("sleeping", work, three[1], SLEEPING)
start("computing too", work, three[2], COMPUTING)
print("ready")
sys.stdout.flush()
main()
