"""Local variables of every kind that jspy shows; prints where its frame is and waits."""
import collections
import sys


class Plain(object):
    def __init__(self, x, y):
        self.x = x
        self.y = y


class Slots(object):
    __slots__ = ("a",)


class Sub(dict):
    pass


Named = collections.namedtuple("Named", "p q")


def function(arg1, arg2=2, *args, **kwargs):
    small = 7
    negative = -12345678901234567890
    big = 2 ** 200
    huge = 1 << 40000
    yes = True
    no = False
    nothing = None
    pi = 3.14159
    tiny = 1e-7
    large = 1e16
    whole = 100.0
    infinite = float("-inf")
    text = "it's \"quoted\"\n\t\\"
    unicode_text = u"zw\u00f6lf \u65e5\u672c \U0001f40d \u202e"
    long_text = "x" * 1000
    data = b"ab\x00\xff\""
    empty = ()
    one = (1,)
    pair = (1, "two")
    items = [1, [2, [3, [4, [5]]]]]
    mapping = {"a": 1, 2: [3]}
    nested = {"d": {"e": {}}}
    sub = Sub(k="v")
    single = {42}
    nothing_set = set()
    frozen = frozenset([1])
    named = Named(1, 2)
    plain = Plain(1, Plain(2, 3))
    grown = Plain("a", None)
    for i in range(40):
        setattr(grown, "z%d" % i, i)
    error = ValueError("bad", 3)
    kind = Plain
    module = sys
    loop = []
    loop.append(loop)
    shared = 5
    slots = Slots()

    def inner():
        return shared
    frame = sys._getframe()
    print(id(frame), id(frame.f_code))
    sys.stdout.flush()
    sys.stdin.read()
    return inner


function("bar", 3, 4, 5, key="value")
