#!/usr/bin/env python3
"""What each command of a module costs: the time from a request over HTTPS to its answer, beside
check_ok, which costs nothing itself.

usage: NSCP_BIN_DIR=build/bin tests/bench/commands.py [--module NAME] ... [--calls N] [--json FILE]

Calls of all commands take turns on one connection with a token, so that a machine which drifts
hits all of them. COMMANDS is the list: a module's line is all that it takes to be measured.
Exit code 1 means that something failed; being slow is no failure.
"""
import argparse
import json
import os
import shlex
import statistics
import sys
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support.agent import BIN, Agent  # noqa: E402

FLOOR = "check_ok"
# A command line for each row, as a user writes it; UNKNOWN is an answer too, for a machine may
# lack what is checked. {port} is that of the agent's HTTPS.
COMMANDS = {
    "CheckSystem": (
        "check_cpu", "check_cpu cores", "check_cpu_utilization", "check_load", "check_memory",
        "check_pagefile", "check_uptime", "check_network",
        "check_network \"warn=link_status != 'up' or usage_total > 80\"",
        "check_kernel_memory", "check_kernel_stats", "check_swap_io", "check_temperature",
        "check_battery", "check_cpu_frequency", "check_process", "check_process process=nosuch",
        "check_hostname", "check_os_version", "check_process_history",
        "check_process_history_new", "check_installed_software"),
    "CheckDisk": (
        "check_drivesize", "check_drivesize drive=/", "check_drivesize \"warn=full_in < 1d\"", "check_mount",
        "check_disk_io", "check_disk_health", "check_uncpath path=/", "check_single_file file=/etc/passwd",
        "check_files path=/usr/share/doc max-depth=2"),
    "CheckLogFile": (
        "check_logfile file=/etc/services", "check_logfile file=/etc/services \"filter=line regexp '.*tcp'\"",
        "check_logfile file=/etc/services max-lines=10", "check_logfile file=/etc/services bookmark"),
    "CheckExternalScripts": ("alias_up",),  # a script costs what it does itself
    "CheckNet": (
        "check_connections", "check_dns lookup=localhost", "check_ping host=127.0.0.1",
        "check_tcp host=127.0.0.1 port={port}", "check_http url=https://127.0.0.1:{port}/api verify=none"),
    "CheckNSCP": ("check_nscp", "check_nscp_version"),
    "CheckSecurity": (
        "check_certificate path=/etc/ssl/certs/ca-certificates.crt", "check_users"),
    "SimpleCache": ("check_cache key=nosuch", "list_cache"),
}


def arguments():
    parser = argparse.ArgumentParser(description="Measures what each command costs.")
    parser.add_argument("--module", action="append", choices=sorted(COMMANDS),
                        help="only this one; again for more")
    parser.add_argument("--calls", type=int, default=200, help="of each command (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write the figures here too")
    options = parser.parse_args()
    if options.calls < 1:
        parser.error("--calls must be at least 1")
    return options


def built(modules):
    return [name for name in modules
            if os.path.exists(os.path.join(BIN, "modules", name + ".json"))]


def path_of(line):
    name, *words = shlex.split(line)
    query = "&".join("=".join(map(urllib.parse.quote_plus, word.split("=", 1)))
                     for word in words)
    return f"/api/v2/queries/{name}/commands/execute" + (f"?{query}" if query else "")


class Caller:
    """One connection, and a token, so that no call pays for a login."""

    def __init__(self, agent):
        self.connection = agent.connect()
        self.agent = agent
        self.headers = {"Authorization": "Bearer "
                        + json.loads(agent.get("/api/v2/login")[1])["key"]}

    def call(self, line):
        """(milliseconds, document)"""
        path = path_of(line.replace("{port}", str(self.agent.port)))
        begin = time.perf_counter()
        status, body, _ = self.agent.request("GET", path, headers=self.headers, credentials=None,
                                             connection=self.connection)
        took = (time.perf_counter() - begin) * 1000
        if status != 200:
            raise RuntimeError(f"{line}: {status} {body[:500]}")
        return took, json.loads(body)


def measure(caller, lines, calls):
    """{line: milliseconds of each call}"""
    found = {line: [] for line in (FLOOR, *lines)}
    # What is made at the first call, and waited for after the start, counts for none.
    for line in found:
        caller.call(line)
    for _ in range(calls):
        for line, times in found.items():
            times.append(caller.call(line)[0])
    return found


def row_of(line, times, floor):
    ordered = sorted(times)
    median = statistics.median(ordered)
    return {"command": line, "calls": len(times), "median_ms": round(median, 3),
            "p90_ms": round(ordered[len(ordered) * 9 // 10], 3), "min_ms": round(ordered[0], 3),
            "own_ms": round(median - floor, 3)}


def say(rows):
    width = max(len(row["command"]) for row in rows)
    print(f"{'command':{width}}  median ms     p90     min  beyond {FLOOR}")
    for row in rows:
        print(f"{row['command']:{width}}  {row['median_ms']:9.2f} {row['p90_ms']:7.2f} "
              f"{row['min_ms']:7.2f}  {row['own_ms']:8.2f}", flush=True)


def main():
    options = arguments()
    modules = built(options.module or COMMANDS)
    lines = [line for module in modules for line in COMMANDS[module]]
    if not lines:
        print("commands: none of the modules is built", file=sys.stderr)
        return 1
    with Agent(modules=("CheckHelpers", *modules)) as agent:
        agent.start()
        caller = Caller(agent)
        found = measure(caller, lines, options.calls)
    floor = statistics.median(found[FLOOR])
    rows = [row_of(line, times, floor) for line, times in found.items()]
    say(rows)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as f:
            json.dump({"rows": rows}, f, indent=1)
            f.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
