"""What /proc tells: CPU, memory and threads of processes, and who else uses the machine."""
import os
import time

TICK = os.sysconf("SC_CLK_TCK")
CORES = os.cpu_count() or 1
# Of the whole machine, in cores: above this the figures say more about others than about us.
QUIET = 0.1


def read(path):
    """A file's text; empty where it, or its process, is gone."""
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            return f.read()
    except OSError:
        return ""


def cpu_seconds(pid):
    """utime + stime of all its threads; 0 for a process that is gone."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK if len(fields) > 12 else 0.0


def threads(pid):
    for line in read(f"/proc/{pid}/status").splitlines():
        if line.startswith("Threads:"):
            return int(line.split()[1])
    return 0


def memory(pid):
    """(private, proportional) KiB."""
    private = proportional = 0
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines():
        name, _, rest = line.partition(":")
        if name in ("Private_Clean", "Private_Dirty"):
            private += int(rest.split()[0])
        elif name == "Pss":
            proportional = int(rest.split()[0])
    return private, proportional


def machine_seconds():
    """(busy, stolen) seconds of all cores since the machine started."""
    fields = [int(x) for x in read("/proc/stat").split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq, steal = fields[:8]
    return (user + nice + system + irq + softirq) / TICK, steal / TICK


class Meter:
    """CPU of some processes, and of all others, between its making and `stop`."""

    def __init__(self, roles):
        self.roles = roles  # pid -> role
        self.began = time.monotonic()
        self.used = {pid: cpu_seconds(pid) for pid in roles}
        self.busy, self.stolen = machine_seconds()

    def stop(self, also=0.0):
        """(seconds of each role, cores that others used); `also`: seconds that are ours too."""
        took = max(time.monotonic() - self.began, 0.001)
        used = {}
        for pid, role in self.roles.items():
            used[role] = used.get(role, 0.0) + cpu_seconds(pid) - self.used[pid]
        busy, stolen = machine_seconds()
        others = busy - self.busy + stolen - self.stolen - sum(used.values()) - also
        return used, max(others / took, 0.0)


def busiest(seconds=1.0, share=0.05):
    """[(cores, name)] of the processes that use more than `share` of a core now."""
    def all_used():
        return {int(pid): cpu_seconds(pid) for pid in os.listdir("/proc") if pid.isdigit()}
    before = all_used()
    time.sleep(seconds)
    found = []
    for pid, used in all_used().items():
        cores = (used - before.get(pid, used)) / seconds
        if pid != os.getpid() and cores > share:
            found.append((round(cores, 2), read(f"/proc/{pid}/comm").strip() or "gone"))
    return sorted(found, reverse=True)


def look_around():
    """How busy the machine is now, before anything of ours runs."""
    meter = Meter({os.getpid(): "bench"})
    users = busiest()
    _, others = meter.stop()
    return {"load_average": list(os.getloadavg()), "others_cores": round(others, 3),
            "users": users, "quiet": others < QUIET}


def machine():
    model = [line.partition(":")[2].strip() for line in read("/proc/cpuinfo").splitlines()
             if line.startswith("model name")]
    return {"cores": CORES, "cpu": model[0] if model else "", "kernel": os.uname().release}
