"""Every shape of a Python stack, parked: captured by tools/snapshots, says its own truth first.

Each thread parks in the line in which it says that it is there, so that its line is the same before and after.
"""

import functools
import os
import threading
import time

import snapshot_truth

parked = []
gate = threading.Lock()
gate.acquire()


def wait_here():
    parked.append(1), gate.acquire()


def nested_calls():
    def inner(depth):
        if depth:
            return inner(depth - 1)
        return (lambda: wait_here())()

    inner(3)


def generators():
    def numbers():
        yield 1
        wait_here()

    def doubled():
        yield from numbers()

    def summed(values):
        for value in values:
            yield value

    return sum(summed(doubled()))


def comprehensions():
    def stop(value):
        return wait_here()

    return {key: [stop(value) for value in (1, 2)] for key in (3, 4)}


def generator_expression():
    def stop(value):
        return wait_here()

    return list(stop(value) for value in (1, 2))


def callbacks():
    return sorted([2, 1], key=lambda value: wait_here())


def reduced():
    return functools.reduce(lambda a, b: max([a, b], key=lambda c: wait_here()), [1, 2, 3])


class Base(object):
    def __init__(self):
        self.started = self.start()

    def start(self):
        return self.property_that_waits

    @property
    def property_that_waits(self):
        return self.class_way()

    @classmethod
    def class_way(cls):
        return cls.static_way()

    @staticmethod
    def static_way():
        return Base.Nested()()

    class Nested(object):
        def __call__(self):
            with self:
                pass

        def __enter__(self):
            wait_here()

        def __exit__(self, *ignored):
            pass


class Derived(Base):
    def start(self):
        return super(Derived, self).start()


def decorated():
    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper

    @decorator
    def wrapped():
        wait_here()

    wrapped()


def exceptions():
    try:
        raise ValueError("on purpose")
    except ValueError:
        try:
            1 / 0
        finally:
            wait_here()


def lines_spread():
    return max(
        1,
        min(
            2,
            wait_here()
            if parked
            else wait_here(),
        ),
    )


def executed():
    source = "\n\n\ndef executed_function():\n    wait_here()\n\n\nexecuted_function()\n"
    exec(compile(source, "<made up>", "exec"), {"wait_here": wait_here})


def evaluated():
    eval("[wait_here() for _ in (1,)]", {"wait_here": wait_here})


def not_ascii():
    source = "def größe_测试():\n    wait_here()\n\nclass Ärger:\n    def é(self): größe_测试()\n\nÄrger().é()\n"
    exec(compile(source, "naïve/日本/\U0001f40d.py", "exec"), {"wait_here": wait_here})


def sleeping():
    parked.append(1), time.sleep(3600)


def recursion(depth=200):
    if depth > 0:
        recursion(depth - 1)
    else:
        wait_here()


def main():
    shapes = [
        ("nested", nested_calls),
        ("generators", generators),
        ("comprehensions", comprehensions),
        ("generator expression", generator_expression),
        ("callbacks", callbacks),
        ("reduced", reduced),
        ("classes", Derived),
        ("decorated", decorated),
        ("exceptions", exceptions),
        ("lines", lines_spread),
        ("executed", executed),
        ("evaluated", evaluated),
        ("größe 测试 \U0001f40d", not_ascii),
        ("sleeping", sleeping),
        ("recursion", recursion),
    ]
    for name, shape in shapes:
        threading.Thread(target=shape, name=name, daemon=True).start()
    while len(parked) < len(shapes):
        time.sleep(0.01)
    time.sleep(0.2)
    snapshot_truth.tell(), os.read(0, 1)


main()
