"""What is asked, and which floor it stands on. Runs of a group's floor and subjects take turns,
so that a machine which drifts hits all of them."""
import json
import statistics
from dataclasses import dataclass

from programs import BenchError, run_load
from system import Meter

UNKNOWN = '"result":3'  # a check that was not answered, in a 200
CONNECTIONS = (1, 8, 64)
HANDSHAKES_AT_ONCE = (8,)
# A run without one answer is run again: a machine may stand still for a second.
TRIES = 3


@dataclass(frozen=True)
class Plan:
    runs: int
    seconds: float  # of each run
    warmup: float
    connections: tuple
    load_threads: int


@dataclass(frozen=True)
class Subject:
    name: str
    path: str
    credentials: str  # bearer, basic, or none


@dataclass(frozen=True)
class Group:
    name: str
    floor: str
    subjects: tuple
    module: str = ""  # that must be loaded
    fresh: bool = False  # a connection for each request


def check(name):
    return f"/api/v2/queries/{name}/commands/execute"


GROUPS = (
    Group("modules", "floor-bare",
          (Subject("modules", "/api/v2/modules", "bearer"),
           Subject("modules_all", "/api/v2/modules?all=true", "bearer"))),
    Group("check_ok", "floor-two-hop",
          (Subject("check_ok_bearer", check("check_ok"), "bearer"),
           Subject("check_ok_basic", check("check_ok"), "basic")), "CheckHelpers"),
    Group("check_cpu", "floor-two-hop",
          (Subject("check_cpu", check("check_cpu"), "bearer"),), "CheckSystem"),
    Group("check_drivesize", "floor-two-hop",
          (Subject("check_drivesize", check("check_drivesize"), "bearer"),), "CheckDisk"),
    Group("handshakes", "floor-bare", (Subject("handshakes", "/health/live", "none"),),
          fresh=True),
)


def request_bytes(port, path, authorization=None):
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: application/json"]
    if authorization:
        lines.append(f"Authorization: {authorization}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def authorization(agent, subject):
    if subject.credentials == "none":
        return None
    if subject.credentials == "basic":
        return agent.basic()
    status, body, _ = agent.get("/api/v2/login")
    if status != 200:
        raise BenchError(f"login: {status} {body}")
    return "Bearer " + json.loads(body)["key"]


def shape_of(agent, subject, header):
    """(bytes of the body, bytes of message text, items of performance data) of its answer."""
    status, body, _ = agent.get(subject.path, credentials=None, headers={
        "Accept": "application/json", **({"Authorization": header} if header else {})})
    if status != 200 or UNKNOWN in body:
        raise BenchError(f"{subject.name}: {status} {body[:500]}")
    answer = json.loads(body)
    lines = answer.get("lines", []) if isinstance(answer, dict) else []
    return (len(body.encode()), sum(len(line["message"].encode()) for line in lines),
            sum(len(line["perf"]) for line in lines))


class Contender:
    """A floor or a subject: where to ask, what, and whose CPU that costs."""

    def __init__(self, name, port, request, roles, unwanted=""):
        self.name, self.port, self.request = name, port, request
        self.roles, self.unwanted = roles, unwanted
        self.runs = []

    def run(self, connections, plan, fresh):
        for _ in range(TRIES):
            figures = self._try(connections, plan, fresh)
            if figures["requests"] > 0:
                self.runs.append(figures)
                return
        raise BenchError(f"{self.name} at {connections} connections: not one answer in "
                         f"{TRIES} runs of {plan.seconds:g} s")

    def _try(self, connections, plan, fresh):
        meter = Meter(self.roles)
        try:
            figures = run_load(self.port, self.request, connections, plan, fresh, self.unwanted)
        except BenchError as error:
            raise BenchError(f"{self.name} at {connections} connections: {error}") from error
        used, others = meter.stop(also=figures["load_cpu"] * (plan.seconds + plan.warmup))
        figures["others_cores"] = round(others, 3)
        # The time of warming up is in both, so it cancels out.
        figures["cpu_us"] = {role: round(seconds * 1e6 / max(figures["answers"], 1), 1)
                             for role, seconds in used.items()}
        return figures

    def row(self, connections):
        def middle(key):
            return statistics.median(run[key] for run in self.runs)
        return {"name": self.name, "connections": connections,
                **{key: round(middle(key), 3) for key in (
                    "rps", "p50_us", "p99_us", "load_cpu", "others_cores")},
                "cpu_us": {role: round(statistics.median(run["cpu_us"][role]
                                                         for run in self.runs), 1)
                           for role in self.roles.values()},
                "runs": self.runs}


def contenders(agent, roles, floor, group, subjects):
    """The floor, in the shape of the group's first subject, and the subjects."""
    found = []
    for subject in subjects:
        header = authorization(agent, subject)
        shape = shape_of(agent, subject, header)
        if not found:
            path = "/" + "/".join(str(part) for part in shape)
            port = floor.ports[group.floor]
            found.append(Contender(group.floor, port, request_bytes(port, path),
                                   floor.roles[group.floor]))
        found.append(Contender(subject.name, agent.port,
                               request_bytes(agent.port, subject.path, header), roles, UNKNOWN))
    return found


def measure_group(agent, roles, floor, group, subjects, plan, tell):
    """Rows of one group at each number of connections."""
    rows = []
    for connections in HANDSHAKES_AT_ONCE if group.fresh else plan.connections:
        takers = contenders(agent, roles, floor, group, subjects)
        for turn in range(plan.runs):
            # There and back: who runs first after a pause is not always the same.
            for taker in takers if turn % 2 == 0 else reversed(takers):
                taker.run(connections, plan, group.fresh)
        base = takers[0]
        for taker in takers:
            row = taker.row(connections)
            if taker is not base:
                row["floor"] = base.name
                row["ratio"] = round(statistics.median(
                    mine["rps"] / its["rps"] for mine, its in zip(taker.runs, base.runs)), 3)
            else:
                row["for"] = group.name
            rows.append(row)
            tell(row)
    return rows
