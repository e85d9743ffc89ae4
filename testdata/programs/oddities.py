"""Names of 100,000 characters, a name that moves the cursor, a function far down in a file of a million lines, and one whose line table is large."""
import os
import signal
import threading

LONG = "n" * 100_000
FAR = "\n" * 1_000_000 + "def far():\n    for i in range(20000): pass\n"
WIDE = "def wide():\n" + "    x = 1; x = 2\n" * 40_000


def define(text, file):
    exec(compile(text, file, "exec"), globals())


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
define(FAR, "/far.py")
define(WIDE, "/wide.py")
define("def %s():\n    while True:\n        far(); wide()\n" % LONG, "/" + "f" * 100_000 + ".py")
threading.current_thread().name = "a\x1b[2J\u202eb"
print("ready")
globals()[LONG]()  # here call
