"""Prints what an interpreter itself says about the lines of real code objects.

Usage: pythonX.Y tools/dump_lines.py [MODULE | FILE.py]...

One paragraph a code object, for jspy's line tables to be compared with:
    code FIRSTLINE BYTES_OF_CODE HEX_OF_TABLE NAME
    OFFSET LINE [END_LINE COLUMN END_COLUMN]        one an instruction that begins a run; "-" is None
Runs on every CPython from 2.7 on. testdata/lines holds its output for CI without these interpreters.
"""
import binascii
import dis
import importlib
import sys
import types


def hexed(data):
    return binascii.hexlify(data).decode("ascii") or "-"


def shown(value):
    return "-" if value is None else str(value)


def rows(code):
    if hasattr(code, "co_positions"):
        for unit, (line, end_line, column, end_column) in enumerate(code.co_positions()):
            yield 2 * unit, (line, end_line, column, end_column)
    elif hasattr(code, "co_lines"):
        for start, end, line in code.co_lines():
            if start < end:
                yield start, (line,)
    else:
        for start, line in dis.findlinestarts(code):
            yield start, (line,)


def dump(code, seen):
    if code in seen:
        return
    seen.add(code)
    table = code.co_linetable if hasattr(code, "co_linetable") else code.co_lnotab
    print("code %d %d %s %s" % (
        code.co_firstlineno, len(code.co_code), hexed(table), code.co_name))
    last = None
    for offset, row in rows(code):
        if row != last:
            print("%d %s" % (offset, " ".join(shown(v) for v in row)))
        last = row
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            dump(constant, seen)


def source(name):
    if name.endswith(".py"):
        return name
    path = importlib.import_module(name).__file__
    return path[:-1] if path.endswith((".pyc", ".pyo")) else path


seen = set()
print("python %s" % sys.version.split()[0])
for argument in sys.argv[1:]:
    with open(source(argument), "rb") as file:
        dump(compile(file.read(), "file.py", "exec"), seen)
