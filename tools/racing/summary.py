"""From heats to cells: medians over the rounds, counts over all of them."""

import collections
import statistics

MEDIANS = ("reached", "cpu_us", "off_us", "delay_us", "stopped_us", "off_percent", "still_percent", "peak_kb")
SUMS = ("samples", "errors", "whole", "marked", "impossible", "misplaced", "marked_impossible", "cut", "shims", "share_with", "share_without")


def cells(heats):
    """{(python, target, rate, profiler): figures}, in the order in which they were first run."""
    groups = collections.OrderedDict()
    for heat in heats:
        groups.setdefault((heat["python"], heat["target"], heat["rate"], heat["profiler"]), []).append(heat)
    return collections.OrderedDict((key, cell(group)) for key, group in groups.items())


def cell(heats):
    """Figures of the rounds that gave some; the reason where none did."""
    good = [heat for heat in heats if "reason" not in heat]
    found = {"rounds": len(good), "failed": len(heats) - len(good)}
    if len(good) < len(heats):
        found["reason"] = next(heat["reason"] for heat in heats if "reason" in heat)
    if not good:
        return found
    for name in MEDIANS:
        values = [heat[name] for heat in good if heat.get(name) is not None]
        found[name] = statistics.median(values) if values else None
    for name in SUMS:
        found[name] = sum(heat.get(name, 0) for heat in good)
    whole, share = found["whole"], found["share_with"] + found["share_without"]
    found["impossible_per_100000"] = found["impossible"] / whole * 1e5 if whole else None
    found["misplaced_per_100000"] = found["misplaced"] / whole * 1e5 if whole else None
    found["share_percent"] = found["share_with"] / share * 100 if share else None
    found["share_samples"] = share
    names = {name for heat in good for name in heat.get("by_thread_us", ())}
    found["by_thread_us"] = {
        name: statistics.median(heat["by_thread_us"].get(name, 0) for heat in good) for name in sorted(names)
    }
    facts = [heat["facts"] for heat in good if heat.get("facts")]
    if facts:
        stacks = sum(fact["stacks"] for fact in facts)
        found["proved"] = sum(fact["proved"] for fact in facts)
        found["proved_percent"] = 100 * found["proved"] / stacks if stacks else None
        for name in ("torn", "truncated", "unreadable", "lost", "missed", "late", "retried"):
            found[name] = sum(fact[name] or 0 for fact in facts)
    return found


def ratio(heats, key, other, name):
    """The median over the rounds of how often the one's figure goes into the other's, in the same round; None where
    there is no round in which both have it. Each round is one run of the machine: only ratios within it count."""
    rounds = collections.defaultdict(dict)
    for heat in heats:
        where = (heat["python"], heat["target"], heat["rate"])
        for wanted in (key, other):
            if where + (heat["profiler"],) == wanted and heat.get(name) is not None:
                rounds[heat["round"]][wanted] = heat[name]
    ratios = [pair[key] / pair[other] for pair in rounds.values() if len(pair) == 2 and pair[other]]
    return statistics.median(ratios) if ratios else None
