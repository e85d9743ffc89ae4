"""Computes in one function: every sample shows the same three frames."""
import os
import signal


def inner():
    number = 0  # here first
    while True:
        number += 1  # here last


def outer():
    inner()  # -> inner


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
outer()  # -> outer
