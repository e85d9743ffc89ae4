"""A program that is mostly its own start: imports the same modules again and again."""
import os
import signal
import sys


def load():
    for name in ["argparse", "decimal", "difflib", "json", "email.message", "xml.dom.minidom"]:
        __import__(name)


def forget():
    for name in set(sys.modules) - KEPT:
        del sys.modules[name]


def main():
    while True:
        load()
        forget()


KEPT = set(sys.modules)
signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()
