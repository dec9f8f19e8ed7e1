"""The two programs of the bench: the floors, which serve, and the load, which asks."""
import json
import os
import subprocess

from support.agent import TEST_PROGRAMS

START_LIMIT = 10.0
LOAD_SLACK = 30.0


class BenchError(Exception):
    """Something failed, with a sentence for the user. Being slow is no failure."""


def program(name):
    path = os.path.join(TEST_PROGRAMS, name)
    if not os.access(path, os.X_OK):
        raise BenchError(f"{path} is not there: build the target {name}, or set NSCP_BIN_DIR "
                         "to the bin folder of the build")
    return path


class Floor:
    """Both floors: `bare` and `two-hop` in `ports`; a context manager that ends them."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.roles = {}  # port name -> {pid: role}
        self.ports = {}

    def __enter__(self):
        try:
            leaf, relay = (f"unix:{self.folder}/{name}" for name in ("leaf", "relay"))
            self._start("leaf", leaf)
            self._start("relay", relay, leaf)
            hops = {self.processes[0].pid: "leaf", self.processes[1].pid: "relay"}
            for name, more in (("floor-bare", ()), ("floor-two-hop", (relay,))):
                self.ports[name] = int(self._start("web", f"{self.folder}/{name}.pem", *more))
                self.roles[name] = {self.processes[-1].pid: "web", **(hops if more else {})}
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self, *words):
        # A floor ends when its standard input does, so it cannot outlive this program.
        process = subprocess.Popen([program("bench_floor"), *words], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        line = process.stdout.readline().strip()
        if not line:
            raise BenchError(f"bench_floor {' '.join(words)} did not start")
        return line

    def __exit__(self, *_):
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            try:
                process.wait(timeout=START_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


def run_load(port, request, connections, plan, fresh=False, unwanted=""):
    """One run against 127.0.0.1:port; the load program's figures."""
    words = [program("bench_load"), "--port", str(port), "--connections", str(connections),
             "--threads", str(plan.load_threads), "--time", str(int(plan.seconds * 1000)),
             "--warmup", str(int(plan.warmup * 1000))]
    if fresh:
        words.append("--fresh")
    if unwanted:
        words += ["--unwanted", unwanted]
    try:
        done = subprocess.run(words, input=request, capture_output=True, check=False,
                              timeout=plan.seconds + plan.warmup + LOAD_SLACK)
    except subprocess.TimeoutExpired as error:
        raise BenchError(f"the load program did not end: {error}") from error
    if done.returncode != 0:
        raise BenchError(done.stderr.decode(errors="replace").strip()
                         or f"the load program ended with {done.returncode}")
    return json.loads(done.stdout)
