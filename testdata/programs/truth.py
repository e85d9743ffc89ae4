"""Two chains, 30 calls deep, that share the time 70:30; the leaf takes about 1 us (argument "short") or 25 us ("long").

Both do the same work in the same function, one of them seven times where the other does it three times: in two functions of the
same words it can take one of them a third longer, where their code happens to lie badly."""
import os
import signal
import sys


def leaf():
    for _ in TURNS:
        pass


def a29():
    leaf()  # -> leaf


def a28():
    a29()  # -> a29


def a27():
    a28()  # -> a28


def a26():
    a27()  # -> a27


def a25():
    a26()  # -> a26


def a24():
    a25()  # -> a25


def a23():
    a24()  # -> a24


def a22():
    a23()  # -> a23


def a21():
    a22()  # -> a22


def a20():
    a21()  # -> a21


def a19():
    a20()  # -> a20


def a18():
    a19()  # -> a19


def a17():
    a18()  # -> a18


def a16():
    a17()  # -> a17


def a15():
    a16()  # -> a16


def a14():
    a15()  # -> a15


def a13():
    a14()  # -> a14


def a12():
    a13()  # -> a13


def a11():
    a12()  # -> a12


def a10():
    a11()  # -> a11


def a09():
    a10()  # -> a10


def a08():
    a09()  # -> a09


def a07():
    a08()  # -> a08


def a06():
    a07()  # -> a07


def a05():
    a06()  # -> a06


def a04():
    a05()  # -> a05


def a03():
    a04()  # -> a04


def a02():
    a03()  # -> a03


def a01():
    a02()  # -> a02


def a00():
    a01()  # -> a01


def b29():
    leaf()  # -> leaf


def b28():
    b29()  # -> b29


def b27():
    b28()  # -> b28


def b26():
    b27()  # -> b27


def b25():
    b26()  # -> b26


def b24():
    b25()  # -> b25


def b23():
    b24()  # -> b24


def b22():
    b23()  # -> b23


def b21():
    b22()  # -> b22


def b20():
    b21()  # -> b21


def b19():
    b20()  # -> b20


def b18():
    b19()  # -> b19


def b17():
    b18()  # -> b18


def b16():
    b17()  # -> b17


def b15():
    b16()  # -> b16


def b14():
    b15()  # -> b15


def b13():
    b14()  # -> b14


def b12():
    b13()  # -> b13


def b11():
    b12()  # -> b12


def b10():
    b11()  # -> b11


def b09():
    b10()  # -> b10


def b08():
    b09()  # -> b09


def b07():
    b08()  # -> b08


def b06():
    b07()  # -> b07


def b05():
    b06()  # -> b06


def b04():
    b05()  # -> b05


def b03():
    b04()  # -> b04


def b02():
    b03()  # -> b03


def b01():
    b02()  # -> b02


def b00():
    b01()  # -> b01


def main():
    while True:
        for again in PATTERN:
            if again:
                a00()  # -> a00
            else:
                b00()  # -> b00


PATTERN = [True, True, False, True, True, False, True, True, False, True]
TURNS = tuple(range(1500 if "long" in sys.argv else 50))
signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
print("ready")
main()  # -> main
