"""Four threads that compute without end, each in functions of its own."""
import os
import signal
import threading


def leaf0a():
    pass


def leaf0b():
    pass


def step0a():
    leaf0a()  # -> leaf0a


def step0b():
    leaf0b()  # -> leaf0b


def compute0():  # <- library
    while True:
        step0a()  # -> step0a
        step0b()  # -> step0b


def leaf1a():
    pass


def leaf1b():
    pass


def step1a():
    leaf1a()  # -> leaf1a


def step1b():
    leaf1b()  # -> leaf1b


def compute1():  # <- library
    while True:
        step1a()  # -> step1a
        step1b()  # -> step1b


def leaf2a():
    pass


def leaf2b():
    pass


def step2a():
    leaf2a()  # -> leaf2a


def step2b():
    leaf2b()  # -> leaf2b


def compute2():  # <- library
    while True:
        step2a()  # -> step2a
        step2b()  # -> step2b


def leaf3a():
    pass


def leaf3b():
    pass


def step3a():
    leaf3a()  # -> leaf3a


def step3b():
    leaf3b()  # -> leaf3b


def compute3():  # <- library
    while True:
        step3a()  # -> step3a
        step3b()  # -> step3b


def main():
    for number, work in enumerate([compute0, compute1, compute2, compute3]):
        thread = threading.Thread(target=work, name="compute%d" % number)
        thread.daemon = True
        thread.start()  # -> *
    print("ready")
    threading.Event().wait()  # -> *


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
main()  # -> main
