"""CheckDisk beyond drives and files (test_checks_linux.py): mounts, disk activity, write tests, shares, the kept
trend, and what hostile arguments do. Figures stand beside those of findmnt, df, lsblk, /sys and the coreutils."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from support.agent import Agent, wait_for
from support.hung_mount import KIND, HungMount

MB = 1024 * 1024
OK, WARNING, CRITICAL, UNKNOWN = range(4)
SPACE_SLACK = 1024 * MB  # other tests write at the same time
LIMIT = 15
NO_DISKS = re.compile(r"^(loop|ram|zram|dm-|md|sr|fd)")

FILTER_OPTIONS = set("""filter warning warn critical crit ok debug show-all empty-state perf-config escape-html
 list-separator top-syntax ok-syntax empty-syntax detail-syntax perf-syntax help help-pb help-short
 show-default""".split())
# Each command with options of its own, and keywords that help must tell in help-pb.
OPTIONS = {
    "check_drivesize": "drive exclude total ignore-missing trend-window fetch-only",
    "check_files": "path file paths pattern max-depth total ignore-missing",
    "check_single_file": "file path ignore-missing",
    "check_mount": "mount options fstype",
    "check_disk_io": "", "check_disk_health": "",
    "check_disk_write": "file path size",
    "check_uncpath": "path user password",
    "check_storagepool": "", "check_shadowcopy": "", "check_share": "",
}
DEFAULTS = {
    "check_mount": {"warning": "has_issues = 1", "critical": "issues like 'not mounted'", "empty-state": "unknown",
                    "top-syntax": "${status}: ${problem_list}", "ok-syntax": "%(status): mounts are as expected",
                    "empty-syntax": "check_mount found nothing matching this filter",
                    "detail-syntax": "mount ${mount} ${issues}"},
    "check_disk_io": {"filter": "name != '_Total'", "warning": "percent_disk_time > 80",
                      "critical": "percent_disk_time > 95", "empty-state": "critical",
                      "ok-syntax": "%(status): All disk I/O seems ok."},
    "check_disk_health": {"filter": "name != '_Total'", "empty-state": "critical",
                          "ok-syntax": "%(status): All disks are healthy."},
    "check_disk_write": {"critical": "has_issues = 1", "empty-state": "unknown", "size": "1k",
                         "empty-syntax": "No write test performed"},
    "check_uncpath": {"warning": "used_pct > 80", "critical": "used_pct > 90", "empty-state": "unknown",
                      "empty-syntax": "%(status): No paths checked"},
}


def output(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=20, text=True).stdout


class DiskCase(unittest.TestCase):
    INI = "[/settings/disk]\ncollection interval = 1s\n[/settings/core]\nmetrics interval = 1s\n"

    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=("CheckDisk",), ini=cls.INI)).start()
        cls.folder = tempfile.mkdtemp(prefix="nscp-test-", dir="/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def ask(self, command, *arguments):
        """(state, message, {label: figures})"""
        query = "&".join(urllib.parse.quote_plus(a, safe="=") if "=" not in a else
                         "=".join(map(urllib.parse.quote_plus, a.split("=", 1))) for a in arguments)
        status, body, _ = self.agent.get(f"/api/v2/queries/{command}/commands/execute?{query}")
        self.assertEqual(status, 200, body)
        answer = json.loads(body)
        line = answer["lines"][0]
        return answer["result"], line["message"], line["perf"]

    def path(self, name, content=None):
        path = os.path.join(self.folder, name)
        if content is not None:
            with open(path, "wb") as f:
                f.write(content)
        return path


class Disk(DiskCase):
    def test_every_command_tells_its_options_and_defaults(self):
        for command, own in OPTIONS.items():
            _, text, _ = self.ask(command, "help-short")
            names = {re.split(r"[=\t ]", line.strip())[0] for line in text.splitlines() if line.strip()}
            self.assertEqual(names, FILTER_OPTIONS | set(own.split()), command)
            state, text, _ = self.ask(command, "help")
            self.assertEqual(state, OK)
            self.assertGreater(len(text), 500, command)
            state, text, _ = self.ask(command, "show-default")
            self.assertEqual(state, OK)
            for key, value in DEFAULTS.get(command, {}).items():
                self.assertIn(f'"{key}={value}"', text, command)

    def test_mounts_are_those_of_findmnt(self):
        found = json.loads(output("findmnt", "-J", "-l", "-o", "TARGET,FSTYPE,OPTIONS"))["filesystems"]
        last = {row["target"]: row for row in found}  # a later mount covers an earlier one
        for target, row in last.items():
            state, text, _ = self.ask("check_mount", f"mount={target}", f"fstype={row['fstype']}",
                                      f"options={row['options']}")
            self.assertEqual((state, text), (OK, "OK: mounts are as expected"), row)
        _, text, _ = self.ask("check_mount", "top-syntax=%(list)", "detail-syntax=%(mount)", "list-separator=\\n")
        self.assertLessEqual(set(text.split("\n")), set(last))
        self.assertIn("/", text.split("\n"))
        kind = last["/"]["fstype"]
        state, text, _ = self.ask("check_mount", "mount=/", "fstype=zfs9")
        self.assertEqual((state, text), (WARNING, f"WARNING: mount / expected fstype differs: zfs9 != {kind}"))
        state, text, _ = self.ask("check_mount", "mount=/nope")
        self.assertEqual((state, text), (CRITICAL, "CRITICAL: mount /nope not mounted"))
        state, text, _ = self.ask("check_mount", "fstype=zfs9")
        self.assertEqual((state, text), (UNKNOWN, "check_mount found nothing matching this filter"))
        state, text, _ = self.ask("check_mount", "mount=/", "options=nosuchoption")
        self.assertEqual(state, WARNING)
        self.assertIn("missing options: nosuchoption, exceeding options: ", text)

    def disks(self):
        return sorted(name for name in os.listdir("/sys/block") if not NO_DISKS.match(name))

    def test_disks_are_those_of_the_kernel_and_show_what_is_written(self):
        if not self.disks():
            self.skipTest("no disk of its own")
        _, text, _ = self.ask("check_disk_io", "warn=none", "crit=none", "detail-syntax=%(name)",
                              "top-syntax=%(list)", "list-separator=\\n")
        self.assertEqual(sorted(text.split("\n")), self.disks())
        device = os.stat(self.folder).st_dev
        link = f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"
        disk = os.path.basename(os.path.realpath(link))
        if disk not in self.disks():
            self.skipTest("the folder lies on no disk of its own")
        stat = f"/sys/block/{disk}/stat"

        def written():
            with open(stat, encoding="ascii") as f:
                return int(f.read().split()[6]) * 512

        before = written()
        self.path("big", os.urandom(16 * MB))
        os.sync()
        by_kernel = written() - before
        self.assertGreaterEqual(by_kernel, 8 * MB)
        name = f"name = '{disk}'"

        def rate():
            _, _, perf = self.ask("check_disk_io", f"filter={name}", "warn=write_bytes_per_sec > 1",
                                  "crit=writes_per_sec > 1 and iops > 1 and percent_disk_time > 101")
            figures = {label: value["value"] for label, value in perf.items()}
            return figures if figures[f"{disk}_write_bytes_per_sec"] > by_kernel / 4 else None

        figures = wait_for("the written bytes", LIMIT, rate, pause=0.1)
        self.assertGreaterEqual(figures[f"{disk}_iops"], figures[f"{disk}_writes_per_sec"])
        self.assertLessEqual(figures[disk], 100)

    def test_health_is_that_of_df_and_the_disk_below(self):
        rows = [line.split() for line in output("df", "-B1", "--output=target,size,used,avail").splitlines()[1:]]
        spaces = {row[0]: [int(word) for word in row[1:]] for row in rows}
        state, text, perf = self.ask("check_disk_health", "filter=has_space = 1", "warn=free_pct < 0 or size < 0b",
                                     "crit=used < 0b or user_free < 0b", "detail-syntax=%(name)",
                                     "top-syntax=%(list)", "list-separator=\\n")
        self.assertEqual(state, OK)
        for mount in filter(None, text.split("\n")):
            size, used, free = spaces[mount]
            self.assertEqual(perf[f"{mount}_total"]["value"], size)
            self.assertLess(abs(perf[f"{mount}_used"]["value"] - used), SPACE_SLACK)
            self.assertLess(abs(perf[f"{mount}_user_free"]["value"] - free), SPACE_SLACK)
            self.assertAlmostEqual(perf[mount]["value"], 100 * (size - used) / size, delta=2)
        _, text, _ = self.ask("check_disk_health", "warn=none", "crit=none", "perf-syntax=none",
                              "filter=has_space = 0 and name != '_Total'", "detail-syntax=%(name)",
                              "top-syntax=%(list)", "empty-state=ok", "empty-syntax=none")
        for name in filter(None, text.split(", ")):
            self.assertIn(name, self.disks())

    def test_figures_of_disks_are_metrics(self):
        def found():
            figures = json.loads(self.agent.get("/api/v2/metrics")[1])
            return {key for key in figures if key.startswith("disk.io.")}

        names = wait_for("metrics of disks", LIMIT, found, pause=0.2)
        for name in ("read_bytes_per_sec", "write_bytes_per_sec", "reads_per_sec", "writes_per_sec", "queue_length",
                     "percent_disk_time", "percent_idle_time", "split_io_per_sec", "read_latency", "write_latency",
                     "total_latency"):
            for disk in ["_Total"] + self.disks():
                self.assertIn(f"disk.io.{disk}.{name}", names)

    def test_a_file_is_written_read_back_and_gone(self):
        probe = self.path("probe")
        for option in ("file", "path"):
            state, text, _ = self.ask("check_disk_write", f"{option}={probe}", "size=64k")
            self.assertEqual(state, OK, text)
            self.assertRegex(text, rf"^OK: {probe}: wrote and read back 65536 bytes in \d+ms$")
            self.assertFalse(os.path.exists(probe))
        mine = self.path("mine", b"precious")
        state, text, _ = self.ask("check_disk_write", f"file={mine}")
        self.assertEqual((state, text), (CRITICAL, f"CRITICAL: {mine}: file already exists "
                                                   "(refusing to overwrite it)"))
        with open(mine, "rb") as f:
            self.assertEqual(f.read(), b"precious")
        os.symlink("elsewhere", self.path("link"))
        self.assertEqual(self.ask("check_disk_write", f"file={self.path('link')}")[0], CRITICAL)
        self.assertFalse(os.path.exists(self.path("elsewhere")))
        for arguments, wanted in (((), "No file specified (use file=<path>)"),
                                  ((f"file={probe}", "size=2M"), "Size too large: 2M (maximum is 1M)"),
                                  ((f"file={probe}", "size=x"), "Invalid size: x")):
            self.assertEqual(self.ask("check_disk_write", *arguments)[:2], (UNKNOWN, wanted))
        state, text, _ = self.ask("check_disk_write", "file=/proc/nscp-probe")
        self.assertEqual(state, CRITICAL)
        self.assertIn("failed to create file: ", text)

    def test_a_path_has_the_space_of_df(self):
        size, used = map(int, output("df", "-B1", "--output=size,used", self.folder).splitlines()[1].split())
        _, text, perf = self.ask("check_uncpath", f"path={self.folder}", "warn=size < 0b", "crit=used < 0b")
        self.assertEqual(perf[f"{self.folder}_size"]["value"], size)
        self.assertLess(abs(perf[f"{self.folder}_used"]["value"] - used), SPACE_SLACK)
        self.assertRegex(text, rf"^OK: {self.folder}: \S+B/\S+B used \(\S+B free\)$")
        self.assertEqual(self.ask("check_uncpath")[:2],
                         (UNKNOWN, "No path specified (use path=\\\\server\\share)"))
        state, text, _ = self.ask("check_uncpath", "path=/nope")
        self.assertEqual(state, UNKNOWN)
        self.assertIn("/nope", text)

    def test_what_this_system_has_not_is_unknown_and_says_so(self):
        for command in ("check_storagepool", "check_shadowcopy", "check_share"):
            state, text, _ = self.ask(command)
            self.assertEqual(state, UNKNOWN)
            self.assertIn("is not supported on this platform", text)
        for old, new in (("checkDriveSize", "check_drivesize"), ("checkFiles", "check_files")):
            self.assertEqual(self.ask(old, "MaxWarn=80%")[:2],
                             (UNKNOWN, f"{old} is a deprecated legacy command and is not supported on this "
                                       f"platform; use {new} instead."))

    def test_content_is_that_of_other_tools(self):
        path = self.path("content", os.urandom(3 * MB) + b"\n" * 1000)
        for tool, keyword in (("md5sum", "md5_checksum"), ("sha1sum", "sha1_checksum"),
                              ("sha256sum", "sha256_checksum"), ("sha384sum", "sha384_checksum"),
                              ("sha512sum", "sha512_checksum")):
            _, text, _ = self.ask("check_single_file", f"file={path}", "top-syntax=%(list)",
                                  f"detail-syntax=%({keyword})")
            self.assertEqual(text, output(tool, path).split()[0])
        lines = self.path("lines", b"one\ntwo\nthree")
        _, text, _ = self.ask("check_single_file", f"file={lines}", "top-syntax=%(list)",
                              "detail-syntax=%(line_count)")
        self.assertEqual(text, output("wc", "-l", lines).split()[0])

    def test_hostile_arguments_get_an_answer(self):
        os.mkfifo(self.path("pipe"))
        long = "x" * 5000
        for command, *arguments in (
                ("check_files", f"path={self.folder}", "pattern=" + "*a" * 500),
                ("check_files", f"file={self.path('pipe')}", "crit=line_count > 0"),
                ("check_files", f"path=/{long}"), ("check_files", "path=\udcff\udcfe"),
                ("check_single_file", f"file={self.path('pipe')}", "detail-syntax=%(sha256_checksum)"),
                ("check_single_file", f"file=/{long}"), ("check_single_file", "file=/dev/zero",
                                                         "detail-syntax=%(line_count)"),
                ("check_mount", f"mount={long}", f"options={','.join(['o'] * 1000)}"),
                ("check_mount", "mount=\udcff"), ("check_mount", "mount="), ("check_drivesize", f"drive=/{long}"),
                ("check_disk_write", f"file=/{long}"), ("check_disk_write", "file=/dev/null"),
                ("check_disk_write", f"file={self.path('new')}", "size=99999999999999999999"),
                ("check_disk_write", f"file={self.path('new')}", "size=-1"),
                ("check_uncpath", f"path=/{long}"), ("check_disk_io", "filter=name regexp '((((((a*)*)*)*)*)*b'"),
                ("check_disk_health", "nosuch=1"), ("check_share", "nosuch=1")):
            query = "&".join(urllib.parse.quote(a, safe="=", errors="surrogateescape") for a in arguments)
            status, body, _ = self.agent.get(f"/api/v2/queries/{command}/commands/execute?{query}")
            self.assertEqual(status, 200, (command, arguments))
            self.assertIn(json.loads(body)["result"], (OK, WARNING, CRITICAL, UNKNOWN))
        self.assertFalse(os.path.exists(self.path("new")))
        self.assertEqual(self.agent.module("CheckDisk")["metadata"]["restarts"], "0")


class Switched(DiskCase):
    INI = "[/settings/disk]\ndisable = disk_io, disk_free, trend\n"

    def test_what_is_disabled_is_not_collected(self):
        for command in ("check_disk_io", "check_disk_health"):
            self.assertEqual(self.ask(command)[:2], (UNKNOWN, "Collector not started"))
        _, text, _ = self.ask("check_drivesize", "drive=/", "top-syntax=%(list)", "warn=none", "crit=none",
                              "detail-syntax=%(trend_samples) %(full_in) %(rate)")
        self.assertEqual(text, "0 never unknown")


class Trend(DiskCase):
    INI = "[/settings/disk]\ntrend interval = 1s\ndisable = disk_io\n"

    def samples(self):
        _, text, _ = self.ask("check_drivesize", "drive=/", "top-syntax=%(list)", "warn=none", "crit=none",
                              "detail-syntax=%(trend_samples)")
        return int(text)

    def test_the_trend_outlives_the_agent(self):
        mounts = json.loads(output("findmnt", "-J", "-l", "-o", "TARGET,FSTYPE"))["filesystems"]
        if [m["fstype"] for m in mounts if m["target"] == "/"][-1] == "overlay":
            self.skipTest("/ is no real drive here")
        wait_for("three samples", LIMIT, lambda: self.samples() >= 3)
        before = self.samples()
        self.assertEqual(self.agent.stop(), 0)
        self.agent.log_file.close()
        self.agent.start()
        # The first sample of the new process comes with what the old one left.
        after = wait_for("the first sample", LIMIT, self.samples)
        self.assertGreaterEqual(after, before)


class Hung(DiskCase):
    PATIENCE = 3.0  # of the module, with a file system
    SLACK = 2.0

    @classmethod
    def setUpClass(cls):
        cls.gone = tempfile.mkdtemp(prefix="nscp-test-gone-", dir="/tmp")
        cls.addClassCleanup(os.rmdir, cls.gone)
        cls.enterClassContext(HungMount(cls.gone))
        super().setUpClass()

    def timed(self, limit, *words):
        begin = time.monotonic()
        answer = self.ask(*words)
        self.assertLess(time.monotonic() - begin, limit + self.SLACK, words)
        return answer

    def test_a_file_system_that_hangs_is_named_and_holds_up_nobody(self):
        silent = f"The file system of {self.gone} has not answered for "
        calm = ("warn=none", "crit=none", "perf-syntax=none")
        state, text, _ = self.timed(self.PATIENCE, "check_drivesize", *calm)
        self.assertEqual(state, UNKNOWN)
        self.assertIn(silent, text)
        # From then on nobody waits for it.
        for words in (("check_drivesize", f"drive={self.gone}", *calm), ("check_disk_health", *calm),
                      ("check_uncpath", f"path={self.gone}")):
            state, text, _ = self.timed(0, *words)
            self.assertEqual(state, UNKNOWN)
            self.assertIn(silent, text)
        real = [line.split()[0] for line in self.timed(0, "check_drivesize", "fetch-only")[1].splitlines()]
        self.assertNotIn(self.gone, real)
        if real:  # in a container there may be no other one
            state, text, _ = self.timed(0, "check_drivesize", "warn=used >= 0%", "crit=none", "perf-syntax=none")
            self.assertEqual(state, WARNING)
            self.assertIn(silent, text)
            wait_for("metrics of other drives", LIMIT, lambda: f"disk.free.{real[0]}.total" in json.loads(
                self.agent.get("/api/v2/metrics")[1]), pause=0.1)
        self.assertEqual(self.timed(0, "check_drivesize", "drive=/", *calm)[0], OK)
        self.assertEqual(self.timed(0, "check_mount", f"mount={self.gone}", f"fstype={KIND}")[0], OK)
        self.assertEqual(self.timed(0, "check_drivesize", f"drive={self.gone}", "warn=none",
                                    "crit=readable = 0", "perf-syntax=none")[0], CRITICAL)


if __name__ == "__main__":
    unittest.main()
