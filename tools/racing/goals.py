"""The goals of the sampler, each held against what was measured: figure, and met, missed or not measured."""

import collections
import math

from racing import plan, specs, summary

Goal = collections.namedtuple("Goal", "what goal figure verdict")

JSPY, NONBLOCKING, BLOCKING = "jspy", "jspy --nonblocking", "jspy --blocking"
SAMPLER = "jspy-sampler"
MODES = (JSPY, NONBLOCKING, BLOCKING)
# A target that waits for so much of the time without a profiler: the machine is too busy to measure waiting.
MOST_STILL_PERCENT = 3.0
BUSY = "the machine was busy: the target lost more than %g %% of its time by itself" % MOST_STILL_PERCENT
MET, MISSED, NOT_MEASURED = "met", "**missed**", "not measured"


def judged(heats, more):
    cells = summary.cells(heats)
    goals = [impossible(cells)]
    goals += proved(cells)
    goals += shares(cells)
    goals += waiting(heats, cells)
    goals += cpu(heats, cells)
    goals += fastest(heats, cells)
    goals += crowds(heats, cells)
    goals += deep(cells)
    goals += reads(more["syscalls"])
    goals.append(above_loop(more["floor"]))
    goals.append(reused(cells))
    goals += starts(more["dumps"])
    goals.append(memory(cells))
    return goals


def impossible(cells):
    ours = [cell for key, cell in good(cells, profiler=JSPY)]
    stacks = sum(cell["proved"] for cell in ours)
    found = sum(cell["impossible"] for cell in ours)
    figure = "%d in %s" % (found, format(stacks, ",d"))
    verdict = NOT_MEASURED if not stacks else MISSED if found else MET if stacks >= 1_000_000 else "none found, fewer samples"
    return Goal("impossible stacks of `jspy` (proved)", "0 in 1,000,000", figure, verdict)


def proved(cells):
    one = [(key, cell) for key, cell in good(cells, profiler=JSPY) if is_one_thread(key) and key[2] in (100, 1000)]
    several = [
        (key, cell)
        for key, cell in good(cells, profiler=JSPY)
        if not is_one_thread(key) and key[2] in (100, 1000) and not key[1].startswith("200 ")
    ]
    many = [pair for pair in several if not pair[0][0].endswith("t")]
    free = [pair for pair in several if pair[0][0].endswith("t")]
    goals = []
    for name, found, least in (
        ("one thread", one, 99.9),
        ("up to 31 threads", many, 99.0),
        ("free-threaded, all stacks", free, 95.0),
    ):
        worst = min(found, key=lambda pair: pair[1]["proved_percent"], default=None)
        figure = "%.2f %% at the least (%s)" % (worst[1]["proved_percent"], place(worst[0])) if worst else ""
        verdict = NOT_MEASURED if not worst else MET if worst[1]["proved_percent"] >= least else MISSED
        goals.append(Goal("proved at 100 Hz and 1 kHz, " + name, "≥ %g %%" % least, figure, verdict))
    return goals


def shares(cells):
    goals = []
    for mode in MODES:
        found = [
            (abs(cell["share_percent"] - specs.TRUTH[2]), key, cell)
            for key, cell in good(cells, profiler=mode)
            if cell.get("share_percent") is not None and key[2] < plan.MAX_RATE
        ]
        # While the target waits for its core, sample after sample sees one and the same moment.
        quiet = [each for each in found if each[2]["still_percent"] <= MOST_STILL_PERCENT]
        if not quiet:
            why = BUSY if found else ""
            goals.append(Goal("share error of `%s` on truth, 70:30" % mode, "≤ 1 point", why, NOT_MEASURED))
            continue
        found = quiet
        with_, all_ = sum(c["share_with"] for _, _, c in found), sum(c["share_samples"] for _, _, c in found)
        error = abs(100 * with_ / all_ - specs.TRUTH[2])
        deviation = 100 * math.sqrt(0.7 * 0.3 / all_)
        worst = max(found, key=lambda each: each[0])
        figure = "%.2f points over all (± %.2f by chance), %.2f at the most (%s, %s samples)" % (
            error, deviation, worst[0], place(worst[1]), format(worst[2]["share_samples"], ",d")
        )  # fmt: skip
        goals.append(
            Goal("share error of `%s` on truth, 70:30" % mode, "≤ 1 point", figure, MET if error <= 1 else MISSED)
        )
    return goals


def waiting(heats, cells):
    goals = []
    for rate in (100, 1000):
        name = "%d Hz" % rate if rate < 1000 else "1 kHz"
        goals.append(
            against(heats, cells, "the target's waiting at %s" % name, JSPY, "py-spy", rate, "off_us", 0.1, "≤ 1/10 of py-spy's")
        )
    goals.append(
        against(heats, cells, "the target's waiting at 1 kHz", JSPY, "bare timer wake", 1000, "off_us", 1.6, "≤ 1.6 of a bare wake")
    )
    return goals


def cpu(heats, cells):
    return [
        against(heats, cells, "CPU a sample at 1 kHz", JSPY, other, 1000, "cpu_us", limit, words)
        for other, limit, words in (
            ("py-spy", 1 / 10, "≤ 1/10 of py-spy"),
            ("austin", 1 / 3, "≤ 1/3 of austin"),
            ("Tachyon", 1 / 5, "≤ 1/5 of Tachyon"),
        )
    ]


def fastest(heats, cells):
    return [
        against(heats, cells, "highest rate", NONBLOCKING, other, plan.MAX_RATE, "reached", limit, words)
        for other, limit, words in (("austin", 2, "≥ 2 times austin"), ("Tachyon", 3, "≥ 3 times Tachyon"))
    ]


def crowds(heats, cells):
    goals = [
        against(heats, cells, "31 threads, highest rate", mode, "Tachyon", plan.MAX_RATE, "reached", 10, "≥ 10 times Tachyon", "31 ")
        for mode in (JSPY, NONBLOCKING)
    ]
    found = [(key, cell) for key, cell in good(cells, profiler=JSPY) if key[1].startswith("200 ") and key[2] == 100]
    worst = min(found, key=lambda pair: kept(pair[1]), default=None)
    figure = "%.1f Hz, %s (%s)" % (worst[1]["reached"], taken(worst[1]), place(worst[0])) if worst else ""
    verdict = NOT_MEASURED if not worst else MISSED if worst[1]["missed"] else MET
    return goals + [Goal("200 threads", "keeps 100 Hz: no sample due is left out", figure, verdict)]


def kept(cell):
    """Of the samples that were due: at random times, so that their number in a few seconds scatters by some percent."""
    return cell["samples"] / (cell["samples"] + cell["missed"])


def taken(cell):
    return "%.2f %% of %d due" % (100 * kept(cell), cell["samples"] + cell["missed"])


def deep(cells):
    found = [(key, cell) for key, cell in good(cells, profiler=JSPY) if key[1].startswith("deep 10000")]
    if not found:
        return [Goal("10,000 frames deep", "right at 100 Hz", "", NOT_MEASURED)]
    goals = []
    for key, cell in found:
        wrong = cell["impossible"] + cell["cut"] + cell["marked"]
        figure = "%.1f Hz, %s, %d of %d stacks cut, marked or impossible (%s)" % (
            cell["reached"], taken(cell), wrong, cell["whole"] + cell["marked"], place(key)
        )  # fmt: skip
        goals.append(
            Goal("10,000 frames deep", "right at 100 Hz", figure, MISSED if wrong or cell["missed"] else MET)
        )
    return goals


def reads(calls):
    """Those of the sampler alone: other threads read what tells names and whether codes are still the same."""
    found = [
        (call["reads_by_thread"].get(SAMPLER, call["reads"]), call)
        for call in calls
        if call["profiler"] == JSPY and call["by"] == "perf" and "reads" in call
    ]
    if not found:
        return [Goal("memory reads a sample, warm, `jspy`", "≤ 1.1", "", NOT_MEASURED)]
    worst, call = max(found, key=lambda pair: pair[0])
    figure = "%.3f (%s, %s; all threads: %.3f)" % (worst, call["target"], call["python"], call["reads"])
    return [Goal("memory reads a sample, warm, `jspy`", "≤ 1.1", figure, MET if worst <= 1.1 else MISSED)]


def above_loop(loop):
    what, goal = "read + proof + walk, 50 frames, `jspy`", "≤ 1.5 of a C loop of the same read"
    alone = (loop or {}).get("alone")
    if not alone:
        return Goal(what, goal, (loop or {}).get("reason", ""), NOT_MEASURED)
    ratio, line = alone
    figure = line.removeprefix("CPU: ")
    if loop.get("jspy_us"):
        figure += "; the whole sampling thread at its highest rate, switched to and fro: %.2f µs, C loop %.2f µs; %d ranges, %s bytes; %s" % (
            loop["jspy_us"], loop["loop_us"], loop["ranges"], format(loop["bytes"], ",d"), loop["python"]
        )  # fmt: skip
    return Goal(what, goal, figure, MET if ratio <= 1.5 else MISSED)


def reused(cells):
    what, goal = "a re-used code address, `jspy` on churn", "never a wrong name"
    found = [cell for key, cell in good(cells, profiler=JSPY) if key[1] == "churn"]
    if not found:
        return Goal(what, goal, "", NOT_MEASURED)
    wrong, whole = (sum(cell[name] for cell in found) for name in ("impossible", "whole"))
    marked = sum(cell["marked"] for cell in found)
    figure = "%d wrong of %s, %d marked" % (wrong, format(whole, ",d"), marked)
    return Goal(what, goal, figure, MISSED if wrong else MET)


def starts(dumps):
    found = [dump for dump in dumps if dump["profiler"] == JSPY and "wall_ms" in dump]
    worst = {name: max((dump[name] for dump in found), default=None) for name in ("wall_ms", "cpu_ms")}
    return [
        Goal(
            "a dump, `jspy`", "≤ %d ms %s" % (limit, words),
            "" if not found else "%.0f ms" % worst[name],
            NOT_MEASURED if not found else MET if worst[name] <= limit else MISSED,
        )
        for name, limit, words in (("wall_ms", 300, "by the clock, idle machine"), ("cpu_ms", 450, "of CPU"))
    ]  # fmt: skip


def memory(cells):
    """A few seconds only: what is too much after them is too much after ten minutes."""
    what, goal = "peak memory, `jspy`, one thread at 100 Hz and 1 kHz", "≤ 64 MB in ten minutes"
    found = [
        (cell["peak_kb"] / 1024, key) for key, cell in good(cells, profiler=JSPY) if is_one_thread(key) and key[2] < plan.MAX_RATE
    ]
    if not found:
        return Goal(what, goal, "", NOT_MEASURED)
    worst, key = max(found)
    figure = "%.0f MB after seconds (%s)" % (worst, place(key))
    return Goal(what, goal, figure, MISSED if worst > 64 else "not for so long")


# internals


def good(cells, profiler):
    return [(key, cell) for key, cell in cells.items() if key[3] == profiler and cell["rounds"]]


def is_one_thread(key):
    return any(spec.name == key[1] and spec.busy for spec in specs.ALL)


def against(heats, cells, what, ours, other, rate, name, limit, words, target=""):
    """A ratio to another's figure: the worst of all targets and Pythons where both ran."""
    is_speed = limit >= 1 and name == "reached"
    found, noisy = [], 0
    for key in cells:
        if key[3] == ours and key[2] == rate and key[1].startswith(target) and (target or is_one_thread(key)):
            ratio = summary.ratio(heats, key, key[:3] + (other,), name)
            if ratio is None:
                continue
            pair = cells[key], cells[key[:3] + (other,)]
            if name == "off_us" and any(is_noisy(cell) for cell in pair):
                noisy += 1
                continue
            found.append((ratio, key, pair[0][name], pair[1][name]))
    if not found:
        return Goal("%s, `%s`" % (what, ours), words, BUSY if noisy else "", NOT_MEASURED)
    worst = min(found) if is_speed else max(found)
    best = max(found) if is_speed else min(found)
    unit = "/s" if is_speed else " µs"
    figure = "%s (%s: %s%s against %s%s)" % (ratio_text(worst[0]), place(worst[1]), amount(worst[2]), unit, amount(worst[3]), unit)
    if len(found) > 1:
        figure += "; at best %s (%s)" % (ratio_text(best[0]), place(best[1]))
    is_met = worst[0] >= limit if is_speed else worst[0] <= limit
    return Goal("%s, `%s`" % (what, ours), words, figure, MET if is_met else MISSED)


def is_noisy(cell):
    """What other programs cost the target is more than what is to be measured."""
    return cell["still_percent"] > MOST_STILL_PERCENT or cell["off_us"] <= 0


def ratio_text(ratio):
    return "%.2f times" % ratio


def amount(value):
    return format(value, ",.0f") if abs(value) >= 100 else "%.1f" % value


def place(key):
    return "%s, %s" % (key[1], key[0])
