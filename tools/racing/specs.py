"""What is raced on: programs of testdata/programs, how they are run, what of them is known."""

import collections

from racing import graph, target

# bound: to one core, so that the waiting of its one thread can be measured, beside a timer on the same core;
# threads: all of them are to be sampled, those that wait, too; share: two functions and the true part of the first in
# both, in percent; frames: a function and how often it stands in a whole stack; packages: what it needs of PyPI.
Spec = collections.namedtuple("Spec", "name program arguments bound threads share frames packages oracle")


def spec(name, program=None, arguments=(), bound=True, threads=False, share=None, frames=None, packages=(), oracle=True):
    return Spec(name, program or name, tuple(arguments), bound, threads, share, frames, tuple(packages), oracle)


TRUTH = ("a00", "b00", 70.0)

ALL = [
    spec("flutter"),
    spec("truth short", "truth", ["short"], share=TRUTH),
    spec("truth long", "truth", ["long"], share=TRUTH),
]


def named(names):
    """Those whose name begins with one of the names; all where there are none."""
    if not names:
        return list(ALL)
    found = [each for each in ALL if any(each.name.startswith(name) for name in names)]
    if not found:
        raise SystemExit("race: there is no target %s; there are: %s" % (" ".join(names), ", ".join(s.name for s in ALL)))
    return found


def rules(each):
    """What tells its impossible stacks; None where that is not known."""
    return graph.CallGraph(target.path_of(each.program)) if each.oracle else None
