"""Makes functions and frees them without end, so that code objects of other names come to lie at the same addresses.

Function f_N calls g_N, both in the file <N>, from line N % 50 + 1 on: what does not fit together was mixed up."""
import os
import signal


TEXT = """def f_N(turns):
    g_N(turns)

def g_N(turns):
    for _ in range(turns):
        pass
"""


def made(number):
    name = "f_%d" % number
    text = "\n" * (number % 50) + TEXT.replace("N", str(number))
    names = {}
    exec(compile(text, "<%d>" % number, "exec"), names)
    return names[name]


def main():
    number = 0
    while True:
        kept = [made(number + extra) for extra in range(10)]
        for function in kept:
            function(2000)
        number += 10


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()
