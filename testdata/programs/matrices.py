"""numpy: products and sums of small and of middling matrices, on one thread."""
import os
import signal

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy  # noqa: E402


def product(matrix):
    return matrix @ matrix


def scaled(matrix):
    return matrix * 0.5 + 1.0


def total(matrix):
    return matrix.sum(axis=0)  # -> *


def main():
    small, middling = numpy.ones((8, 8)), numpy.ones((160, 160))
    while True:
        product(small)  # -> product
        scaled(small)  # -> scaled
        total(small)  # -> total
        product(middling)  # -> product


signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
