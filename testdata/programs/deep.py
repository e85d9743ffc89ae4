"""Goes down as many calls as its argument says and computes there."""
import os
import signal
import sys
import threading


def bottom():
    print("ready")
    number = 0
    while True:
        number += 1


def down(left):
    if left == 0:
        bottom()  # -> bottom
    else:
        down(left - 1)  # -> down


def begin():  # <- library
    down(DEPTH)  # -> down


DEPTH = int(sys.argv[1])
sys.setrecursionlimit(DEPTH + 1000)
signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
# Before 3.11 a call of Python takes C stack: more of it than a main thread has.
threading.stack_size(512 << 20)
thread = threading.Thread(target=begin, name="deep")
thread.daemon = True
thread.start()  # -> *
thread.join()  # -> *
