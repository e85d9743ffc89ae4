"""Which heats are run: short (--quick), whole, or what was asked for."""

import collections

from racing import specs

# A target that is started once and sampled by each profiler in turn, rounds times. profilers: names, None for all.
Group = collections.namedtuple("Group", "python target rate profilers rounds")

# As fast as it can: all of them take it.
MAX_RATE = 1_000_000
FAST = ("jspy", "jspy --nonblocking", "austin", "Tachyon")
FAST_THREADS = ("jspy", "jspy --nonblocking", "Tachyon")

# Tachyon runs on 3.15 alone, austin on 3.9 to 3.14: the one is compared there, the other here.
HERE, NEWEST = "3.13", "3.15"
OTHERS = ("3.8", "3.11", "3.12", "3.14")

ONE_THREAD = ("recursion", "weave", "callbacks", "coroutines", "parsing", "matrices", "churn")
THREADS = ("four_threads", "4 sleeping, 1 computing", "4 mixed", "hashing", "webserver")
CROWDS = ("31 computing", "31 sleeping", "31 hashing", "31 mixed")
DEEP = ("deep 30", "deep 500", "deep 2000", "deep 10000")


def quick():
    return [
        Group(HERE, "truth long", 1000, None, 2),
        Group(HERE, "flutter", 1000, None, 1),
        Group(HERE, "truth long", 100, ("bare timer wake", "jspy", "py-spy"), 1),
        Group(NEWEST, "truth long", 1000, ("jspy", "jspy --nonblocking", "jspy --blocking", "Tachyon", "Tachyon --blocking"), 2),
        Group(HERE, "flutter", MAX_RATE, ("jspy --nonblocking", "austin"), 1),
        Group(NEWEST, "flutter", MAX_RATE, ("jspy --nonblocking", "Tachyon"), 1),
        Group(NEWEST, "31 computing", MAX_RATE, FAST_THREADS, 1),
        Group(HERE, "200 mixed", 100, ("jspy", "py-spy"), 1),
        Group(HERE, "deep 10000", 100, ("jspy",), 1),
    ]


def whole():
    groups = []
    for target, rate in (("truth long", 1000), ("truth short", 1000), ("flutter", 1000), ("truth long", 100)):
        groups += [Group(python, target, rate, None, 3) for python in (HERE, NEWEST)]
    for target in ("flutter", "truth long"):
        groups += [Group(python, target, MAX_RATE, FAST, 2) for python in (HERE, NEWEST)]
    groups += [Group(python, "truth long", 1000, None, 2) for python in OTHERS]
    groups += [Group(HERE, target, 1000, None, 1) for target in ONE_THREAD + THREADS + CROWDS]
    groups += [Group(HERE, target, 100, None, 1) for target in DEEP + ("200 mixed", "200 waiting, 1 computing")]
    groups.append(Group(NEWEST, "31 computing", MAX_RATE, FAST_THREADS, 2))
    groups.append(Group(NEWEST, "31 waiting", MAX_RATE, FAST_THREADS, 1))
    groups.append(Group("3.13t", "four_threads", 1000, None, 1))
    groups.append(Group(NEWEST, "200 mixed", 100, None, 1))
    groups.append(Group(NEWEST, "deep 2000", 100, None, 1))
    return groups


def asked(pythons, targets, rates, profilers, rounds):
    return [
        Group(python, spec.name, rate, profilers, rounds)
        for python in pythons
        for spec in specs.named(targets)
        for rate in rates
    ]
