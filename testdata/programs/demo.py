"""A program to try jspy on: three kinds of work in a loop, with shares that are easy to guess.

tools/jspy record -d 5 -o profile.svg -- python3 testdata/programs/demo.py

Ends by itself after some ten seconds (or after as many as the first argument says).
"""

import json
import sys
import threading
import time


def queens(n, row=0, columns=(), sums=(), differences=()):
    if row == n:
        return 1
    return sum(
        queens(n, row + 1, columns + (c,), sums + (row + c,), differences + (row - c,))
        for c in range(n)
        if c not in columns and row + c not in sums and row - c not in differences
    )


def parse_orders(orders):
    text = json.dumps(orders)
    return json.loads(text)


def total(orders):
    return sum(order["price"] * order["count"] for order in orders)


def report(orders):
    return total(parse_orders(orders))


def heartbeat(stop):
    while not stop.wait(0.5):
        print(".", end="", flush=True)


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10
    orders = [{"price": i % 97, "count": i % 7, "note": "order %d" % i} for i in range(5000)]
    stop = threading.Event()
    threading.Thread(target=heartbeat, args=(stop,), name="heartbeat", daemon=True).start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        queens(7)
        report(orders)
    stop.set()
    print()


if __name__ == "__main__":
    main()
