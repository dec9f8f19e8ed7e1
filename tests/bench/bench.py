#!/usr/bin/env python3
"""Measures the agent, and in the same run the floors that it stands on. docs/performance.md tells
what each figure means.

usage: NSCP_BIN_DIR=build/bin tests/bench/bench.py [--quick] [--only NAME] ...

Exit code 1 means that something failed; being slow is no failure.
"""
import argparse
import datetime
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import agent_figures as figures  # noqa: E402
import report  # noqa: E402
import system  # noqa: E402
from programs import BenchError, Floor  # noqa: E402
from subjects import CONNECTIONS, GROUPS, Plan, measure_group  # noqa: E402
from support.agent import BIN  # noqa: E402

OWN = ("start", "memory", "idle", "load_module", "settings_set")
NAMES = OWN + tuple(s.name for group in GROUPS for s in group.subjects)
# CPU is counted in steps of 10 ms, for each of seven processes.
IDLE_SECONDS = 60.0
QUICK_IDLE_SECONDS = 2.0
TIMES = 10
QUICK_TIMES = 2


def numbers_of_connections(text):
    """The agent lets one address have 256 connections."""
    numbers = tuple(int(part) for part in text.split(","))
    if not all(1 <= number <= 256 for number in numbers):
        raise ValueError
    return numbers


def positive(kind):
    def read(text):
        value = kind(text)
        if value <= 0:
            raise ValueError
        return value
    read.__name__ = f"positive {kind.__name__}"
    return read


def arguments():
    parser = argparse.ArgumentParser(description="Measures the agent and its floors.")
    parser.add_argument("--quick", action="store_true",
                        help="one run of 1 s instead of 5 of 5 s: to see that all works")
    parser.add_argument("--only", action="append", metavar="NAME",
                        help="what begins with NAME; again for more: " + ", ".join(NAMES))
    parser.add_argument("--connections", type=numbers_of_connections, default=CONNECTIONS,
                        help="numbers of connections, 1,8,64 unless told otherwise")
    parser.add_argument("--runs", type=positive(int), help="runs of each figure")
    parser.add_argument("--seconds", type=positive(float), help="length of a run")
    parser.add_argument("--load-threads", type=int, choices=(1, 2), default=1,
                        help="threads of the load program (%(default)s)")
    parser.add_argument("--json", metavar="FILE",
                        help="where the figures go (bench.json in the build folder)")
    options = parser.parse_args()
    for only in options.only or ():
        if not any(name.startswith(only) for name in NAMES):
            parser.error(f"nothing begins with {only}: {', '.join(NAMES)}")
    return options


def wanted(options, name):
    return not options.only or any(name.startswith(only) for only in options.only)


def make_plan(options):
    quick = options.quick
    return Plan(runs=options.runs or (1 if quick else 5),
                seconds=options.seconds or (1.0 if quick else 5.0),
                warmup=0.1 if quick else 0.5, connections=options.connections,
                load_threads=options.load_threads)


def build():
    """How the programs were built, as CMake remembers it."""
    cache = dict(line.split("=", 1)
                 for line in system.read(os.path.join(BIN, "..", "CMakeCache.txt")).splitlines()
                 if "=" in line and not line.startswith(("#", "//")))
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True,
                            text=True, check=False, cwd=os.path.dirname(__file__) or ".")
    return {"type": cache.get("CMAKE_BUILD_TYPE:STRING", "unknown"),
            "sanitize": cache.get("NSCP_SANITIZE:STRING", ""), "commit": commit.stdout.strip()}


def say(*lines):
    print(*lines, sep="\n", flush=True)


def measure_at_rest(options, agent, roles, results):
    if not (wanted(options, "memory") or wanted(options, "idle")):
        return
    figures.settle(roles)
    if wanted(options, "memory"):
        results["memory_idle"] = figures.measure_memory(roles)
        say("", *report.memory_lines("idle", results["memory_idle"]))
    if wanted(options, "idle"):
        seconds = QUICK_IDLE_SECONDS if options.quick else IDLE_SECONDS
        results["idle"] = idle = figures.measure_idle(roles, seconds)
        each = ", ".join(f"{role} {share}" for role, share in idle["each"].items())
        say("", f"idle: {idle['percent']} % of a core over {seconds:g} s ({each})")


def measure_requests(options, agent, results):
    plan = make_plan(options)
    present = figures.module_names()
    rows = results["rows"] = []
    groups = [(group, [s for s in group.subjects if wanted(options, s.name)])
              for group in GROUPS]
    groups = [(group, subjects) for group, subjects in groups if subjects]
    if not groups:
        return
    roles = figures.roles_of(agent)
    say("", f"requests: medians of {plan.runs} runs of {plan.seconds:g} s; load = the load "
        "program's CPU, others = of all who have no part (cores)", report.header())
    with tempfile.TemporaryDirectory(prefix="nscp-bench-", dir="/tmp") as folder, \
            Floor(folder) as floor:
        for group, subjects in groups:
            if group.module and group.module not in present:
                say(f"{group.name}: skipped, the module {group.module} is not built")
                results["skipped"].append(group.name)
                continue
            rows += measure_group(agent, roles, floor, group, subjects, plan,
                                  lambda row: say(report.row_line(row, plan.load_threads)))
    if wanted(options, "memory"):
        results["memory_after"] = figures.measure_memory(roles)
        say("", *report.memory_lines("after the load", results["memory_after"]))


def measure_set(options, agent, service, times, results):
    if not wanted(options, "settings_set"):
        return
    found = results.setdefault("settings_set", {})
    found[service] = figures.measure_set(agent, times)
    say("", report.timing_line(f"nscp settings --set, the service {service}", found[service]))


def measure(options, results):
    times = QUICK_TIMES if options.quick else TIMES
    with figures.make_agent() as agent:
        figures.hash_password(agent)
        if wanted(options, "start"):
            results["start"] = figures.measure_start(agent, times)
            say("", report.timing_line(f"start to the first answered check, "
                                       f"{results['start']['modules']} modules",
                                       results["start"]))
        measure_set(options, agent, "stopped", times, results)
        agent.start()
        measure_at_rest(options, agent, figures.roles_of(agent), results)
        if wanted(options, "load_module") and figures.LOADED in figures.module_names():
            results["load_module"] = figures.measure_load_module(agent, times)
            say("", report.timing_line(f"loading {figures.LOADED} over REST",
                                       results["load_module"]))
        measure_set(options, agent, "running", times, results)
        measure_requests(options, agent, results)


def finish(options, results):
    results["machine_after"] = system.look_around()
    say("", *report.busy_lines(results["machine_after"], "at the end"))
    results["targets"] = report.targets(results)
    if results["targets"]:
        say("", *(report.target_line(target) for target in results["targets"]))
    path = options.json or os.path.join(BIN, "..", "bench.json")
    with open(path, "w", encoding="utf-8") as f:
        json.dump(results, f, indent=1)
        f.write("\n")
    say("", f"written: {os.path.normpath(path)}")


def interrupt(*_):
    """Once: what follows is cleaning up, which nobody is to interrupt."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main():
    options = arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    built = build()
    results = {"date": datetime.datetime.now(datetime.timezone.utc).isoformat("T", "seconds"),
               "quick": options.quick, "build": built, "machine": system.machine(),
               "skipped": [], "machine_before": system.look_around()}
    machine = results["machine"]
    say(f"{machine['cores']} cores, {machine['cpu']}, Linux {machine['kernel']}; "
        f"build {built['type']} {built['commit']}",
        *report.busy_lines(results["machine_before"], "at the start"))
    if built["type"] not in ("Release", "RelWithDebInfo") or built["sanitize"]:
        say("WARNING: this is no release build; the figures mean little")
    try:
        measure(options, results)
        finish(options, results)
    except KeyboardInterrupt:
        say("", "interrupted")
        return 130
    except (BenchError, AssertionError, OSError, subprocess.SubprocessError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
