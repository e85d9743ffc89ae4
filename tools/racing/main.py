"""The command line of tools/race."""

import argparse
import datetime
import os
import sys
import tempfile
import time

from racing import floor, goals, heat, judge, peers, plan, proc, profilers, pythons, report, specs, syscalls, target

HELP = """Races jspy against py-spy, austin and CPython 3.15's own profiling.sampling (Tachyon): the same programs, in turn,
several rounds. Installs the peers into the cache. Writes DATE.md and DATE.json into docs/race."""


def main():
    options = arguments()
    groups = chosen(options)
    field, absent = starters(options.profiler)
    began = time.monotonic()
    heats = []
    for number, group in enumerate(groups, 1):
        say("group %d of %d: %s on %s at %s Hz" % (number, len(groups), group.target, group.python, group.rate))
        heats += raced(group, field, absent, options.seconds)
    ours = next((each for each in field if each.name == goals.JSPY), None)
    loop = floor.measured(ours, plan.HERE, "deep 50") if ours and not options.no_strace else None
    calls = [] if options.no_strace else syscalls.counted(field, options.quick, say)
    about = {
        "date": datetime.date.today().isoformat(),
        "seconds": round(time.monotonic() - began),
        "machine": proc.machine(),
        "load": proc.load(),
        "jspy": pythons.commit(),
        "peers": {"py-spy": peers.PYSPY_VERSION, "austin": peers.AUSTIN_VERSION},
        "command": " ".join(["tools/race", *sys.argv[1:]]),
        "absent": absent,
    }
    paths = report.write(options.out, options.name or about["date"], about, heats, calls, loop)
    with open(paths[0], encoding="utf-8") as file:
        print(file.read())
    say("wrote " + " and ".join(os.path.relpath(path) for path in paths))


def raced(group, field, absent, seconds):
    """All rounds of a group. Whoever cannot run has the reason in its place."""
    spec = specs.exactly(group.target)
    common = {"target": spec.name, "rate": group.rate, "python": group.python}
    wanted = [each for each in profilers.every() if group.profilers is None or each.name in group.profilers]
    names = [each.name for each in wanted]
    heats = [dict(common, profiler=name, round=0, reason=why) for name, why in absent.items() if name in names]
    running = [each for each in field if each.name in names]
    python = pythons.find(group.python)
    if python is None:
        return heats + [dict(common, profiler=each.name, round=0, reason="no such Python here") for each in running]
    rules = specs.rules(spec)
    with tempfile.TemporaryDirectory() as folder:
        try:
            command = peers.with_packages(python, spec.packages)
            with target.Target(python, spec, command) as program:
                before = heat.undisturbed(program, heat.REST_SECONDS * 2)
                for turn in range(group.rounds):
                    # Nobody always comes first.
                    at = turn % len(running) if running else 0
                    for profiler in running[at:] + running[:at]:
                        figures = heat.run(profiler, program, group.rate, seconds, folder, before)
                        before = figures.pop("after", before)
                        if "stacks" in figures:
                            figures.update(judge.judge(figures.pop("stacks"), rules, spec))
                        figures.update(common, version=python.version, profiler=profiler.name, round=turn, load=proc.load())
                        heats.append(figures)
                        say("  " + report.line(figures))
                        if not program.is_alive():
                            raise RuntimeError("%s ended while %s looked at it" % (spec.name, profiler.name))
        except (RuntimeError, peers.Missing) as problem:
            say("  " + str(problem))
            ran = {each["profiler"] for each in heats}
            heats += [
                dict(common, profiler=each.name, round=0, reason=str(problem)) for each in running if each.name not in ran
            ]
    return heats


# internals


def arguments():
    parser = argparse.ArgumentParser(prog="tools/race", description=HELP)
    parser.add_argument("--quick", action="store_true", help="what matters most, under five minutes")
    parser.add_argument("--python", action="append", help="such as 3.13 or 3.13.18; may be repeated (then not the whole plan)")
    parser.add_argument("--target", action="append", help="targets whose name begins so; may be repeated; see --list")
    parser.add_argument("--rate", action="append", type=int, help="samples a second (1000); %d is as fast as it can" % plan.MAX_RATE)
    parser.add_argument("--profiler", action="append", help="such as jspy or 'py-spy --nonblocking'; may be repeated")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.5, help="of the steady state that is measured (2.5)")
    parser.add_argument("--no-strace", action="store_true", help="leaves out what strace is needed for")
    parser.add_argument("--out", default=os.path.join(pythons.TOP, "docs", "race"), help="the folder of the results")
    parser.add_argument("--name", help="of the two files (the date)")
    parser.add_argument("--list", action="store_true", help="the targets and profilers there are")
    options = parser.parse_args()
    if options.list:
        print("targets: " + ", ".join(each.name for each in specs.ALL))
        print("profilers: " + ", ".join(each.name for each in profilers.every()))
        sys.exit(0)
    return options


def chosen(options):
    if options.python or options.target or options.rate or options.profiler and not options.quick:
        return plan.asked(
            options.python or ["3.13"], options.target, options.rate or [1000], options.profiler, options.rounds
        )
    return plan.quick() if options.quick else plan.whole()


def starters(names):
    """The profilers that are here, and why the others are not."""
    field, absent = [], {}
    for profiler in profilers.every():
        if names and profiler.name not in names:
            continue
        try:
            profiler.prepare()
            field.append(profiler)
        except peers.Missing as problem:
            absent[profiler.name] = str(problem)
            say("without %s: %s" % (profiler.name, problem))
    return field, absent


def say(text):
    print("race: " + text, file=sys.stderr, flush=True)
