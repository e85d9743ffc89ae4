"""Recursion of one function and of two that call each other."""
import os
import signal


def fibonacci(number):
    if number < 2:
        return number
    return fibonacci(number - 1) + fibonacci(number - 2)  # -> fibonacci


def even(number):
    return True if number == 0 else odd(number - 1)  # -> odd


def odd(number):
    return False if number == 0 else even(number - 1)  # -> even


def main():
    while True:
        fibonacci(12)  # -> fibonacci
        even(60)  # -> even


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
