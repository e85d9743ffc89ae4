"""Scalars and arrays of numpy as local variables; prints where its frame is and waits."""
import sys

import numpy


def function():
    half = numpy.float64(0.5)
    single = numpy.float32(0.1)
    small = numpy.float16(1.5)
    true = numpy.bool_(True)
    negative = numpy.int8(-3)
    number = numpy.int64(-(2 ** 40))
    unsigned = numpy.uint64(2 ** 64 - 1)
    matrix = numpy.zeros((3, 4), dtype="int16")
    vector = numpy.zeros(5)
    scalar_array = numpy.array(1.0)
    frame = sys._getframe()
    print(id(frame), id(frame.f_code))
    sys.stdout.flush()
    sys.stdin.read()


function()
