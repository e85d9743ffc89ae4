"""The results as Markdown and JSON."""

import json
import os

from racing import goals, plan, summary


def write(folder, name, about, heats, calls, loop):
    """The paths of the two files."""
    os.makedirs(folder, exist_ok=True)
    paths = [os.path.join(folder, name + ending) for ending in (".md", ".json")]
    with open(paths[0], "w", encoding="utf-8") as file:
        file.write(markdown(about, heats, calls, loop))
    with open(paths[1], "w", encoding="utf-8") as file:
        json.dump(dict(about, heats=[rounded(heat) for heat in heats], syscalls=calls, floor=loop), file, indent=1)
        file.write("\n")
    return paths


def markdown(about, heats, calls, loop):
    parts = [head(about, heats)]
    parts.append(table(("what", "goal", "measured", ""), [list(goal) for goal in goals.judged(heats, calls, loop)]))
    cells = summary.cells(heats)
    for python, target, rate in dict.fromkeys(key[:3] for key in cells):
        here = {key[3]: cell for key, cell in cells.items() if key[:3] == (python, target, rate)}
        version = next((heat["version"] for heat in heats if heat["python"] == python and "version" in heat), python)
        parts.append("## %s, CPython %s, %s\n" % (target, version, rate_text(rate)))
        parts.append(table(COLUMNS, [row(name, cell, heats, (python, target, rate)) for name, cell in here.items()]))
        wrong = examples(heats, (python, target, rate))
        if wrong:
            parts.append("Stacks that cannot be, for example:\n\n" + "\n".join("- `%s`: %s" % pair for pair in wrong) + "\n")
    if calls:
        parts.append("## System calls a sample (%s, runs of their own, 100 Hz)\n" % calls[0]["by"])
        parts.append(table(("target", "profiler", "all", "process_vm_readv", "most"), [call_row(call) for call in calls]))
    return "\n".join(parts)


def head(about, heats):
    loads = [heat["load"] for heat in heats if "load" in heat]
    load = "load %.1f to %.1f" % (min(loads), max(loads)) if loads else ""
    lines = [
        "# Race of %s" % about["date"],
        "",
        "`%s`, in %d s. jspy %s; py-spy %s, austin %s, Tachyon: the target's own 3.15. %s; %s."
        % (
            about["command"], about["seconds"], about["jspy"], about["peers"]["py-spy"], about["peers"]["austin"],
            about["machine"], load,
        ),  # fmt: skip
        "",
        "How it is measured and what the columns mean: [README.md](README.md). Medians over the rounds; counts over all of them.",
        "",
        "## Goals",
        "",
    ]
    return "\n".join(lines)


COLUMNS = (
    "profiler", "reached /s", "CPU µs a sample", "target waits µs a sample", "of it stopped", "to a bare wake", "impossible in 100,000",
    "wrong line in 100,000", "marked", "share (true 70)", "peak MB", "remarks",
)  # fmt: skip


def row(name, cell, heats, where):
    if not cell["rounds"]:
        return [name] + ["–"] * (len(COLUMNS) - 2) + [cell["reason"]]
    whole, marked = cell["whole"], cell["marked"]
    is_noisy = cell["off_us"] is not None and goals.is_noisy(cell)
    ratio = None if is_noisy else summary.ratio(heats, where + (name,), where + ("bare timer wake",), "off_us")
    share = cell["share_percent"]
    return [
        name,
        number(cell["reached"]),
        number(cell["cpu_us"]),
        number(cell["off_us"]),
        number(cell["stopped_us"]),
        "" if ratio is None else "%.1f" % ratio,
        per_100000(cell["impossible"], whole),
        per_100000(cell["misplaced"], whole),
        "" if not whole + marked else "%.2f %%" % (100 * marked / (whole + marked)) if marked else "0",
        "" if share is None else "%.1f %%" % share,
        "" if cell["peak_kb"] is None else "%.0f" % (cell["peak_kb"] / 1024),
        "; ".join(remarks(cell)),
    ]


def remarks(cell):
    if cell["off_us"] is not None and goals.is_noisy(cell):
        yield "waiting is noise: the target lost %.0f %% of its time before and after" % cell["still_percent"]
    if cell.get("proved_percent") is not None:
        yield "%.2f %% proved" % cell["proved_percent"]
    if len(cell["by_thread_us"]) > 1:
        most = sorted(cell["by_thread_us"].items(), key=lambda pair: -pair[1])[:4]
        yield "CPU: " + ", ".join("%s %.1f" % pair for pair in most)
    if cell["errors"]:
        yield "%.1f %% of its samples failed" % (100 * cell["errors"] / (cell["errors"] + cell["samples"]))
    if cell.get("missed"):
        yield "%d missed" % cell["missed"]
    if cell.get("lost"):
        yield "%d lost" % cell["lost"]
    if cell["cut"]:
        yield "%d stacks cut without a word" % cell["cut"]
    if cell["shims"]:
        yield "%d stacks show an inner frame of the interpreter" % cell["shims"]
    if cell["marked_impossible"]:
        yield "%d impossible before their mark" % cell["marked_impossible"]
    if cell["failed"]:
        yield "%d rounds without: %s" % (cell["failed"], cell["reason"])


def call_row(call):
    place = "%s, %s" % (call["target"], call["python"])
    if "reason" in call:
        return [place, call["profiler"], "–", "–", call["reason"]]
    most = ", ".join("%s %.2f" % pair for pair in call["most"].items())
    return [place, call["profiler"], "%.2f" % call["all"], "%.3f" % call["reads"], most]


def examples(heats, where):
    found = []
    for heat in heats:
        if (heat["python"], heat["target"], heat["rate"]) == where and heat.get("examples"):
            if heat["profiler"] not in [name for name, _ in found]:
                found.append((heat["profiler"], heat["examples"][0].replace("|", "\\|")))
    return found


def line(heat):
    """A heat in one line, for whoever waits."""
    if "reason" in heat:
        return "%s: %s" % (heat["profiler"], heat["reason"])
    text = "%-22s %8.1f/s  cpu %7.1f us" % (heat["profiler"], heat["reached"], heat["cpu_us"])
    if "off_us" in heat:
        text += "  waits %7.1f us" % heat["off_us"]
    if len(heat["by_thread_us"]) > 1:
        most = sorted(heat["by_thread_us"].items(), key=lambda pair: -pair[1])[:4]
        text += "  (%s)" % ", ".join("%s %.1f" % pair for pair in most)
    return text + "  impossible %d of %d, marked %d" % (heat.get("impossible", 0), heat.get("whole", 0), heat.get("marked", 0))


# internals


def table(columns, rows):
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return "\n".join(lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in each) + " |" for each in rows]) + "\n"


def rate_text(rate):
    return "as fast as it can" if rate >= plan.MAX_RATE else "%s Hz" % format(rate, ",d")


def number(value):
    return "" if value is None else format(value, ",.0f") if abs(value) >= 1000 else "%.1f" % value


def per_100000(count, whole):
    return "" if not whole else "%d of %s" % (count, format(whole, ",d")) if not count else "%s (%d)" % (number(1e5 * count / whole), count)


def rounded(heat):
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in heat.items()}
