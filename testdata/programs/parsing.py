"""JSON and regular expressions: most of the time is spent in C code that never calls back."""
import json
import os
import re
import signal

TEXT = json.dumps([{"name": "item %d" % i, "tags": ["a", "b"], "size": i * 1.5} for i in range(40)])  # -> *
WORDS = " ".join("word%d=%d;" % (i, i * i) for i in range(200))  # -> <genexpr>
PAIR = re.compile(r"(\w+)=(\d+);")  # -> *


def read():
    return json.loads(TEXT)  # -> *


def written(items):
    return json.dumps(items)  # -> *


def pretty(items):
    return json.dumps(items, indent=1)  # -> *


def found():
    return PAIR.findall(WORDS)


def main():
    while True:
        items = read()  # -> read
        written(items)  # -> written
        pretty(items[:3])  # -> pretty
        found()  # -> found


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
