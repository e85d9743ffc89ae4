#!/usr/bin/env python3
"""Where CPython's fields are, asked of a C compiler and CPython's own headers.

    layoutgen.py probe --include DIR... [--sysconfig FILE] [--flavour t|d|r] [--platform NAME]
                       [--cc COMMAND] -o FILE
    layoutgen.py table NAME -o FILE           a version without headers, from tables.json
    layoutgen.py java FILE CLASS -o FILE      a Java class from such a JSON file
    layoutgen.py all [--check] [ROOT...]      everything that sources.py finds headers for

The probe is compiled to assembly and never run, so headers of another platform serve as well when
the compiler can target it (--cc "zig cc -target x86_64-windows-gnu").
"""

import argparse
import json
import os
import sys

import javagen
import sources
from probe import probe

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
LAYOUTS = os.path.join(REPOSITORY, "testdata", "layouts")
GENERATED = os.path.join(REPOSITORY, "src", "main", "java", "jspy", "layout", "generated")


def probed(*arguments):
    """A layout from headers, with the structs that no header has."""
    return with_tables(probe(*arguments))


def read_tables():
    with open(os.path.join(HERE, "tables.json")) as file:
        return json.load(file)


def with_tables(layout):
    """Adds the structs that this version defines in a .c file, so that no header has them."""
    minor = tuple(int(part) for part in layout["python"].split(".")[:2])
    for entry in read_tables()["structs"]:
        first, last = (
            tuple(int(part) for part in entry[side].split(".")) for side in ("from", "to")
        )
        if first <= minor <= last and not layout["structs"].get(entry["struct"], {}).get("fields"):
            layout["structs"][entry["struct"]] = {
                "size": entry["size"],
                "fields": entry["fields"],
                "source": "table",
            }
    return layout


def table(name):
    """A version without headers: its table, and for the rest what 2.7 and 3.6 have in common."""
    tables = read_tables()
    layout = {
        "python": name,
        "flavour": "",
        "platform": "linux-x86_64",
        "source": "table",
        "defines": [],
        "structs": {},
        "bits": {},
        "constants": {},
    }
    given = tables["versions"][name]
    older, newer = (read_layout(neighbour) for neighbour in given["between"])
    for struct, known in newer["structs"].items():
        before = older["structs"].get(struct)
        if before:
            same = {f: p for f, p in known["fields"].items() if before["fields"].get(f) == p}
            if same:
                layout["structs"][struct] = {"size": known["size"], "fields": same}
    for struct, known in given["structs"].items():
        layout["structs"][struct] = known
    for struct in given["as-newer"]:
        layout["structs"][struct] = newer["structs"][struct]
    layout["bits"] = newer["bits"]
    for constant, value in newer["constants"].items():
        if older["constants"].get(constant) == value or constant in given["as-newer"]:
            layout["constants"][constant] = value
    return with_tables(layout)


def read_layout(name):
    with open(os.path.join(LAYOUTS, name + ".json")) as file:
        return json.load(file)


def layout_text(layout):
    """JSON with one field a line."""
    lines = ["{"]
    for key in ("python", "flavour", "platform", "source", "defines"):
        lines.append("  %s: %s," % (json.dumps(key), json.dumps(layout[key])))
    lines.append('  "structs": {')
    structs = []
    for struct, known in layout["structs"].items():
        text = "    %s: {\n" % json.dumps(struct)
        if "source" in known:
            text += '      "source": %s,\n' % json.dumps(known["source"])
        text += '      "size": %d,\n      "fields": {' % known["size"]
        fields = [
            "        %s: %s" % (json.dumps(f), json.dumps(p)) for f, p in known["fields"].items()
        ]
        text += "\n" + ",\n".join(fields) + "\n      }\n    }" if fields else "}\n    }"
        structs.append(text)
    lines.append(",\n".join(structs))
    lines.append("  },")
    for key in ("bits", "constants"):
        values = ["    %s: %s" % (json.dumps(k), json.dumps(v)) for k, v in layout[key].items()]
        body = "{\n" + ",\n".join(values) + "\n  }" if values else "{}"
        lines.append("  %s: %s%s" % (json.dumps(key), body, "," if key == "bits" else ""))
    lines.append("}")
    return "\n".join(lines) + "\n"


def layout_name(layout):
    return layout["python"] + layout["flavour"] + "-" + layout["platform"]


def write_or_compare(path, text, check, report):
    """Whether the file is right now; what was found is added to the report, one line a file."""
    old = None
    if os.path.exists(path):
        with open(path) as file:
            old = file.read()
    shown = os.path.relpath(path, REPOSITORY)
    if old == text:
        report.append("same " + shown)
        return True
    if check:
        report.append(("DIFFERS " if old else "not committed ") + shown)
        return not old
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    report.append(("changed " if old else "new ") + shown)
    return True


def another_build(path, layout):
    """Whether the committed layout is of the same version, configured differently."""
    if not os.path.exists(path):
        return False
    with open(path) as file:
        return json.load(file)["defines"] != layout["defines"]


def everything(roots, check, command):
    """Every layout whose headers are here, the tables, and the Java of what is committed."""
    report, good = [], True
    for source in sources.find(roots):
        layout = probed(
            source.includes, source.sysconfig, source.flavour, source.platform, source.cc or command
        )
        path = os.path.join(LAYOUTS, layout_name(layout) + ".json")
        if another_build(path, layout):
            report.append("another build of " + layout_name(layout))
            continue
        good &= write_or_compare(path, layout_text(layout), check, report)
    for name in read_tables()["versions"]:
        layout = table(name)
        path = os.path.join(LAYOUTS, layout_name(layout) + ".json")
        good &= write_or_compare(path, layout_text(layout), check, report)
    for class_name, name in javagen.CLASSES.items():
        text = javagen.java_text(class_name, read_layout(name))
        good &= write_or_compare(os.path.join(GENERATED, class_name + ".java"), text, check, report)
    print("\n".join(report))
    return good


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("probe")
    one.add_argument("--include", action="append", required=True)
    one.add_argument("--sysconfig")
    one.add_argument("--flavour", default="")
    one.add_argument("--platform", default="linux-x86_64")
    one.add_argument("--cc", default=os.environ.get("CC", "cc"))
    one.add_argument("-o", "--output", required=True)
    given = commands.add_parser("table")
    given.add_argument("name")
    given.add_argument("-o", "--output", required=True)
    java = commands.add_parser("java")
    java.add_argument("layout", help="a JSON file")
    java.add_argument("class_name")
    java.add_argument("-o", "--output", required=True)
    each = commands.add_parser("all")
    each.add_argument(
        "--check", action="store_true", help="write nothing, exit 1 when something differs"
    )
    each.add_argument("--cc", default=os.environ.get("CC", "cc"))
    each.add_argument("roots", nargs="*", help="folders to look for headers in, besides the usual")
    options = parser.parse_args()
    if options.command == "all":
        sys.exit(0 if everything(options.roots, options.check, options.cc) else 1)
    if options.command == "probe":
        text = layout_text(
            probed(
                options.include, options.sysconfig, options.flavour, options.platform, options.cc
            )
        )
    elif options.command == "table":
        text = layout_text(table(options.name))
    else:
        with open(options.layout) as file:
            text = javagen.java_text(options.class_name, json.load(file))
    with open(options.output, "w") as out:
        out.write(text)


if __name__ == "__main__":
    main()
