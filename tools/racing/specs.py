"""What is raced on: programs of testdata/programs, how they are run, what of them is known."""

import collections

from racing import churn, graph, target

# busy: the thread that computes without end, "main" or "last"; then the target is bound to one core, so that its waiting
# can be measured, beside a timer on the same core. None: many threads, or one that sleeps by itself.
# threads: all of them are to be sampled, those that wait, too. share: two functions and the true part of the first in
# both, in percent. frames: a function and how often it stands in a whole stack. packages: what it needs of PyPI.
Spec = collections.namedtuple("Spec", "name program arguments busy threads share frames packages")

TRUTH = ("a00", "b00", 70.0)


def spec(name, program=None, arguments=(), busy="main", threads=False, share=None, frames=None, packages=()):
    return Spec(name, program or name, tuple(arguments), busy, threads, share, frames, tuple(packages))


def crowd(name, *kinds):
    return spec(name, "crowd", kinds, busy=None, threads=True)


def deep(depth):
    return spec("deep %d" % depth, "deep", [str(depth)], busy="last", threads=True, frames=("down", depth + 1))


ALL = [
    spec("flutter"),
    spec("truth short", "truth", ["short"], share=TRUTH),
    spec("truth long", "truth", ["long"], share=TRUTH),
    spec("recursion"),
    spec("weave"),
    spec("callbacks"),
    spec("coroutines"),
    spec("parsing"),
    spec("matrices", packages=["numpy"]),
    spec("churn"),
    spec("four_threads", busy=None, threads=True),
    crowd("4 sleeping, 1 computing", "sleeping=4", "computing=1"),
    crowd("4 mixed", "computing=2", "sleeping=1", "hashing=1"),
    spec("hashing", busy=None, threads=True),
    crowd("31 computing", "computing=31"),
    crowd("31 sleeping", "sleeping=31"),
    crowd("31 hashing", "computing=1", "hashing=30"),
    crowd("31 mixed", "computing=10", "sleeping=11", "hashing=10"),
    crowd("31 waiting", "waiting=31"),
    crowd("200 mixed", "computing=20", "sleeping=160", "hashing=20"),
    crowd("200 waiting, 1 computing", "waiting=200", "computing=1"),
    deep(30),
    deep(50),
    deep(500),
    deep(2000),
    deep(10000),
    spec("webserver", busy=None, threads=True),
]


def named(names):
    """Those whose name begins with one of the names; all where there are none."""
    if not names:
        return list(ALL)
    found = [each for each in ALL if any(each.name.startswith(name) for name in names)]
    if not found:
        raise SystemExit("race: there is no target %s; there are: %s" % (" ".join(names), ", ".join(s.name for s in ALL)))
    return found


def exactly(name):
    return next(each for each in ALL if each.name == name)


def rules(each):
    """What tells its impossible stacks."""
    return churn.ChurnRules() if each.program == "churn" else graph.CallGraph(target.path_of(each.program))
