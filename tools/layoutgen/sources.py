"""Which headers of CPython this machine has: pyenv's, and those of unpacked packages."""

import collections
import glob
import importlib.util
import os
import re
import shutil
import sys

Source = collections.namedtuple("Source", "includes sysconfig flavour platform cc")

# Flavours that are compiled from a release build's headers, by minor version.
FLAVOURS = {
    "2.7": ["d"], "3.6": ["d"], "3.7": ["d"],
    "3.8": ["d", "r"], "3.9": ["d", "r"], "3.10": ["d", "r"], "3.11": ["d", "r"],
    "3.12": ["d", "r"],
    "3.13": ["t", "d", "td"], "3.14": ["t", "d", "td"], "3.15": ["t", "d", "td"],
}  # fmt: skip

# How a folder of a package names its platform, what it is called here, and zig's name of it.
PLATFORMS = {
    "linux-x86_64": ("linux-x86_64", None),
    "linux-arm64": ("linux-arm64", "aarch64-linux-gnu"),
    "macosx-arm64": ("macos-arm64", "aarch64-macos"),
    "macosx-x86_64": ("macos-x86_64", "x86_64-macos"),
    "windows-x86_64": ("windows-x86_64", "x86_64-windows-gnu"),
}


def zig():
    """A compiler for every platform, with their C headers: zig, or None."""
    if shutil.which("zig"):
        return "zig cc"
    if importlib.util.find_spec("ziglang"):
        return sys.executable + " -m ziglang cc"
    return None


def find(roots):
    """Sources in a fixed order, each with every flavour that its version can be built in."""
    result = []
    for folder in folders(roots):
        minor = minor_version(folder)
        prefix = os.path.dirname(folder)
        while os.path.basename(prefix) == "include":
            prefix = os.path.dirname(prefix)
        includes = [folder]
        # Debian keeps pyconfig.h apart, by architecture, beside Python.h's folder.
        if os.path.isdir(os.path.join(prefix, "include", "x86_64-linux-gnu")):
            includes.append(os.path.join(prefix, "include"))
        library = os.path.join(prefix, "lib", "python" + minor)
        data = sorted(glob.glob(os.path.join(library, "_sysconfigdata*.py")))
        data = [path for path in data if not re.search(r"_sysconfigdata_(_?d|td?)_", path)]
        sysconfig = data[0] if data else None
        platform, target = "linux-x86_64", None
        for name, known in PLATFORMS.items():
            if name in folder.split(os.sep):
                platform, target = known
        if target is None:
            for flavour in [""] + FLAVOURS.get(minor, []):
                result.append(Source(includes, sysconfig, flavour, platform, None))
            if zig() and minor_number(minor) < (3, 13):
                # The same headers for arm64: both are LP64 with glibc, one pyconfig.h serves.
                cross = zig() + " -target aarch64-linux-gnu"
                result.append(Source(includes, sysconfig, "", "linux-arm64", cross))
        elif zig():
            result.append(Source(includes, sysconfig, "", platform, zig() + " -target " + target))
    return result


def folders(roots):
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    found = {}
    patterns = [os.path.join(pyenv, "versions", "*", "include", "python*")]
    for root in roots:
        patterns += [
            os.path.join(root, "**", "include", "python*"),
            os.path.join(root, "**", "include"),
        ]
    for pattern in patterns:
        for folder in sorted(glob.glob(pattern, recursive=True)):
            files = [os.path.join(folder, name) for name in ("Python.h", "pyconfig.h")]
            if all(os.path.exists(file) for file in files):
                found.setdefault(os.path.realpath(folder), folder)
    return list(found.values())


def minor_version(folder):
    with open(os.path.join(folder, "patchlevel.h")) as file:
        text = file.read()
    parts = [
        re.search(r"PY_%s_VERSION\s+(\d+)" % part, text).group(1) for part in ("MAJOR", "MINOR")
    ]
    return ".".join(parts)


def minor_number(minor):
    return tuple(int(part) for part in minor.split("."))
