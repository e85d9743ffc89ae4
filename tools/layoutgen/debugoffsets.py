#!/usr/bin/env python3
"""Cuts _Py_DebugOffsets out of a binary of CPython 3.13+.

ELF, Mach-O or PE: it is plain initialised data.

debugoffsets.py FILE -o testdata/layouts/debugoffsets/3.13.0-linux-x86_64.bin
"""

import argparse
import struct
import sys

BYTES = {13: 584, 14: 760, 15: 888}


def find(data):
    """The table's bytes; the cookie also stands elsewhere: a version and 0 or 1 must follow."""
    at = data.find(b"xdebugpy")
    while at >= 0:
        if at + 24 <= len(data):
            version, free_threaded = struct.unpack_from("<QQ", data, at + 8)
            minor = version >> 16 & 0xFF
            if version >> 24 == 3 and minor in BYTES and free_threaded in (0, 1):
                return data[at : at + BYTES[minor]]
        at = data.find(b"xdebugpy", at + 1)
    sys.exit("no _Py_DebugOffsets found")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("file")
    parser.add_argument("-o", "--output", required=True)
    options = parser.parse_args()
    with open(options.file, "rb") as file:
        table = find(file.read())
    with open(options.output, "wb") as out:
        out.write(table)


if __name__ == "__main__":
    main()
