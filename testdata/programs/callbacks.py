"""Python functions that C code calls: keys of sorted, map, sum, re.sub, json, and a class's own methods."""
import json
import os
import re
import signal

WORDS = ["delta", "alpha", "echo", "bravo", "charlie"] * 4
WORD = re.compile("[a-z]+")


def letters(word):
    return len(word)


def key(word):
    return letters(word)  # -> letters


def ordered():
    return sorted(WORDS, key=key)  # -> key


def square(number):
    return number * number


def mapped():
    return sum(map(square, range(30)))  # -> square


def capital(match):
    return match.group().upper()


def replaced():
    return WORD.sub(capital, "one two three four five six seven")  # -> capital


class Point(object):
    def __init__(self, x):
        self.x = x

    def __eq__(self, other):
        return same(self, other)  # -> same

    def __hash__(self):
        return hashed(self)  # -> hashed


def same(one, other):
    return one.x == other.x


def hashed(point):
    return hash(point.x)


def counted():
    points = [Point(1), Point(2), Point(1)]  # -> __init__
    return {points[0]: 1, points[2]: 2}  # -> __hash__ __eq__


def shown(point):  # <- library
    return [point.x]


def written():
    return json.dumps({"points": WRITTEN}, default=shown)  # -> *


def met(pairs):  # <- library
    return len(pairs)


def read():
    return json.loads('{"a": {"b": 1}, "c": [{"d": 2}]}', object_hook=met)  # -> *


def main():
    while True:
        ordered()  # -> ordered
        mapped()  # -> mapped
        replaced()  # -> replaced
        counted()  # -> counted
        written()  # -> written
        read()  # -> read


WRITTEN = [Point(1), Point(2)]  # -> __init__
signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
