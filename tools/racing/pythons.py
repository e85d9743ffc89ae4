"""The CPythons of this machine, and where the cache is."""

import collections
import glob
import os
import subprocess

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CACHE = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "jspy")
TARGETS = os.environ.get("JSPY_TARGETS") or os.path.join(CACHE, "targets")

# minor: "3.13"; version: "3.13.0"; path: what starts it.
Python = collections.namedtuple("Python", "minor version path")


def find(wanted):
    """A CPython for a minor ("3.13", "3.13t" free-threaded) or a whole version ("3.13.18"); None where there is none. One
    that is installed comes before one that was fetched."""
    number, flavour = (wanted[:-1], "t") if wanted.endswith("t") else (wanted, "")
    pattern = (number if number.count(".") > 1 else number + ".*[0-9]") + flavour
    for place in (
        os.path.expanduser("~/.pyenv/versions/%s/bin/python"),
        TARGETS + "/%s-debian/bin/python",
        TARGETS + "/%s-shared/bin/python",
        TARGETS + "/%s-built/bin/python",
    ):
        for path in sorted(glob.glob(place % pattern), key=os.path.getmtime):
            version = path.split("/")[-3].partition("-")[0]
            if works(path):
                return Python(".".join(version.split(".")[:2]) + flavour, version, path)
    return None


def works(path):
    return subprocess.run([path, "-c", "pass"], capture_output=True, check=False).returncode == 0


def commit():
    """The commit of jspy that is raced, with a + where its files have been changed since."""
    done = subprocess.run(["git", "-C", TOP, "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
