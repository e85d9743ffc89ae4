"""Two short call pairs that alternate: whoever mixes two moments sees a caller that never calls that callee."""
import os
import signal


def left_leaf():
    pass


def right_leaf():
    pass


def left():
    left_leaf()  # -> left_leaf


def right():
    right_leaf()  # -> right_leaf


def main():
    while True:
        left()  # -> left
        right()  # -> right


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
