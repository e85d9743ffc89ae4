"""Sleeps in one call: idle, whoever looks."""
import os
import signal
import time


def inner():
    time.sleep(1000)  # here sleep


def outer():
    inner()  # -> inner


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
outer()  # -> outer
