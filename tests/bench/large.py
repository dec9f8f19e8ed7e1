"""check_process with 10 000 processes and check_files with 100 000 files, beside ps and find.

    NSCP_BIN_DIR=build/bin python3 tests/bench/large.py [--processes N] [--files N] [--rounds N]

Prints a table: the median and the best of a few rounds, the check over HTTPS and the other tool
one after the other in each round, so that both see the same machine. Makes its processes and its
files itself and takes them away again, also when it is interrupted.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from support.agent import Agent, wait_for  # noqa: E402

FILES_IN_A_FOLDER = 1000
START_LIMIT = 120

# Forks sleepers into its own group, says so, and ends the whole group when its input ends:
# nothing of it outlives the bench.
SLEEPERS = """
import os, signal, sys
for _ in range(int(sys.argv[1])):
    try:
        pid = os.fork()
    except OSError:  # there may be no more: leave none
        os.killpg(0, signal.SIGKILL)
    if pid == 0:
        os.close(0)
        signal.pause()
        os._exit(0)
os.write(1, b"ready")
os.close(1)
os.read(0, 1)
os.killpg(0, signal.SIGKILL)
"""


class Sleepers:
    def __init__(self, count):
        self.count = count

    def __enter__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", SLEEPERS, str(self.count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        if self.process.stdout.read(5) != b"ready":
            self.__exit__()
            raise RuntimeError(f"cannot start {self.count} processes: see ulimit -u, "
                               "/proc/sys/kernel/pid_max and the pids cgroup")
        return self

    def __exit__(self, *_):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.stdin.close()
        self.process.wait(timeout=START_LIMIT)
        wait_for("all sleepers to be gone", START_LIMIT, self.are_gone)

    def are_gone(self):
        try:
            os.killpg(self.process.pid, 0)
            return False
        except ProcessLookupError:
            return True


class Files:
    def __init__(self, count):
        self.count = count

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="nscp-large-", dir="/tmp")
        for i in range(self.count):
            folder = os.path.join(self.folder, f"d{i // FILES_IN_A_FOLDER}")
            if i % FILES_IN_A_FOLDER == 0:
                os.mkdir(folder)
            os.close(os.open(os.path.join(folder, f"file{i}.dat"), os.O_CREAT | os.O_WRONLY))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder)


def timed(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def ask(agent, connection, command, arguments, wanted):
    query = "&".join("=".join(map(urllib.parse.quote_plus, a.split("=", 1))) for a in arguments)
    status, body, _ = agent.get(f"/api/v2/queries/{command}/commands/execute?{query}",
                                connection=connection)
    text = json.loads(body)["lines"][0]["message"] if status == 200 else body
    if not text.startswith(wanted):
        raise RuntimeError(f"{command} {arguments}: {text[:300]}")


def run(*command):
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def measure(agent, rows, rounds):
    """rows: (what, (command, arguments, wanted), other command) -> printed lines"""
    connection = agent.connect(timeout=120)
    for what, (command, arguments, wanted), other in rows:
        mine, others = [], []
        for _ in range(rounds):
            others.append(timed(lambda: run(*other)))
            mine.append(timed(lambda: ask(agent, connection, command, arguments, wanted)))
        middle, beside = statistics.median(mine), statistics.median(others)
        print(f"{what:<44} {middle * 1000:>7.0f} {min(mine) * 1000:>7.0f}"
              f" {beside * 1000:>9.0f} {min(others) * 1000:>7.0f} {middle / beside:>7.2f}"
              f"   {' '.join(other[:1] + other[-2:])[:60]}")
    connection.close()


def heading(text):
    print(f"\n{text}")
    print(f"{'':<44} {'median':>7} {'best':>7} {'beside':>9} {'best':>7} {'ratio':>7}   (ms)")


def processes(agent, count, rounds):
    quiet = ("warn=none", "perf-syntax=none", "top-syntax=%(count)")
    with Sleepers(count):
        heading(f"{count} processes")
        measure(agent, [
            ("check_process: names and states, as by default",
             ("check_process", ("top-syntax=%(count)", "ok-syntax=%(count)"), ""),
             ("ps", "-e", "-o", "pid,stat,comm")),
            ("check_process: no performance data",
             ("check_process", quiet + ("crit=count < 1",), ""),
             ("ps", "-e", "-o", "pid,stat,comm")),
            ("check_process process=nosuch",
             ("check_process", ("process=nosuch",), "CRITICAL: nosuch=stopped"),
             ("ps", "-C", "python3", "-o", "pid")),
            ("check_process: owner, memory, command line",
             ("check_process", quiet + (
                 "crit=rss > 900g", "resolve-owner=true",
                 "filter=username != 'x' and command_line != 'x' and peak_virtual < 900g"), ""),
             ("ps", "-e", "-o", "pid,user,stat,rss,vsz,etimes,args")),
        ], rounds)


def files(agent, count, rounds):
    with Files(count) as made:
        path = f"path={made.folder}"
        find = ("find", made.folder, "-type", "f", "-printf")
        ok = f"OK: All {count} files are ok"
        heading(f"{count} files in {count // FILES_IN_A_FOLDER} folders")
        measure(agent, [
            ("check_files: names",
             ("check_files", (path, "perf-syntax=none"), ok), find + ("%f\\n",)),
            ("check_files: size and age of each",
             ("check_files", (path, "perf-syntax=none", "warn=size > 1g or age > 10w"), ok),
             find + ("%f %s %T@\\n",)),
            ("check_files: a few of them by pattern",
             ("check_files", (path, "pattern=file99?.dat", "warn=size > 1g"),
              "OK: All 10 files are ok"), find[:4] + ("-name", "file99?.dat")),
            ("check_files: an old one among all, none found",
             ("check_files", (path, "filter=written < -10w", "empty-state=ok"), "No files found"),
             find[:4] + ("-mtime", "+70")),
        ], rounds)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--processes", type=int, default=10000)
    parser.add_argument("--files", type=int, default=100000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with Agent(modules=("CheckSystem", "CheckDisk")) as agent:
        agent.start()
        processes(agent, options.processes, options.rounds)
        files(agent, options.files, options.rounds)


if __name__ == "__main__":
    main()
