"""What a program that is captured says of its own stacks: the truth that a snapshot's replay is held against."""

import json
import sys
import threading


def stack(frame):
    """Function, file and line of each frame, leaf first."""
    frames = []
    while frame is not None:
        code = frame.f_code
        name = getattr(code, "co_qualname", code.co_name)
        frames.append({"function": name, "file": code.co_filename, "line": frame.f_lineno})
        frame = frame.f_back
    return frames


def tell():
    """Prints the stacks of all threads as JSON, a frame a line, then "end". The caller's own is that of the call: it
    must park in the same line."""
    here = threading.current_thread().ident
    frames = sys._current_frames()
    threads = []
    for thread in threading.enumerate():
        frame = sys._getframe(1) if thread.ident == here else frames[thread.ident]
        lines = ",\n   ".join(json.dumps(told, sort_keys=True) for told in stack(frame))
        threads.append(' {"name": %s, "frames": [\n   %s]}' % (json.dumps(thread.name), lines))
    flavour = "t" if "t" in getattr(sys, "abiflags", "") else ""
    version = json.dumps(sys.version.split()[0] + flavour)
    print('{"python": %s, "threads": [\n%s]}\nend' % (version, ",\n".join(sorted(threads))))
    sys.stdout.flush()
