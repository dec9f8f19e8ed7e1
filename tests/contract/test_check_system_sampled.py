"""CheckSystem: what is sampled and read below /proc and /sys, each figure beside one from another
source."""
import glob
import json
import mmap
import os
import re
import shutil
import socket
import subprocess
import threading
import unittest
import urllib.parse

from support.agent import Agent, wait_for

MB = 1024 * 1024
# What may change between two looks at a machine that is busy with other tests.
MEMORY_SLACK = 256 * MB
SWAP_SLACK = 64 * MB
THREAD_SLACK = 150
SHARE_SLACK = 40      # points
# A sample is at most so old, and a busy machine may be late with the next.
SAMPLE_LIMIT = 10.0
TRAFFIC = 4 * MB      # bytes per second, at least

DEFAULTS = {
    "check_cpu_utilization":
        "warning=usage > 90|critical=usage > 95|empty-state=ignored|list-separator=, |"
        "top-syntax=${status}: ${list}|detail-syntax=user: ${user}% system: ${system}% iowait: "
        "${iowait}% steal: ${steal}% idle: ${idle}%|perf-syntax=cpu",
    "check_pagefile":
        "warning=used > 60%|critical=used > 80%|empty-state=ignored|list-separator=, |"
        "top-syntax=${status}: ${list}|detail-syntax=${name} ${used} (${size})|"
        "perf-syntax=${name}",
    "check_network":
        "warning=throughput > 10000|critical=throughput > 100000|empty-state=critical|"
        "list-separator=, |top-syntax=${status}: ${list}|"
        "ok-syntax=%(status): Network interfaces seem ok.|"
        "detail-syntax=${name} >${sent_human}/s <${received_human}/s|perf-syntax=${name}",
    "check_kernel_memory":
        "empty-state=ignored|list-separator=, |top-syntax=${status}: ${list}|"
        "detail-syntax=slab ${slab} (${slab_unreclaimable} unreclaimable), cache ${cache}, "
        "${major_faults_per_sec} major faults/s|perf-syntax=kernel",
    "check_kernel_stats":
        "warning=name = 'threads' and current > 8000|"
        "critical=name = 'threads' and current > 10000|empty-state=ignored|list-separator=, |"
        "top-syntax=${status} - ${list}|detail-syntax=${label} ${human}|perf-syntax=${name}",
    "check_swap_io":
        "empty-state=ignored|list-separator=, |top-syntax=${status}: ${list}|"
        "detail-syntax=${swap_count} swap device(s) in ${swap_in} pages/s, out ${swap_out} "
        "pages/s|perf-syntax=io",
    "check_temperature":
        "warning=temperature > 70|critical=temperature > 90|empty-state=critical|"
        "list-separator=, |top-syntax=${status}: ${list}|"
        "ok-syntax=%(status): Temperature is ok.|detail-syntax=${name}: ${temperature}C|"
        "perf-syntax=${name}",
    "check_battery":
        "filter=battery_present = 'true'|warning=charge < 20|critical=charge < 10|"
        "empty-state=warning|list-separator=, |top-syntax=${status}: ${list}|"
        "ok-syntax=%(status): No battery found or all batteries ok.|"
        "empty-syntax=No battery found|"
        "detail-syntax=${name}: ${charge}% (${power_source}, ${battery_status})|"
        "perf-syntax=${name}",
    "check_cpu_frequency":
        "filter=name != 'total'|empty-state=ignored|list-separator=, |"
        "top-syntax=${status}: ${list}|ok-syntax=%(status): CPU frequency is ok.|"
        "detail-syntax=${name}: ${current_mhz}MHz (${frequency_pct}%)|perf-syntax=${name}",
}
KEYWORDS = {
    "check_cpu_utilization": "name usage total user system iowait irq softirq steal guest idle",
    "check_pagefile": "name size free used",
    "check_network": "name link_status status enabled MAC received sent throughput total "
                     "received_packets sent_packets rx_errors tx_errors speed_bps usage_in "
                     "usage_out usage_total received_human sent_human total_human",
    "check_kernel_memory": "slab slab_reclaimable slab_unreclaimable cache page_faults_per_sec "
                           "major_faults_per_sec",
    "check_kernel_stats": "name label human rate current",
    "check_swap_io": "swap_count swap_in swap_out swap_in_bytes swap_out_bytes",
    "check_temperature": "name active temperature",
    "check_battery": "name power_source battery_status status battery_present present charge "
                     "health time_remaining charge_rate discharge_rate design_capacity "
                     "full_capacity remaining_capacity",
    "check_cpu_frequency": "name current_mhz max_mhz min_mhz frequency_pct",
}
NO_HARDWARE = {"check_temperature": "No temperature sensors found",
               "check_battery": "No battery found",
               "check_cpu_frequency": "No CPU frequency data available (no cpufreq support?)"}


def read(path):
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        return f.read()


def value(path):
    """Of a file below /sys; empty where the kernel gives none."""
    try:
        return read(path).strip()
    except OSError:
        return ""


def output(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=20).stdout.decode(
        errors="surrogateescape")


def counter(name):
    """A counter of /proc/stat."""
    return int(re.search(rf"(?m)^{name} (\d+)$", read("/proc/stat"))[1])


def meminfo():
    lines = (line.split() for line in read("/proc/meminfo").splitlines())
    return {fields[0].rstrip(":"): int(fields[1]) * 1024 for fields in lines}


class Background:
    """Does something again and again on a thread, as a context manager."""

    def __init__(self, work):
        self.work = work
        self.end = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        while not self.end.is_set():
            self.work()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.end.set()
        self.thread.join()


def setUpModule():
    Sampled.agent = unittest.enterModuleContext(
        Agent(modules=("CheckSystem",), ini="[/settings/core]\nmetrics interval = 1s\n")).start()


def quoted(argument):
    return "=".join(urllib.parse.quote_plus(part, errors="surrogateescape")
                    for part in argument.split("=", 1))


class Sampled(unittest.TestCase):
    agent = None

    def ask(self, command, *arguments):
        """(state, message, {label: value})"""
        query = "&".join(map(quoted, arguments))
        status, body, _ = self.agent.get(
            f"/api/v2/queries/{command}/commands/execute?{query}")
        self.assertEqual(status, 200, body)
        answer = json.loads(body)
        line = answer["lines"][0]
        perf = {label: figure["value"] for label, figure in line["perf"].items()}
        return answer["result"], line["message"], perf

    def rows(self, command, detail, *arguments):
        """The fields of each object."""
        _, text, _ = self.ask(command, "warn=none", "crit=none", "top-syntax=%(list)",
                              "ok-syntax=none", "list-separator=\\n", "detail-syntax="
                              + "\t".join(f"%({word})" for word in detail.split()), *arguments)
        return [line.split("\t") for line in text.split("\n")]

    def near(self, found, wanted, slack, what=""):
        self.assertLessEqual(abs(found - wanted), slack, f"{what}: {found} beside {wanted}")


class Tables(Sampled):
    def test_every_command_has_help_and_tells_its_defaults(self):
        for command, defaults in DEFAULTS.items():
            with self.subTest(command):
                state, text, _ = self.ask(command, "help")
                self.assertEqual(state, 0)
                for option in ("filter", "warning", "critical", "detail-syntax", "perf-config"):
                    self.assertRegex(text, rf"(?m)^  {option}=ARG ")
                wanted = "".join(f'"{word}" ' for word in defaults.split("|"))
                self.assertEqual(self.ask(command, "show-default")[:2], (0, wanted))
        self.assertIn("  type=ARG ", self.ask("check_kernel_stats", "help")[1])

    def test_every_keyword_has_a_value(self):
        for command, keywords in KEYWORDS.items():
            with self.subTest(command):
                words = keywords.split()
                rows = self.rows(command, keywords, "filter=none")
                if rows == [[NO_HARDWARE.get(command)]]:
                    continue
                for row in rows:
                    self.assertEqual(len(row), len(words), row)
                    for word, text in zip(words, row):
                        self.assertTrue(text or word == "MAC", f"{word} of {row}")
                # Each is known to expressions too.
                for word in words:
                    state, text, _ = self.ask(command, "crit=none",
                                              f"warn={word} = 1 or {word} != 1")
                    self.assertIn(state, (0, 1), f"{word}: {text}")

    def test_hostile_calls_are_answered(self):
        pid = self.agent.pid_of("CheckSystem")
        for command in DEFAULTS:
            for argument in ("filter=nosuch = 1", "warn=" + "(" * 2000, "crit=name like",
                             "top-syntax=%(nosuch)", "perf-config=extra(", "nosuch=1",
                             "detail-syntax=" + "%(name)" * 500, "filter=name regexp '(('",
                             "type=\udcff\udcfe", "warn=name = '" + "x" * 50000 + "'"):
                status, body, _ = self.agent.get(
                    f"/api/v2/queries/{command}/commands/execute?{quoted(argument)}")
                self.assertIn(status, (200, 414, 431), body)
        self.assertEqual(self.ask("check_kernel_stats", "type=zz")[:2], (3, "UNKNOWN - "))
        self.assertEqual(self.agent.pid_of("CheckSystem"), pid)


class Processors(Sampled):
    def test_utilization_is_that_of_the_kernel(self):
        def ticks():
            words = read("/proc/stat").split("\n", 1)[0].split()[1:9]
            return [int(word) for word in words]

        before = ticks()
        # What one look tells is of one second: the mean of some is beside the same seconds.
        seen = []

        def sample():
            seen.append(self.ask("check_cpu_utilization")[2])
            return len({tuple(sorted(perf.items())) for perf in seen}) >= 3
        wait_for("three samples", SAMPLE_LIMIT, sample, pause=0.1)
        since = [now - then for then, now in zip(before, ticks())]
        busy = 100 * (sum(since) - since[3] - since[4]) / sum(since)
        mean = sum(perf["cpu_usage"] for perf in seen) / len(seen)
        self.near(mean, busy, SHARE_SLACK, "usage")
        for perf in seen:
            whole = sum(perf[f"cpu_{word}"] for word in (
                "user", "system", "idle", "iowait", "irq", "softirq", "steal"))
            self.near(whole, 100, 0.1, "all shares")
            self.near(perf["cpu_usage"], 100 - perf["cpu_idle"] - perf["cpu_iowait"], 0.1)

    def test_a_call_without_an_agent_samples_itself(self):
        done = self.agent.nscp("client", "--module", "CheckSystem", "--query",
                               "check_cpu_utilization", "warn=none", "crit=none")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"^OK: user: [\d.]+% system: [\d.]+% iowait: ")

    def test_counters_are_those_of_the_kernel(self):
        for name, field in (("ctxt", "ctxt"), ("processes", "processes")):
            before = counter(field)

            def current():
                found = int(self.rows("check_kernel_stats", "current", f"type={name}")[0][0])
                return found if found >= before else None
            found = wait_for(f"a sample of {name}", SAMPLE_LIMIT, current, pause=0.1)
            self.assertLessEqual(found, counter(field))
        threads = int(self.rows("check_kernel_stats", "current", "type=threads")[0][0])
        self.near(threads, len(glob.glob("/proc/[0-9]*/task/[0-9]*")), THREAD_SLACK, "threads")

    def test_switches_show_in_the_rate(self):
        # Two pipes between two threads: each byte is a switch.
        (left, right), (back, forth) = os.pipe(), os.pipe()
        self.addCleanup(lambda: [os.close(fd) for fd in (left, back)])

        def echo():
            while os.read(left, 1):
                os.write(forth, b"x")
            os.close(forth)
        other = threading.Thread(target=echo)
        other.start()

        def ping():
            os.write(right, b"x")
            os.read(back, 1)
        try:
            with Background(ping):
                wait_for("a rate of switches", SAMPLE_LIMIT, lambda: self.ask(
                    "check_kernel_stats", "type=ctxt", "warn=none",
                    "crit=rate > 500")[0] == 2, pause=0.1)
        finally:
            os.close(right)
            other.join()

    def test_clocks_are_those_of_cpufreq(self):
        cores = glob.glob("/sys/devices/system/cpu/cpu[0-9]*/cpufreq/scaling_cur_freq")
        if not cores:
            self.assertEqual(self.ask("check_cpu_frequency")[:2],
                             (3, NO_HARDWARE["check_cpu_frequency"]))
            return
        rows = self.rows("check_cpu_frequency", "name max_mhz")
        self.assertEqual(len(rows), len(cores))
        for name, most in rows:
            folder = f"/sys/devices/system/cpu/cpu{name.split()[1]}/cpufreq"
            self.near(int(most), int(value(f"{folder}/cpuinfo_max_freq")) / 1000, 1, name)


class Memory(Sampled):
    def test_the_pagefile_is_the_swap_of_free(self):
        line = next(line for line in output("free", "-b").splitlines()
                    if line.startswith("Swap:"))
        total, used = map(int, line.split()[1:3])
        state, text, perf = self.ask("check_pagefile", "perf-config=*(unit:B)",
                                     "warn=used > 101% or size > 1g")
        self.assertRegex(text, r"^(OK|WARNING): total [\d.]+[KMGTPE]?B \([\d.]+[KMGTPE]?B\)$")
        self.assertEqual(perf["total_size"], total)
        self.near(perf["total"], used, SWAP_SLACK, "used")
        self.assertEqual(state, 1 if total > 1024 * MB else 0)

    def test_memory_and_swap_are_those_of_free(self):
        lines = {line.split()[0]: line.split()[1:] for line in output("free", "-b").splitlines()
                 if line.endswith(tuple("0123456789"))}
        rows = self.rows("check_memory", "type", "type=swap", "type=physical")
        self.assertEqual(rows, [["swap"], ["physical"]])
        perf = self.ask("check_memory", "warn=size > 1b", "crit=none")[2]
        self.assertEqual(perf["physical_size"], int(lines["Mem:"][0]))
        self.assertEqual(perf["swap_size"], int(lines["Swap:"][0]))

    def test_the_kernels_memory_is_that_of_meminfo(self):
        perf = self.ask("check_kernel_memory")[2]
        kernel = meminfo()
        for label, name in (("slab", "Slab"), ("slab_reclaimable", "SReclaimable"),
                            ("slab_unreclaimable", "SUnreclaim"), ("cache", "Cached")):
            self.near(perf[f"kernel_{label}"], kernel[name],
                      MEMORY_SLACK * (4 if name == "Cached" else 1), name)

    def test_page_faults_show_in_the_rate(self):
        def fault():
            with mmap.mmap(-1, 4 * MB) as pages:
                for at in range(0, len(pages), mmap.PAGESIZE):
                    pages[at] = 1
        with Background(fault):
            wait_for("a rate of page faults", SAMPLE_LIMIT, lambda: self.ask(
                "check_kernel_memory", "crit=page_faults_per_sec > 1000")[0] == 2, pause=0.1)

    def test_swap_devices_are_those_of_swapon(self):
        devices = output("swapon", "--show", "--noheadings").splitlines()
        (count, pages_in, bytes_in), = self.rows("check_swap_io",
                                                 "swap_count swap_in swap_in_bytes")
        self.assertEqual(int(count), len(devices))
        page = int(output("getconf", "PAGESIZE"))
        self.near(int(bytes_in), float(pages_in) * page, 0.01 * page)


class Network(Sampled):
    def test_interfaces_are_those_of_ip(self):
        rows = self.rows("check_network", "name link_status enabled MAC rx_errors tx_errors")
        self.assertEqual(rows, sorted(rows))
        links = {link["ifname"]: link for link in json.loads(output("ip", "-s", "-j", "link"))}
        self.assertEqual({row[0] for row in rows}, set(links))
        for name, status, enabled, address, rx_errors, tx_errors in rows:
            link = links[name]
            self.assertEqual(status, link["operstate"].lower(), name)
            self.assertEqual(enabled, "true" if "UP" in link["flags"] else "false", name)
            self.assertEqual(address, link.get("address", ""), name)
            self.assertEqual(int(rx_errors), link["stats64"]["rx"]["errors"], name)
            self.assertEqual(int(tx_errors), link["stats64"]["tx"]["errors"], name)

    def test_speeds_are_those_of_the_kernel(self):
        for name, speed in self.rows("check_network", "name speed_bps"):
            wanted = max(0, int(value(f"/sys/class/net/{name}/speed") or 0))
            self.assertEqual(int(speed), wanted * 1000 * 1000, name)

    def test_traffic_shows_in_the_rates(self):
        sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        source = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(sink.close)
        self.addCleanup(source.close)
        sink.bind(("127.0.0.1", 0))
        pause = threading.Event()
        datagram = bytes(32 * 1024)

        def send():  # twice as much as is asked for
            for _ in range(2 * TRAFFIC // len(datagram) // 20):
                source.sendto(datagram, sink.getsockname())
            pause.wait(0.05)
        with Background(send):
            wait_for("the traffic", SAMPLE_LIMIT, lambda: self.ask(
                "check_network", "filter=name = 'lo'", "warn=none",
                f"crit=received > {TRAFFIC}b and sent > {TRAFFIC}b and received_packets > 50 "
                f"and throughput > {2 * TRAFFIC}b")[0] == 2, pause=0.1)
        wait_for("the end of the traffic", SAMPLE_LIMIT, lambda: self.ask(
            "check_network", "filter=name = 'lo'", "crit=none",
            f"warn=received > {TRAFFIC}b")[0] == 0, pause=0.1)

    def test_the_default_text(self):
        state, text, perf = self.ask("check_network", "warn=none", "crit=throughput > 1000g")
        amount = r"[\d.]+[KMGTPE]?B/s"
        self.assertRegex(text, rf"^OK: (\S+ >{amount} <{amount}(, |$))+$")
        self.assertEqual(state, 0)
        self.assertEqual(set(perf), set(os.listdir("/sys/class/net")) - {"bonding_masters"})
        self.assertEqual(self.ask("check_network", "filter=name = 'nosuch'")[:2],
                         (2, "CRITICAL: "))


class Sensors(Sampled):
    def test_sensors_are_those_of_the_kernel(self):
        zones = [value(path) for path in glob.glob("/sys/class/thermal/thermal_zone*/type")
                 if value(os.path.join(os.path.dirname(path), "temp"))]
        chips = [path for path in glob.glob("/sys/class/hwmon/hwmon*/temp*_input") if value(path)]
        if not zones and not chips:
            self.assertEqual(self.ask("check_temperature")[:2],
                             (3, NO_HARDWARE["check_temperature"]))
            return
        names = [row[0] for row in self.rows("check_temperature", "name")]
        self.assertEqual(len(names), len(set(names)))
        for zone in zones:
            self.assertIn(zone, names)

    def test_batteries_are_those_of_the_kernel(self):
        batteries = {os.path.basename(os.path.dirname(path))
                     for path in glob.glob("/sys/class/power_supply/*/type")
                     if value(path) in ("Battery", "UPS")
                     and value(os.path.join(os.path.dirname(path), "scope")) != "Device"}
        if not batteries:
            self.assertEqual(self.ask("check_battery")[:2], (1, "No battery found"))
            self.assertEqual(self.ask("check_battery", "empty-state=ok")[0], 0)
            return
        found = {row[0] for row in self.rows("check_battery", "name", "filter=none")}
        self.assertEqual(found, batteries)


class Metrics(Sampled):
    def test_the_figures_of_the_checks_are_metrics_too(self):
        def all_metrics():
            metrics = json.loads(self.agent.get("/api/v2/metrics")[1])
            return metrics if "system.network.lo.total" in metrics else None
        metrics = wait_for("metrics of the interfaces", SAMPLE_LIMIT, all_metrics, pause=0.1)
        for name in os.listdir("/sys/class/net"):
            status = value(f"/sys/class/net/{name}/operstate")
            if not status:
                continue
            self.assertEqual(metrics[f"system.network.{name}.status"], status)
            self.assertEqual(metrics[f"system.network.{name}.total"],
                             metrics[f"system.network.{name}.received"]
                             + metrics[f"system.network.{name}.sent"])
        self.assertEqual(metrics["system.mem.physical.total"], meminfo()["MemTotal"])
        for bundle, command in (("cpu_frequency", "check_cpu_frequency"),
                                ("temperature", "check_temperature"),
                                ("battery", "check_battery")):
            there = any(key.startswith(f"system.{bundle}.") for key in metrics)
            self.assertEqual(there, self.ask(command)[1] != NO_HARDWARE[command], bundle)


for tool, cases in (("ip", (Network,)), ("free", (Memory,)), ("swapon", (Memory,))):
    if not shutil.which(tool):
        for case in cases:
            unittest.skip(f"{tool} is not installed")(case)

if __name__ == "__main__":
    unittest.main()
