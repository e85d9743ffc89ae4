"""Which heats are run: short (--quick), whole, or what was asked for."""

import collections

from racing import specs

# A target that is started once and sampled by each profiler in turn, rounds times. profilers: names, None for all.
Group = collections.namedtuple("Group", "python target rate profilers rounds")

# As fast as it can: all of them take it.
MAX_RATE = 1_000_000
FAST = ["jspy", "jspy --nonblocking", "austin", "Tachyon"]

NO_TACHYON = ["3.8", "3.11", "3.12", "3.14"]
OLD_AND_NEW = ["3.13", "3.15"]


def quick():
    return [
        Group("3.13", "truth long", 1000, None, 2),
        Group("3.13", "flutter", 1000, None, 2),
        Group("3.15", "truth long", 1000, None, 2),
        Group("3.13", "flutter", MAX_RATE, FAST, 1),
        Group("3.15", "flutter", MAX_RATE, FAST, 1),
    ]


def whole():
    groups = []
    for python in OLD_AND_NEW:
        for target, rate in (("truth long", 1000), ("truth short", 1000), ("flutter", 1000), ("truth long", 100)):
            groups.append(Group(python, target, rate, None, 3))
        groups.append(Group(python, "flutter", MAX_RATE, FAST, 2))
        groups.append(Group(python, "truth long", MAX_RATE, FAST, 2))
    for python in NO_TACHYON:
        groups.append(Group(python, "truth long", 1000, None, 2))
    return groups


def asked(pythons, targets, rates, profilers, rounds):
    return [
        Group(python, spec.name, rate, profilers, rounds)
        for python in pythons
        for spec in specs.named(targets)
        for rate in rates
    ]
