"""Shapes of stacks that 2.7 has as well: calls, generators, callbacks of C, code made at run time, threads."""

import os
import sys
import threading
import time

import snapshot_truth

parked = []
gate = threading.Lock()
gate.acquire()


def wait_here():
    parked.append(1), gate.acquire()


def down(depth):
    if depth:
        return down(depth - 1)
    return (lambda: wait_here())()


def numbers():
    yield 1
    wait_here()


def doubled():
    for number in numbers():
        yield number + number


def drawn():
    return sum(number for number in doubled())


class Sorted(object):
    def key(self, value):
        return wait_here()

    def run(self):
        return sorted([3, 1], key=self.key)


def made():
    scope = {"wait_here": wait_here}
    exec("def told():\n    return wait_here()", scope)
    return scope["told"]()


def last(value):
    snapshot_truth.tell(), os.read(0, 1)


def main():
    works = [lambda: down(30), drawn, Sorted().run, made]
    for i, work in enumerate(works):
        thread = threading.Thread(target=work, name="worker %d" % i)
        thread.daemon = True
        thread.start()
    while len(parked) < len(works):
        time.sleep(0.01)
    time.sleep(0.2)
    list(map(last, [1]))


main()
