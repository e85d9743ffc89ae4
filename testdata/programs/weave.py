"""Generators that draw from generators, a generator expression, comprehensions, and generators left half way."""
import os
import signal


def numbers(count):
    number = 0
    while number < count:
        yield number
        number += 1


def doubled(source):
    for number in source:  # -> numbers
        yield twice(number)  # -> twice


def twice(number):
    return number + number


def drawn():
    total = 0
    for number in doubled(numbers(20)):  # -> doubled numbers
        total += number
    return total


def summed():
    source = doubled(numbers(20))  # -> doubled numbers
    return sum(number for number in source)  # summed -> <genexpr>; <genexpr> -> doubled


def listed():
    return [twice(number) for number in range(20)]  # -> <listcomp> twice


def collected():
    return {twice(number): number for number in range(20)}  # -> <dictcomp> twice


def half():
    source = doubled(numbers(20))  # -> doubled numbers
    next(source)  # -> doubled
    next(source)  # -> doubled
    source.close()  # -> doubled numbers
    return left_alone()  # -> left_alone


def left_alone():
    return None


def main():
    while True:
        drawn()  # -> drawn
        summed()  # -> summed
        listed()  # -> listed
        collected()  # -> collected
        half()  # -> half


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
