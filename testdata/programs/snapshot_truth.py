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
    """Prints the stacks of all threads as JSON, then "end". The caller's own is that of the call: it must park in the
    same line."""
    here = threading.get_ident()
    frames = sys._current_frames()
    threads = []
    for thread in threading.enumerate():
        frame = sys._getframe(1) if thread.ident == here else frames[thread.ident]
        threads.append({"name": thread.name, "frames": stack(frame)})
    threads.sort(key=lambda thread: thread["name"])
    told = {"python": sys.version.split()[0], "threads": threads}
    print(json.dumps(told, indent=1, separators=(",", ": "), sort_keys=True))
    print("end")
    sys.stdout.flush()
