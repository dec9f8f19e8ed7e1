"""The table for people, and what the figures are held to."""

# Requests per second as a share of the floor's, at these numbers of connections.
SHARES = {"modules": 0.5, "check_ok_bearer": 0.85, "check_ok_basic": 0.85, "check_cpu": 0.75}
AT = (8, 64)
START_MS = 250
START_MODULES = 6
WORKER_KIB = 3 * 1024
IDLE_PERCENT = 0.4
SET_MS = 100
# A load program this busy on one thread may be what is measured.
LOAD_BOUND = 0.9
COLUMNS = (("subject", 31), ("conns", 5), ("req/s", 9), ("p50 ms", 8), ("p99 ms", 8),
           ("load", 6), ("others", 6), ("ratio", 6))


def line(cells):
    text = "  ".join(str(cell).ljust(width) if i == 0 else str(cell).rjust(width)
                     for i, (cell, (_, width)) in enumerate(zip(cells, COLUMNS)))
    return text.rstrip()


def header():
    return line([name for name, _ in COLUMNS]) + "  CPU us a request"


def row_line(row, load_threads=1):
    share = f"{row['load_cpu']:.2f}" + (
        "!" if row["load_cpu"] > LOAD_BOUND * load_threads else "")
    name = row["name"] + (f" ({row['for']})" if "for" in row else "")
    cost = ", ".join(f"{role} {us:g}" for role, us in row["cpu_us"].items() if us >= 0.5)
    return line([name, row["connections"], f"{row['rps']:.0f}", f"{row['p50_us'] / 1000:.3f}",
                 f"{row['p99_us'] / 1000:.3f}", share, f"{row['others_cores']:.2f}",
                 f"{row['ratio']:.2f}" if "ratio" in row else ""]) + f"  {cost}"


def memory_lines(title, found):
    lines = [f"memory {title}: private / proportional KiB, threads"]
    for role, figures in found.items():
        lines.append(f"  {role:<16}{figures['private_kib']:>8}{figures['proportional_kib']:>8}"
                     f"{figures['threads']:>5}")
    return lines


def targets(results):
    """[{what, want, got, met}] of what was measured."""
    found = []

    def hold(what, want, got, met):
        found.append({"what": what, "want": want, "got": got, "met": met})
    for row in results.get("rows", []):
        share = SHARES.get(row["name"])
        if share and row["connections"] in AT:
            hold(f"{row['name']} at {row['connections']} connections", f"{share} of its floor",
                 row["ratio"], row["ratio"] >= share)
    start = results.get("start")
    if start:
        hold(f"start to the first check with {start['modules']} modules"
             + ("" if start["modules"] == START_MODULES else f" ({START_MODULES} wanted)"),
             f"under {START_MS} ms", start["median_ms"], start["median_ms"] < START_MS)
    for service, figures in results.get("settings_set", {}).items():
        hold(f"nscp settings --set, the service {service}", f"under {SET_MS} ms",
             figures["median_ms"], figures["median_ms"] < SET_MS)
    for role, figures in results.get("memory_idle", {}).items():
        if role not in ("kernel", "WEBServer"):
            hold(f"idle worker {role}", f"at most {WORKER_KIB} KiB private",
                 figures["private_kib"], figures["private_kib"] <= WORKER_KIB)
    idle = results.get("idle")
    if idle:
        hold("idle agent", f"under {IDLE_PERCENT} % of a core", idle["percent"],
             idle["percent"] < IDLE_PERCENT)
    return found


def target_line(target):
    return (f"{'met   ' if target['met'] else 'MISSED'}  {target['what']}: {target['got']}"
            f" ({target['want']})")


def timing_line(name, figures):
    return (f"{name}: median {figures['median_ms']} ms of {figures['times']}"
            f" ({figures['min_ms']} to {figures['max_ms']})")


def busy_lines(state, when):
    load = ", ".join(f"{value:.2f}" for value in state["load_average"])
    lines = [f"the machine {when}: load average {load}; others use "
             f"{state['others_cores']:.2f} cores"]
    lines += [f"  {cores:.2f} {name}" for cores, name in state["users"]]
    if not state["quiet"]:
        lines.append("WARNING: the machine is busy; the figures mean little, the ratios "
                     "somewhat more")
    return lines
