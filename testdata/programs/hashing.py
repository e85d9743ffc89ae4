"""One thread that computes among three that hash big buffers, which they do without the GIL."""
import hashlib
import os
import signal
import threading

DATA = b"x" * (1 << 20)


def left_leaf():
    pass


def right_leaf():
    pass


def left():
    left_leaf()  # -> left_leaf


def right():
    right_leaf()  # -> right_leaf


def compute():
    while True:
        left()  # -> left
        right()  # -> right


def digest():
    return hashlib.sha256(DATA).digest()  # here digest


def hasher():  # <- library
    while True:
        digest()  # -> digest


def main():
    for number in range(3):
        thread = threading.Thread(target=hasher, name="hasher%d" % number)
        thread.daemon = True
        thread.start()  # -> *
    print("ready")
    compute()  # -> compute


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
main()  # -> main
