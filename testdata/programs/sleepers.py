"""One thread that computes among three that sleep half a millisecond at a time."""
import os
import signal
import threading
import time


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


def nap():
    time.sleep(0.0005)


def sleeper():  # <- library
    while True:
        nap()  # -> nap


def main():
    for number in range(3):
        thread = threading.Thread(target=sleeper, name="sleeper%d" % number)
        thread.daemon = True
        thread.start()  # -> *
    print("ready")
    compute()  # -> compute


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
main()  # -> main
