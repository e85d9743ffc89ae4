"""Code that is made while the program runs: exec, eval, compile under made-up file names, a lambda, a class body."""
import os
import signal

SOURCE = """
def made(number):
    return spin(number)

def spin(number):
    for _ in range(number):
        pass
    return number
"""


def executed():
    names = {}
    exec(compile(SOURCE, "<made of <text> & \"more\">", "exec"), names)
    return names


def evaluated(names):
    return eval("(lambda n: made(n))(20000)", names)


def main():
    names = executed()
    while True:
        evaluated(names)


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()
