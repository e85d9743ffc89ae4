"""Two threads that wait with variables of their own, and one that waits or, with "abort", ends in SIGABRT."""
import os
import sys
import threading

ready = threading.Semaphore(0)
never = threading.Event()


def linger(name, number=2):
    values = [1, number + 0.5, None]
    ready.release()
    never.wait()
    return values


def recurse(depth):
    if depth > 0:
        return recurse(depth - 1)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if "abort" in sys.argv:
        os.abort()
    sys.stdin.read()


for thread_name in ("one", "two"):
    thread = threading.Thread(target=linger, name=thread_name, args=(thread_name,))
    thread.daemon = True
    thread.start()
    ready.acquire()
recurse(2)
