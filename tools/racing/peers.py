"""Installs the other profilers into the cache: py-spy and austin from PyPI, Tachyon with Debian's CPython 3.15."""

import glob
import os
import platform
import subprocess
import sys
import tempfile
import time
import zipfile

from racing import pythons

PEERS = os.path.join(pythons.CACHE, "peers")
# Pinned: a race of today and one of next year use the same.
PYSPY_VERSION = "0.4.3"
AUSTIN_VERSION = "4.0.0"
# The first C library that austin's wheel for glibc runs on.
AUSTIN_GLIBC = (2, 38)
# For so long at most jspy may be at making its cache.
WARM_SECONDS = 60


class Missing(Exception):
    """A peer that cannot be had here; the message is the reason."""


def py_spy():
    """Its path."""
    path = os.path.join(PEERS, "py-spy-" + PYSPY_VERSION, "bin", "py-spy")
    if not os.path.exists(path):
        pip("install", "--no-deps", "--target", os.path.dirname(os.path.dirname(path)), "py-spy==" + PYSPY_VERSION)
    return [path]


def austin():
    """What starts it: the program alone, or musl's loader before it."""
    folder = os.path.join(PEERS, "austin-" + AUSTIN_VERSION)
    is_musl = glibc() < AUSTIN_GLIBC
    found = glob.glob(os.path.join(folder, "*.data", "scripts", "austin"))
    if not found:
        platforms = ["--platform", "musllinux_1_1_x86_64", "--only-binary=:all:"] if is_musl else []
        pip("download", "--no-deps", "--dest", folder, *platforms, "austin-dist==" + AUSTIN_VERSION)
        (wheel,) = glob.glob(os.path.join(folder, "*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
        found = glob.glob(os.path.join(folder, "*.data", "scripts", "austin"))
        os.chmod(found[0], 0o755)
    return ([musl_loader()] if is_musl else []) + found


def tachyon():
    """The CPython 3.15 that has profiling.sampling."""
    found = pythons.find("3.15")
    if found is None:
        subprocess.run([os.path.join(pythons.TOP, "tools/targets/fetch-debian"), "3.15"], check=False)
        found = pythons.find("3.15")
    if found is None:
        raise Missing("no CPython 3.15: tools/targets/fetch-debian could not fetch it")
    return [found.path, "-m", "profiling.sampling"]


def compiled(source):
    """A C program of this folder, in the cache."""
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), source)
    program = os.path.join(PEERS, os.path.basename(source)[:-2])
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        os.makedirs(PEERS, exist_ok=True)
        run(["cc", "-O2", "-Wall", "-o", program, source])
    return program


def warm_jspy(start):
    """Lets jspy build itself and make its cache of loaded classes, so that neither happens while something is measured."""
    with tempfile.TemporaryDirectory() as folder:
        program = [sys.executable, "-c", "import time\nend = time.time() + 60\nwhile time.time() < end: pass"]
        run([start, "record", "-d", "0.5", "--kill", "-o", os.path.join(folder, "warm.svg"), "--", *program])
    end = time.time() + WARM_SECONDS
    while time.time() < end:
        newest = max(glob.glob(os.path.join(pythons.CACHE, "run", "*", "")), key=os.path.getmtime, default=None)
        if newest is None or os.path.exists(newest + "jspy.aot") or not os.path.exists(newest + "training"):
            return
        time.sleep(0.5)


def jspy():
    """This checkout's, or that of the variable JSPY."""
    return os.environ.get("JSPY") or os.path.join(pythons.TOP, "tools", "jspy")


def with_packages(python, packages):
    """What starts a Python that has these packages of PyPI: itself, or one of an environment in the cache."""
    if not packages:
        return None
    folder = os.path.join(PEERS, "venv-%s-%s" % (python.version, "-".join(packages)))
    path = os.path.join(folder, "bin", "python")
    if not os.path.exists(os.path.join(folder, "complete")):
        run([python.path, "-m", "venv", "--clear", folder])
        run([path, "-m", "pip", "--quiet", "--disable-pip-version-check", "install", "--only-binary=:all:", *packages])
        with open(os.path.join(folder, "complete"), "w", encoding="utf-8"):
            pass
    return [path]


def glibc():
    name, version = platform.libc_ver()
    return tuple(int(part) for part in version.split(".")[:2]) if name == "glibc" else (0, 0)


# internals


def musl_loader():
    installed = "/lib/ld-musl-x86_64.so.1"
    if os.path.exists(installed):
        return installed
    folder = os.path.join(PEERS, "musl")
    loader = os.path.join(folder, "lib", os.path.basename(installed))
    if not os.path.exists(loader):
        os.makedirs(folder, exist_ok=True)
        run(["apt-get", "-q", "download", "musl"], folder)
        run(["dpkg", "-x", glob.glob(os.path.join(folder, "musl_*.deb"))[0], folder])
    return loader


def pip(*arguments):
    os.makedirs(PEERS, exist_ok=True)
    run([sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments])


def run(command, folder=None):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as problem:
        raise Missing("%s: %s" % (command[0], problem)) from problem
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["exit code %d" % done.returncode])[-1]
        raise Missing("%s: %s" % (" ".join(command[:4]), last))
    return done.stdout
