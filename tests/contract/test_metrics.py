"""Metrics: their shapes, the notations for Prometheus, their truth, and a worker that dies."""
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import unittest

from support.agent import Agent, free_port, wait_for
from support.case import RestCase

OPEN = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4; charset=utf-8"
ACCEPT_OPEN = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;q=0.5"}
# Slack on top of the interval of one second that these agents collect in.
LIMIT = 20
PROMETHEUS = shutil.which("prometheus")
INI = "[/settings/core]\nmetrics interval = 1s\n"

# ---- the grammar of the OpenMetrics specification, section "ABNF"
NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"^({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (\S+)$")
NUMBER = re.compile(r"^-?[0-9]+(\.[0-9]+)?$")  # never in the notation with an exponent
ESCAPED = {"open": r"(?:[^\\\"]|\\[\\n\"])*", "text": r"(?:[^\\]|\\[\\n])*"}
ENDINGS = {"gauge": {""}, "counter": {"_total"}, "histogram": {"_bucket", "_sum", "_count"}}


class Exposition:
    """Reads a whole answer and complains about every line that the grammar does not have."""

    def __init__(self, text, is_open):
        self.is_open = is_open
        self.families = {}  # name -> {type, unit, help, samples: {labels: value}}
        self.samples = {}   # (name, labels as a sorted tuple) -> number
        assert text.endswith("\n"), "the last line has no end"
        lines = text[:-1].split("\n")
        if is_open:
            assert lines.pop() == "# EOF", "no # EOF at the end"
        self.family = None
        for line in lines:
            if line.startswith("# "):
                self.describe(line)
            else:
                self.sample(line)
        for name, family in self.families.items():
            assert family["samples"], f"{name} has no sample"
            if family["type"] == "histogram":
                self.check_buckets(name, family)

    def describe(self, line):
        found = re.match(rf"^# (TYPE|UNIT|HELP) ({NAME}) (.*)$", line)
        assert found, line
        word, name, rest = found.groups()
        if self.family != name:
            assert name not in self.families, f"{name} is told in two places"
            self.families[name] = {"type": "unknown", "samples": {}}
            self.family = name
        family = self.families[name]
        assert not family["samples"], f"{line}: behind the samples"
        assert word.lower() not in family or word == "TYPE", f"{line}: twice"
        family[word.lower()] = rest
        if word == "TYPE":
            assert rest in ENDINGS, line
        elif word == "UNIT":
            assert self.is_open and name.endswith("_" + rest), line
        else:
            assert re.fullmatch(ESCAPED["open" if self.is_open else "text"], rest), line

    def sample(self, line):
        found = SAMPLE.match(line)
        assert found, line
        name, labels, number = found.group(1), found.group(2) or "", found.groups()[-1]
        pairs = dict(re.findall(LABEL, labels))
        assert len(pairs) == len(re.findall(LABEL, labels)), f"{line}: a label twice"
        assert NUMBER.match(number), line
        family = self.families.get(self.family)
        assert family, f"{line}: of no family"
        base = self.family
        if family["type"] == "counter" and not self.is_open:
            assert base.endswith("_total"), line
            base = base[:-len("_total")]
        assert name.startswith(base), f"{line}: within {self.family}"
        assert name[len(base):] in ENDINGS[family["type"]], line
        if family["type"] in ("counter", "histogram"):
            assert float(number) >= 0, line
        key = (name, tuple(sorted(pairs.items())))
        assert key not in self.samples, f"{line}: twice"
        self.samples[key] = family["samples"][key] = float(number)

    def check_buckets(self, name, family):
        groups = {}
        for (sample, labels), value in family["samples"].items():
            rest = tuple(pair for pair in labels if pair[0] != "le")
            bound = dict(labels).get("le")
            assert (bound is not None) == sample.endswith("_bucket"), sample
            groups.setdefault(rest, []).append((sample[len(name):], bound, value))
        for rest, lines in groups.items():
            buckets = [(float(b), v) for ending, b, v in lines if ending == "_bucket"]
            assert buckets == sorted(buckets), f"{name}{rest}: not in order"
            assert [v for _, v in buckets] == sorted(v for _, v in buckets), f"{name}{rest}"
            assert buckets[-1][0] == float("inf"), f"{name}{rest}: no +Inf"
            ends = {ending: v for ending, _, v in lines if ending != "_bucket"}
            assert set(ends) == {"_sum", "_count"} and ends["_count"] == buckets[-1][1]

    def value(self, name, **labels):
        return self.samples.get((name, tuple(sorted(labels.items()))))


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_total():
    with open("/proc/meminfo", encoding="ascii") as f:
        return int(re.search(r"^MemTotal:\s+(\d+) kB$", f.read(), re.M).group(1)) * 1024


class Metrics(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(
            Agent(modules=("CheckHelpers", "CheckSystem", "CheckDisk"), ini=INI)).start()
        cls.after("system.cpu.total.user", "workers.CheckDisk.metrics_up")

    @classmethod
    def flat(cls):
        status, body, headers = cls.agent.get("/api/v2/metrics")
        assert (status, headers["content-type"]) == (200, "application/json"), body
        return json.loads(body)

    @classmethod
    def after(cls, *names):
        """The first metrics that have all these names."""
        return wait_for(f"metrics with {names}", LIMIT, lambda: (
            lambda flat: flat if all(name in flat for name in names) else None)(cls.flat()))

    def exposition(self, is_open):
        status, kind, text = self.ask("GET /api/v2/openmetrics",
                                      headers=ACCEPT_OPEN if is_open else {})
        self.assertEqual((status, kind), (200, OPEN if is_open else TEXT))
        return Exposition(text, is_open), text

    # ---- shapes
    def test_the_flat_form_has_the_names_of_the_specification(self):
        flat = self.flat()
        for core in ("total", "core_0"):
            for share in ("idle", "user", "kernel", "total"):
                value = flat[f"system.cpu.{core}.{share}"]
                self.assertTrue(0 <= value <= 100.1, (core, share, value))
        for kind in ("physical", "cached", "swap"):
            for part in ("total", "avail", "used", "%"):
                self.assertIn(f"system.mem.{kind}.{part}", flat)
        self.assertEqual(flat["system.mem.physical.total"], memory_total())
        self.assertEqual(flat["system.uptime.ticks.raw"], flat["system.uptime.boot.raw"])
        self.assertIsInstance(flat["system.uptime.ticks.raw"], int)
        self.assertIsInstance(flat["system.uptime.uptime"], str)
        self.assertRegex(flat["system.uptime.boot"], r"^\d{4}-\S+ \d\d:\d\d:\d\d")
        for name in ("jobs", "submitted", "errors", "threads", "refresh_interval"):
            self.assertIsInstance(flat["workers." + name], int)
        self.assertEqual(flat["workers.refresh_interval"], 1)

    def test_drives_are_those_of_the_check_and_as_large_as_the_system_says(self):
        flat = self.flat()
        found = {name[len("disk.free."):-len(".total")] for name in flat
                 if name.startswith("disk.free.") and name.endswith(".total")}
        # In a container there may be none.
        _, drives = self.agent.check("check_drivesize", "warn=none", "crit=none",
                                     "top-syntax=%25(list)", "detail-syntax=%25(drive)",
                                     "ok-syntax=%25(list)", "empty-syntax=none")
        self.assertEqual(found, set() if drives == "none" else set(drives.split(", ")))
        for mount in found:
            path = f"disk.free.{mount}."
            space = os.statvfs(mount)
            self.assertEqual(flat[path + "total"], space.f_blocks * space.f_frsize)
            self.assertAlmostEqual(flat[path + "free_pct"] + flat[path + "used_pct"], 100,
                                   places=6)

    def test_the_legacy_form_has_the_bundles_as_levels(self):
        tree = self.json("GET /metrics")
        self.assertIn("total.user", tree["system"]["cpu"])
        self.assertEqual(tree["workers"]["CheckDisk"]["state"]["running"], 1)
        self.assertIn("count", tree["workers"]["CheckDisk"]["call_duration_seconds"])

    def test_both_notations_for_prometheus_keep_to_their_grammar(self):
        for is_open in (True, False):
            with self.subTest(is_open=is_open):
                found, text = self.exposition(is_open)
                # What NSClient++'s own tests look for.
                self.assertRegex(text, r"(?m)^system_cpu_\S+ [\d.]+$")
                self.assertRegex(text, r"(?m)^system_mem_\S+ [\d.]+$")
                name = "workers_restarts" + ("" if is_open else "_total")
                self.assertEqual(found.families[name]["type"], "counter")
                self.assertEqual(
                    found.families["workers_call_duration_seconds"]["type"], "histogram")
                for worker in ("WEBServer", "CheckHelpers", "CheckSystem", "CheckDisk"):
                    self.assertEqual(found.value("workers_up", worker=worker), 1)
                    self.assertEqual(
                        found.value("workers_state", worker=worker, state="running"), 1)
                # Asked for figures are only those whose manifest says that they have some.
                self.assertEqual(found.value("workers_metrics_up", worker="CheckDisk"), 1)
                self.assertIsNone(found.value("workers_metrics_up", worker="CheckHelpers"))

    # ---- truth
    def test_memory_and_processor_time_are_those_of_the_process(self):
        pid = self.agent.pid_of("CheckHelpers")
        labels = {"worker": "CheckHelpers"}
        found, _ = self.exposition(True)
        shown = found.value("workers_resident_memory_bytes", **labels)
        self.assertLess(abs(shown - resident_bytes(pid)), 0.3 * shown)
        self.assertAlmostEqual(found.value("workers_cpu_seconds_total", **labels),
                               cpu_seconds(pid), delta=0.5)

    def test_calls_are_counted_and_timed(self):
        before = self.flat()
        for _ in range(20):
            self.assertEqual(self.agent.check("check_ok")[0], 0)
        path = "workers.CheckHelpers."
        flat = wait_for("twenty calls more", LIMIT, lambda: (
            lambda f: f if f[path + "calls"] >= before[path + "calls"] + 20 else None)(
                self.flat()))
        count = path + "call_duration_seconds.count"
        self.assertEqual(flat[count], before[count] + 20)
        self.assertEqual(flat[path + "calls_running"], 0)
        self.assertGreater(flat[path + "call_duration_seconds.sum"],
                           before[path + "call_duration_seconds.sum"])
        self.assertGreaterEqual(flat["workers.submitted"], before["workers.submitted"] + 20)

    def test_a_killed_worker_is_down_and_then_counts_one_restart(self):
        path = "workers.CheckSystem."
        before = self.flat()
        # Killed again and again until the back-off is long enough for a round to see it.
        def seen_down():
            module = self.agent.module("CheckSystem")["metadata"]
            if int(module.get("pid", 0)):
                os.kill(int(module["pid"]), signal.SIGKILL)
            flat = self.flat()
            return flat if flat[path + "up"] == 0 else None
        down = wait_for("CheckSystem to be down", LIMIT, seen_down, pause=0.2)
        self.assertEqual(down[path + "state.running"], 0)
        self.assertNotIn("system.cpu.total.user", down)  # no figure of yesterday
        self.assertNotIn(path + "resident_memory_bytes", down)
        self.assertEqual(down[path + "last_exit_code"], 128 + signal.SIGKILL)
        self.assertIn("signal 9", down[path + "last_exit_reason"])
        up = wait_for("CheckSystem to be up again", LIMIT, lambda: (
            lambda f: f if f[path + "up"] == 1 and "system.cpu.total.user" in f else None)(
                self.flat()))
        self.assertGreater(up[path + "restarts"], before[path + "restarts"])

    # ---- the real reader
    @unittest.skipUnless(PROMETHEUS, "prometheus is not installed")
    def test_prometheus_takes_the_answer_without_complaint(self):
        folder = os.path.join(self.agent.folder, "prometheus")
        os.mkdir(folder)
        port = free_port()
        with open(os.path.join(folder, "prometheus.yml"), "w", encoding="utf-8") as f:
            json.dump({"scrape_configs": [{  # YAML takes JSON
                "job_name": "nscp", "scrape_interval": "1s", "scheme": "https",
                "metrics_path": "/api/v2/openmetrics",
                "tls_config": {"insecure_skip_verify": True},
                "basic_auth": {"username": "admin", "password": self.agent.password},
                "static_configs": [{"targets": [f"127.0.0.1:{self.agent.port}"]}]}]}, f)
        log = self.enterContext(open(os.path.join(folder, "log"), "w+b"))
        process = subprocess.Popen(
            [PROMETHEUS, f"--config.file={folder}/prometheus.yml",
             f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}"],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env=self.agent.environment())
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.kill)

        def ask(query):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            try:
                connection.request("GET", "/api/v1/" + query)
                response = connection.getresponse()
                return json.loads(response.read()) if response.status == 200 else None
            except OSError:
                assert process.poll() is None, "prometheus ended"
                return None
            finally:
                connection.close()

        def value(query):
            answer = ask("query?query=" + query)
            found = answer["data"]["result"] if answer else []
            return float(found[0]["value"][1]) if found else None

        wait_for("prometheus to have scraped", 60, lambda: value("up") == 1.0, pause=0.2)
        target = ask("targets")["data"]["activeTargets"][0]
        self.assertEqual((target["health"], target["lastError"]), ("up", ""))
        self.assertEqual(value('workers_up{worker="CheckDisk"}'), 1)
        self.assertGreater(value("system_uptime_ticks_raw"), 0)
        kind = ask("metadata?metric=workers_call_duration_seconds")["data"]
        self.assertEqual(kind["workers_call_duration_seconds"][0]["type"], "histogram")
        log.seek(0)
        self.assertNotRegex(log.read().decode(), r"(?i)level=(warn|error)")


if __name__ == "__main__":
    unittest.main()
