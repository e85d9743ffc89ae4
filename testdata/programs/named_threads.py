# -*- coding: utf-8 -*-
"""31 threads that wait, most of them under names beyond ASCII; prints the native id and the name (UTF-8, in
hexadecimal) of each once it is ready. With the argument "busy" the main thread computes, else it waits, too."""
from __future__ import unicode_literals

import binascii
import os
import signal
import sys
import threading

NAMES = ["zwölf", "日本", "🐍", "Ωmega", "a;b 7", "имя"]


def wait():
    with started:
        started.notify()
    stop.wait()  # -> *


def work():  # <- library
    wait()  # -> wait


def main():
    for number in range(31):
        name = "%s-%d" % (NAMES[number % len(NAMES)], number)
        names.append(name)
        thread = threading.Thread(target=work, name=name.encode("utf-8") if str is bytes else name)
        thread.daemon = True
        with started:
            thread.start()  # -> *
            started.wait()  # -> *
        threads.append(thread)
    for thread, name in zip(threads, names):
        native = getattr(thread, "native_id", 0)
        print("%d %s" % (native, binascii.hexlify(name.encode("utf-8")).decode("ascii")))
    print("end")
    if "busy" in sys.argv:
        compute()  # -> compute
    stop.wait()  # -> *


def compute():
    while True:
        pass


threads = []
names = []
stop = threading.Event()
started = threading.Condition()
signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
