"""As many threads of each kind as the arguments say: crowd.py computing=4 sleeping=20 hashing=7 waiting=200"""
import hashlib
import os
import signal
import sys
import threading
import time

DATA = b"x" * (1 << 20)


def left_leaf():
    pass


def right_leaf():
    pass


def left():
    left_leaf()  # -> left_leaf


def right():
    right_leaf()  # -> right_leaf


def computing():  # <- library
    while True:
        left()  # -> left
        right()  # -> right


def nap():
    time.sleep(0.005)


def sleeping():  # <- library
    while True:
        nap()  # -> nap


def digest():
    return hashlib.sha256(DATA).digest()


def hashing():  # <- library
    while True:
        digest()  # -> digest


def waiting():  # <- library
    threading.Event().wait()  # -> *


def main():
    for argument in sys.argv[1:]:
        kind, _, count = argument.partition("=")
        for number in range(int(count)):
            thread = threading.Thread(target=globals()[kind], name="%s%d" % (kind, number))
            thread.daemon = True
            thread.start()  # -> *
    print("ready")
    threading.Event().wait()  # -> *


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
main()  # -> main
