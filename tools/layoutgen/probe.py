"""One layout: the probe compiled against one build's headers, its assembly read."""

import ast
import os
import re
import shlex
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
MAX_ROUNDS = 8

FLAVOUR_DEFINES = {
    "t": ["Py_GIL_DISABLED=1"],
    "d": ["Py_DEBUG=1"],
    "r": ["Py_TRACE_REFS=1"],
}


class Field:
    """One line of the probe: a symbol, the C text that fills it, and what its value means."""

    def __init__(self, symbol, text, kind, key):
        self.symbol, self.text, self.kind, self.key = symbol, text, kind, key


def read_fields(path):
    """{struct: [field...]}, [bit-field...], [constant...] of fields.txt; outer structs first."""
    structs, bits, constants = {}, [], []
    current = None
    with open(path) as lines:
        for line in lines:
            words = line.split("#")[0].strip()
            if not words:
                continue
            if not line.startswith(" "):
                current = {"bits": bits, "constants": constants}.get(words)
                if current is None:
                    current = structs.setdefault(words, [])
                continue
            for word in words.split():
                if current is not bits:
                    parts = word.split(".")
                    for depth in range(1, len(parts)):
                        around = ".".join(parts[:depth])
                        if around not in current:
                            current.append(around)
                if word not in current:
                    current.append(word)
    return structs, bits, constants


def probe_lines(structs, bits, constants):
    lines = []

    def add(text, kind, key):
        symbol = "jspy_%d" % len(lines)
        lines.append(Field(symbol, text % symbol, kind, key))

    for struct, fields in structs.items():
        add("const unsigned long long %%s = sizeof(%s);" % struct, "size", (struct,))
        for field in fields:
            add(
                "const unsigned long long %%s = __builtin_offsetof(%s, %s);" % (struct, field),
                "offset",
                (struct, field),
            )
            add(
                "const unsigned long long %%s = sizeof(((%s *)0)->%s);" % (struct, field),
                "width",
                (struct, field),
            )
    for path in bits:
        struct, container, name = path.split(".")
        add(
            "const struct { %s all; } %%s = {.all.%s.%s = -1};" % (struct, container, name),
            "bits",
            (struct, container, name),
        )
    for constant in constants:
        add("const long long %%s = (long long) (%s);" % constant, "constant", (constant,))
    return lines


def compile_probe(lines, includes, defines, command):
    """The assembly of the probe without the lines that the compiler rejects."""
    with open(os.path.join(HERE, "probe.c")) as template:
        head = template.read().split("@PROBES@")[0]
    first = head.count("\n") + 1
    kept = list(lines)
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "probe.c")
        output = os.path.join(folder, "probe.s")
        for _ in range(MAX_ROUNDS):
            with open(source, "w") as out:
                out.write(head + "\n".join(line.text for line in kept) + "\n")
            arguments = shlex.split(command) + ["-S", "-O0", "-w", "-g0", "-std=gnu11"]
            arguments += ["-idirafter", os.path.join(HERE, "stubs")]
            arguments += ["-I" + include for include in includes]
            arguments += ["-I" + os.path.join(include, "internal") for include in includes]
            arguments += ["-D" + define for define in defines]
            if "clang" in command or "zig" in command:
                arguments += ["-ferror-limit=0"]
            done = subprocess.run(
                arguments + ["-o", output, source],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                universal_newlines=True,
                env=dict(os.environ, LC_ALL="C"),
            )
            if done.returncode == 0:
                with open(output) as text:
                    return kept, text.read()
            errors = re.findall(r"probe\.c:(\d+):(?:\d+:)? (?:fatal )?error:", done.stderr)
            bad = {int(number) - first for number in errors}
            bad = {number for number in bad if number >= 0}
            if not bad:
                raise SystemExit("the headers do not compile:\n" + done.stderr[:4000])
            kept = [line for number, line in enumerate(kept) if number not in bad]
    raise SystemExit("no fixpoint after %d rounds" % MAX_ROUNDS)


def assembly_bytes(text):
    """{symbol: bytes} of the data directives of a little-endian target's assembly, GNU or LLVM."""
    word_is_four = bool(re.search(r"\.arch armv|aarch64|arm64|\.build_version", text))
    widths = {
        ".byte": 1, ".short": 2, ".value": 2, ".2byte": 2, ".hword": 2, ".long": 4, ".4byte": 4,
        ".quad": 8, ".8byte": 8, ".xword": 8, ".word": 4 if word_is_four else 2,
    }  # fmt: skip
    found, current = {}, None
    for line in text.splitlines():
        label = re.match(r"_?(jspy_\d+):", line)
        if label:
            current = found.setdefault(label.group(1), bytearray())
            continue
        if re.match(r"\S+:|\s*\.(size|section|text|data|bss|type|globl|subsections)", line):
            current = None
            continue
        words = re.split(r"\s+", re.split(r"\s+(?:#|//|;|@)", line.strip())[0], maxsplit=1)
        if words[0] in (".comm", ".lcomm", ".zerofill"):
            symbol = re.search(r"_?(jspy_\d+),\s*(\d+)", line)
            if symbol:
                found[symbol.group(1)] = bytearray(int(symbol.group(2)))
            continue
        if current is None or len(words) < 2:
            continue
        if words[0] in widths:
            width = widths[words[0]]
            for number in words[1].split(","):
                value = int(number, 0) & ((1 << (8 * width)) - 1)
                current += value.to_bytes(width, "little")
        elif words[0] in (".zero", ".space", ".skip"):
            parts = words[1].split(",")
            current += bytes([int(parts[1], 0) if len(parts) > 1 else 0]) * int(parts[0], 0)
        elif words[0] in (".ascii", ".asciz", ".string"):
            raise SystemExit("a string where a number was asked for: " + line)
    return found


def bit_range(data, what):
    """(first bit, width) of the ones in little-endian data: one run, as a bit-field's are."""
    value = int.from_bytes(data, "little")
    if value == 0:
        raise SystemExit("no bits set for " + what)
    first = (value & -value).bit_length() - 1
    width = bin(value).count("1")
    if value != ((1 << width) - 1) << first:
        raise SystemExit("bits of %s are not one run: %x" % (what, value))
    return first, width


def sysconfig_defines(path):
    """The -D of a build's flags that its headers ask about and pyconfig.h lacks: _Py_TIER2."""
    with open(path, encoding="utf-8") as file:
        tree = ast.parse(file.read())
    variables = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "build_time_vars":
            variables = ast.literal_eval(node.value)
    found = {}
    for name in (
        "CFLAGS",
        "PY_CFLAGS",
        "PY_CORE_CFLAGS",
        "CONFIGURE_CFLAGS",
        "PY_STDMODULE_CFLAGS",
    ):
        for define in re.findall(r"-D(_?Py_?[A-Za-z0-9_]+(?:=\S+)?)", str(variables.get(name, ""))):
            if not define.startswith(("Py_BUILD_CORE", "PyABI")):
                found[define.split("=")[0]] = define
    return [found[name] for name in sorted(found)]


def probe(includes, sysconfig, flavour, platform, command):
    structs, bits, constants = read_fields(os.path.join(HERE, "fields.txt"))
    defines = sysconfig_defines(sysconfig) if sysconfig else []
    defines += [define for letter in flavour for define in FLAVOUR_DEFINES[letter]]
    lines, assembly = compile_probe(
        probe_lines(structs, bits, constants), includes, defines, command
    )
    data = assembly_bytes(assembly)
    values = {(line.kind, line.key): data[line.symbol] for line in lines}

    def unsigned(kind, *key):
        return int.from_bytes(values[(kind, key)], "little")

    layout = {"structs": {}, "bits": {}, "constants": {}}
    for struct, fields in structs.items():
        if ("size", (struct,)) not in values:
            continue
        found = {}
        for field in fields:
            if ("offset", (struct, field)) in values:
                # A flexible array has no size: 0.
                has_width = ("width", (struct, field)) in values
                width = unsigned("width", struct, field) if has_width else 0
                found[field] = [unsigned("offset", struct, field), width]
        # A struct around a field that this version lacks tells nothing.
        asked = set(plain_fields(struct))
        found = {
            field: place
            for field, place in found.items()
            if field in asked or any(other.startswith(field + ".") for other in found)
        }
        found = dict(sorted(found.items(), key=lambda item: (item[1][0], -item[1][1], item[0])))
        layout["structs"][struct] = {"size": unsigned("size", struct), "fields": found}
    for path in bits:
        struct, container, name = path.split(".")
        if ("bits", (struct, container, name)) in values:
            first, width = bit_range(values[("bits", (struct, container, name))], path)
            start = 8 * layout["structs"][struct]["fields"][container][0]
            layout["bits"][path] = [first - start, width]
    for constant in constants:
        if ("constant", (constant,)) in values:
            value = int.from_bytes(values[("constant", (constant,))], "little", signed=True)
            layout["constants"][constant] = value
    version = layout["constants"].pop("PY_VERSION_HEX")
    described = {
        "python": version_name(version),
        "flavour": flavour,
        "platform": platform,
        "source": "headers",
        "defines": defines,
    }
    described.update(layout)
    return described


def plain_fields(struct):
    """The fields of fields.txt as they are written there, without the structs around them."""
    if not plain_fields.cache:
        current = None
        with open(os.path.join(HERE, "fields.txt")) as lines:
            for line in lines:
                words = line.split("#")[0].strip()
                if words and not line.startswith(" "):
                    current = plain_fields.cache.setdefault(words, [])
                elif words:
                    current.extend(words.split())
    return plain_fields.cache[struct]


plain_fields.cache = {}


def version_name(version):
    level = {0xA: "a", 0xB: "b", 0xC: "rc", 0xF: ""}[version >> 4 & 0xF]
    serial = str(version & 0xF) if level else ""
    return "%d.%d.%d%s%s" % (
        version >> 24,
        version >> 16 & 0xFF,
        version >> 8 & 0xFF,
        level,
        serial,
    )
