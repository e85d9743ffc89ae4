"""Coroutines that await coroutines, in tasks of an event loop that take turns, and asynchronous generators."""
import asyncio
import os
import signal


def work():
    return sum(NUMBERS)


async def left_leaf():
    return work()  # -> work


async def right_leaf():
    return work()  # -> work


async def left():
    await left_leaf()  # -> left_leaf
    await asyncio.sleep(0)  # -> *


async def right():
    await right_leaf()  # -> right_leaf
    await asyncio.sleep(0)  # -> *


async def drops():
    for number in range(3):
        yield number + work()  # -> work


async def one():  # <- library
    while True:
        await left()  # -> left


async def other():  # <- library
    while True:
        await right()  # -> right


async def drawn():  # <- library
    while True:
        async for drop in drops():  # -> drops *
            await asyncio.sleep(0)  # -> *


async def main():  # <- library
    print("ready")
    await asyncio.gather(one(), other(), drawn())  # -> *


NUMBERS = list(range(50))
signal.alarm(int(os.environ.get("JSPY_PROGRAM_SECONDS", "300")))
asyncio.run(main())  # -> *
