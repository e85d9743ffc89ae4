"""Many threads at many depths, renamed and with names of all widths; the main thread parks in a callback of C."""

import os
import threading
import time

import snapshot_truth

parked = []
gate = threading.Lock()
gate.acquire()


def down(depth):
    if depth:
        return down(depth - 1)
    parked.append(1), gate.acquire()


def last(value):
    snapshot_truth.tell(), os.read(0, 1)


def main():
    threads = []
    for i in range(24):
        name = "%s %d" % (["worker", "größe", "測試", "\U0001f40d"][i % 4], i)
        threads.append(threading.Thread(target=down, args=(i * i // 8,), name=name, daemon=True))
        threads[-1].start()
    threads[5].name = "renamed " + "x" * 300
    while len(parked) < len(threads):
        time.sleep(0.01)
    time.sleep(0.2)
    list(map(last, [1]))


main()
