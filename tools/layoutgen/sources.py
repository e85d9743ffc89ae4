"""Which headers of CPython this machine has: pyenv's versions, and folders that were unpacked from packages."""
import collections
import glob
import os
import re

Source = collections.namedtuple("Source", "includes sysconfig flavour platform cc")

# Flavours that are compiled from a release build's headers, by minor version.
FLAVOURS = {
    "2.7": ["d"], "3.6": ["d"], "3.7": ["d"], "3.8": ["d"], "3.9": ["d"], "3.10": ["d"], "3.11": ["d"],
    "3.12": ["d"], "3.13": ["t", "d", "td"], "3.14": ["t", "d", "td"], "3.15": ["t", "d", "td"],
}  # fmt: skip


def find(roots):
    """Sources in a fixed order; each include folder with every flavour that its version can be built in."""
    found = {}
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for root in [os.path.join(pyenv, "versions", "*")] + [os.path.join(r, "**") for r in roots]:
        for config in sorted(glob.glob(os.path.join(root, "include", "python*", "pyconfig.h"), recursive=True)):
            folder = os.path.dirname(config)
            if os.path.exists(os.path.join(folder, "Python.h")):
                found.setdefault(os.path.realpath(folder), folder)
    result = []
    for folder in found.values():
        minor = re.search(r"(\d\.\d+)", os.path.basename(folder)).group(1)
        prefix = os.path.dirname(os.path.dirname(folder))
        includes = [folder]
        # Debian keeps pyconfig.h apart, by architecture, under the folder that Python.h's folder lies in.
        if os.path.isdir(os.path.join(prefix, "include", "x86_64-linux-gnu")):
            includes.append(os.path.join(prefix, "include"))
        library = os.path.join(prefix, "lib", "python" + minor)
        data = sorted(glob.glob(os.path.join(library, "_sysconfigdata*.py")))
        data = [path for path in data if not re.search(r"_sysconfigdata_(_?d|td?)_", path)]
        platform = "linux-x86_64"
        for flavour in [""] + FLAVOURS.get(minor, []):
            result.append(Source(includes, data[0] if data else None, flavour, platform, None))
    return result
