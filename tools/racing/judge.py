"""Holds a profiler's stacks against what the target can do."""

EXAMPLES = 3


def judge(stacks, rules, spec):
    """Counts of samples of one thread each. Marked stacks say that they are not whole: they count for the share as far
    as they go, and their certain part is held against the rules by itself."""
    found = {
        "whole": 0, "marked": 0, "impossible": 0, "misplaced": 0, "marked_impossible": 0, "cut": 0, "shims": 0,
        "share_with": 0, "share_without": 0, "examples": [],
    }  # fmt: skip
    for stack in stacks:
        if any(is_shim(frame) for frame in stack.frames):
            found["shims"] += stack.count
            stack = stack._replace(frames=tuple(frame for frame in stack.frames if not is_shim(frame)))
        reason = rules.impossible(stack.frames) if rules else None
        if stack.mark:
            found["marked"] += stack.count
            if reason and stack.frames:
                found["marked_impossible"] += stack.count
        else:
            found["whole"] += stack.count
            if reason:
                found["impossible"] += stack.count
                example(found, "%s: %s" % (reason, shown(stack)))
            elif rules and rules.misplaced(stack.frames):
                found["misplaced"] += stack.count
                example(found, "%s: %s" % (rules.misplaced(stack.frames), shown(stack)))
            elif spec.frames and is_cut(stack, spec):
                found["cut"] += stack.count
        if spec.share:
            names = {frame.function.rpartition(".")[2] for frame in stack.frames}
            found["share_with"] += stack.count if spec.share[0] in names else 0
            found["share_without"] += stack.count if spec.share[1] in names else 0
    return found


# internals


def is_shim(frame):
    """Not a function of the program: what the interpreter puts under a call of a class, from 3.13 on. Showing it is a
    blemish of its own, not a mix of two moments."""
    return frame.function == "__init__" and frame.file == "__init__"


def is_cut(stack, spec):
    """Frames are missing, without a word."""
    name, often = spec.frames
    seen = sum(1 for frame in stack.frames if frame.function == name)
    return seen not in (0, often)


def example(found, text):
    if len(found["examples"]) < EXAMPLES:
        found["examples"].append(text)


def shown(stack):
    frames = ["%s:%d" % (frame.function, frame.line) for frame in stack.frames]
    if len(frames) > 12:
        frames = frames[:4] + ["... %d more ..." % (len(frames) - 10)] + frames[-6:]
    return ";".join(frames)
