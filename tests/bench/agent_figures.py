"""Figures of the agent itself: its start, loading a module, a setting that is set, memory, threads, CPU when
idle."""
import http.client
import os
import socket
import statistics
import time

from programs import BenchError
from support.agent import BIN, PASSWORD, Agent, processes
from system import Meter, memory, threads

SIX = 6
# These are loaded first; what else is built fills up to six.
WANTED = ("CheckHelpers", "CheckSystem", "CheckDisk")
CHECK = "/api/v2/queries/check_ok/commands/execute"
START_LIMIT = 30.0
RETRY = 0.002
SETTLE_LIMIT = 5.0
LOADED = "CheckSystem"


def module_names():
    """Up to six modules of the build, WEBServer among them but not named."""
    built = sorted(name[:-5] for name in os.listdir(os.path.join(BIN, "modules"))
                   if name.endswith(".json"))
    rest = [name for name in built if name not in WANTED and name != "WEBServer"]
    return ([name for name in WANTED if name in built] + rest)[:SIX - 1]


def second_instances():
    """While fewer than six modules are built: further instances of CheckHelpers, by alias."""
    return [f"Helpers{i}" for i in range(2, SIX + 1 - len(module_names()))]


def make_agent():
    if not os.access(os.path.join(BIN, "nscp"), os.X_OK):
        raise BenchError(f"{BIN}/nscp is not there: build the agent, or set NSCP_BIN_DIR to the "
                         "bin folder of its build")
    ini = "[/modules]\n" + "".join(f"{alias} = CheckHelpers\n" for alias in second_instances())
    return Agent(modules=module_names(), ini=ini)


def hash_password(agent):
    """Gives admin a section of its own, as an installed agent has it."""
    done = agent.nscp("web", "add-user", "--user", "admin", "--password", PASSWORD,
                      "--role", "full")
    if done.returncode != 0:
        raise BenchError(f"nscp web add-user: {done.stdout}{done.stderr}")


def roles_of(agent):
    """{pid: kernel, or a module's name}"""
    found = {}
    for pid, line in processes(agent.folder).items():
        found[pid] = "kernel" if pid == agent.process.pid else os.path.basename(line.split()[0])
    for name in ("WEBServer", *module_names(), *second_instances()):
        found[agent.pid_of(name)] = name
    return found


def first_answer(agent):
    """Seconds from exec to the first 200 of check_ok that is a result of the module."""
    began = time.perf_counter()
    agent.start(wait=False)
    connection = None
    try:
        while time.perf_counter() - began < START_LIMIT:
            if agent.process.poll() is not None:
                raise BenchError(f"the agent ended: {agent.console()}")
            if connection is None and listens(agent.port):
                connection = agent.connect(timeout=5)
            if connection is not None and answers(agent, connection):
                return time.perf_counter() - began
            time.sleep(RETRY)
    finally:
        if connection is not None:
            connection.close()
    raise BenchError(f"no answer to check_ok within {START_LIMIT} s: {agent.console()}")


def listens(port):
    """Asked without TLS: what tries takes CPU from the start that it waits for."""
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def answers(agent, connection):
    try:
        status, body, _ = agent.get(CHECK, headers={"Accept": "application/json"},
                                    connection=connection)
        return status == 200 and '"result":0' in body
    except (OSError, http.client.HTTPException):
        connection.close()  # the next request opens it again
        return False


def measure_start(agent, times):
    """The first start makes the certificate and does not count."""
    found = []
    for turn in range(times + 1):
        took = first_answer(agent)
        if turn > 0:
            found.append(took * 1000)
        if agent.stop() != 0:
            raise BenchError(f"the agent did not stop well: {agent.console()}")
        agent.log_file.close()
    return summary(found, modules=1 + len(module_names()) + len(second_instances()))


def measure_load_module(agent, times):
    """GET .../commands/load of a module that is built but not loaded, until its 200."""
    connection = agent.connect()

    def command(word):
        began = time.perf_counter()
        status, body, _ = agent.get(f"/api/v2/modules/{LOADED}/commands/{word}",
                                    connection=connection)
        if status != 200:
            raise BenchError(f"{word} {LOADED}: {status} {body}")
        return (time.perf_counter() - began) * 1000
    try:
        loads, unloads = [], []
        for _ in range(times):
            unloads.append(command("unload"))
            loads.append(command("load"))
    finally:
        connection.close()
    return {**summary(loads, module=LOADED), "unload_median_ms": statistics.median(unloads)}


def measure_set(agent, times):
    """`nscp settings --set` from exec to exit, each with a value that changes the file; the first does
    not count."""
    found = []
    for turn in range(times + 1):
        began = time.perf_counter()
        done = agent.nscp("settings", "--path", "/settings/bench", "--key", "turn",
                          "--set", str(time.time_ns()))
        if done.returncode != 0:
            raise BenchError(f"nscp settings --set: {done.stdout}{done.stderr}")
        if turn > 0:
            found.append((time.perf_counter() - began) * 1000)
    return summary(found)


def summary(milliseconds, **more):
    return {"median_ms": round(statistics.median(milliseconds), 2),
            "min_ms": round(min(milliseconds), 2), "max_ms": round(max(milliseconds), 2),
            "times": len(milliseconds), **more}


def measure_memory(roles):
    found = {}
    for pid, role in roles.items():
        private, proportional = memory(pid)
        found[role] = {"private_kib": private, "proportional_kib": proportional,
                       "threads": threads(pid)}
    return found


def settle(roles):
    """Waits until the start's work is done: a whole half second without a tick of CPU."""
    end = time.monotonic() + SETTLE_LIMIT
    while time.monotonic() < end:
        meter = Meter(roles)
        time.sleep(0.5)
        if sum(meter.stop()[0].values()) == 0:
            return


def measure_idle(roles, seconds):
    """CPU of all processes as a share of one core, in percent."""
    meter = Meter(roles)
    time.sleep(seconds)
    used, others = meter.stop()
    return {"percent": round(100 * sum(used.values()) / seconds, 3), "seconds": seconds,
            "each": {role: round(100 * s / seconds, 3) for role, s in used.items()},
            "others_cores": round(others, 3)}
