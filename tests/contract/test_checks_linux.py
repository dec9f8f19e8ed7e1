"""CheckSystem and CheckDisk on a live Linux, each figure beside one from another source."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from support.agent import Agent, wait_for

MB = 1024 * 1024
# What may change between two looks at a machine that is busy with other tests.
MEMORY_SLACK = 1024 * MB
DISK_SLACK = 1024 * MB
INODE_SLACK = 20000
LOAD_SLACK = 3.0            # the kernel counts anew every 5 s
CPU_SLACK = 35              # points, over the life of the agent
UPTIME_SLACK = 2            # s
AGE_SLACK = 2               # s
RSS_SLACK = MB // 4

PSEUDO = set("""proc sysfs cgroup cgroup2 devtmpfs devpts mqueue hugetlbfs debugfs tracefs
 securityfs pstore bpf configfs fusectl autofs binfmt_misc rpc_pipefs nsfs efivarfs ramfs
 selinuxfs fuse.gvfsd-fuse fuse.portal overlay tmpfs sysvfs squashfs fuse.snapfuse""".split())
CHECKS = ("check_cpu", "check_memory", "check_load", "check_uptime", "check_process",
          "check_drivesize", "check_files", "check_single_file")


def output(*command):
    return subprocess.run(command, capture_output=True, check=True, timeout=20).stdout.decode(
        errors="surrogateescape")


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def meminfo():
    lines = (line.split() for line in read("/proc/meminfo").splitlines())
    return {fields[0].rstrip(":"): int(fields[1]) * 1024 for fields in lines}


def cpu_ticks():
    """(busy, all) of all processors"""
    ticks = [int(word) for word in read("/proc/stat").split("\n", 1)[0].split()[1:9]]
    return sum(ticks) - ticks[3] - ticks[4], sum(ticks)


class LiveCase(unittest.TestCase):
    """One agent and one folder for each class."""

    @classmethod
    def setUpClass(cls):
        cls.ticks = cpu_ticks()
        cls.agent = cls.enterClassContext(Agent(modules=("CheckSystem", "CheckDisk"))).start()
        cls.folder = tempfile.mkdtemp(prefix="nscp-test-", dir="/tmp")
        cls.addClassCleanup(shutil.rmtree, cls.folder)

    def ask(self, command, *arguments):
        """(state, message, {label: figures})"""
        query = "&".join(urllib.parse.quote(argument, safe="=") if "=" not in argument else
                         "=".join(map(urllib.parse.quote_plus, argument.split("=", 1)))
                         for argument in arguments)
        status, body, _ = self.agent.get(
            f"/api/v2/queries/{command}/commands/execute?{query}")
        self.assertEqual(status, 200, body)
        answer = json.loads(body)
        line = answer["lines"][0]
        return answer["result"], line["message"], line["perf"]

    def values(self, command, *arguments):
        return {label: perf["value"] for label, perf in self.ask(command, *arguments)[2].items()}

    def nagios(self, command, *arguments):
        """"message|performance data" """
        query = "&".join("=".join(map(urllib.parse.quote_plus, a.split("=", 1)))
                         for a in arguments)
        _, body, _ = self.agent.get(
            f"/api/v2/queries/{command}/commands/execute_nagios?{query}")
        line = json.loads(body)["lines"][0]
        return line["message"] + ("|" + line["perf"] if line["perf"] else "")

    def near(self, found, wanted, slack, what=""):
        self.assertLessEqual(abs(found - wanted), slack, f"{what}: {found} beside {wanted}")


class System(LiveCase):
    def test_memory_is_what_the_kernel_tells(self):
        perf = self.ask("check_memory", "perf-config=*(unit:B)")[2]
        kernel = meminfo()
        free = {"physical": kernel["MemFree"],
                "cached": kernel["MemFree"] + kernel["Buffers"] + kernel["Cached"]}
        for name, bytes_free in free.items():
            self.assertEqual(perf[name]["maximum"], kernel["MemTotal"])
            self.near(perf[name]["value"], kernel["MemTotal"] - bytes_free, MEMORY_SLACK, name)
        self.assertEqual(perf["swap"]["maximum"], kernel["SwapTotal"])

    def test_load_and_uptime_are_what_the_kernel_tells(self):
        load = self.values("check_load")
        for name, word in zip(("load1", "load5", "load15"), read("/proc/loadavg").split()):
            self.near(load["total_" + name], float(word), LOAD_SLACK, name)
        if os.cpu_count() > 1:
            scaled = self.values("check_load", "percpu=true")
            self.near(scaled["scaled_load15"] * os.cpu_count(), load["total_load15"], LOAD_SLACK)
        uptime = self.values("check_uptime")["uptime"]
        self.near(uptime, float(read("/proc/uptime").split()[0]), UPTIME_SLACK)
        _, text, _ = self.ask("check_uptime", "detail-syntax=%(boot)")
        boot = time.mktime(time.strptime(text.split(": ")[1], "%Y-%m-%d %H:%M:%S"))
        self.near(boot, time.time() - uptime, UPTIME_SLACK)

    def test_the_cpu_adds_up_and_is_as_busy_as_the_kernel_tells(self):
        _, text, _ = self.ask("check_cpu", "time=1h", "cores", "top-syntax=%(list)",
                              "detail-syntax=%(core),%(load),%(user),%(system),%(idle)",
                              "list-separator=;")
        rows = [row.split(",") for row in text.split(";")]
        self.assertEqual([row[0] for row in rows],
                         sorted(f"core {i}" for i in range(os.cpu_count())) + ["total"])
        for _, load, user, kernel, idle in rows:
            self.near(int(load), int(user) + int(kernel), 1)
            self.near(int(load) + int(idle), 100, 2)
        busy, total = (now - then for now, then in zip(cpu_ticks(), self.ticks))
        self.near(int(rows[-1][1]), 100 * busy / total, CPU_SLACK)

    def test_the_worked_examples(self):
        number = r"[0-9.]+"
        size = number + "[KMGT]?B"  # how much it is at the moment
        for command, arguments, wanted in (
                ("check_cpu", ("warn=load > 101", "crit=load > 102"),
                 r"OK: CPU load is ok\.\|'total 5s'=\d+%;101;102 'total 1m'=\d+%;101;102 "
                 r"'total 5m'=\d+%;101;102"),
                ("check_cpu", ("time=5m", "top-syntax=%(status): Cpu usage is %(list)",
                               "detail-syntax=%(load) %", "warn=load > 101", "crit=none"),
                 r"OK: Cpu usage is \d+ %\|'total 5m'=\d+%;101;0"),
                ("check_memory", ("warn=used > 101%", "crit=used > 102%"),
                 rf"OK: physical = {size}, cached = {size}, swap = {size}\|"
                 rf"'physical'={size};{number};{number};0;{number} 'physical %'=\d+%;101;102;"
                 rf"0;100 'cached'={size};{number};{number};0;{number} 'cached %'=\d+%;101;102;"
                 rf"0;100 'swap'={size};{number};{number};0;{number}.*"),
                ("check_memory", ("type=physical", "warn=free < 1%", "crit=free < 1M"),
                 rf"OK: physical = {size}\|'physical'={size};{number};{number};0;{number} "
                 r"'physical %'=\d+%;1;0;0;100"),
                ("check_load", (),
                 rf"OK: total load average: ({number}, ){{2}}{number}\|'total_load1'={number};0;0 "
                 rf"'total_load15'={number};0;0 'total_load5'={number};0;0"),
                ("check_process", ("process=nosuch",),
                 r"CRITICAL: nosuch=stopped\|'nosuch_state'=0;0;0 'count'=1;0;0"),
                ("check_process", ("process=nosuch", "filter=exe='zz'"),
                 r"UNKNOWN: No processes found\|'count'=0;0;0"),
                ("check_uptime", ("warn=none", "crit=uptime < 1s"),
                 r"OK: uptime: [^,]+h, boot: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(local\)\|"
                 r"'uptime'=\d+s;0;1"),
                ("check_memory", ("type=none",), "Invalid type: none")):
            self.assertRegex(self.nagios(command, *arguments), f"^{wanted}$")

    DEFAULTS = {
        "check_cpu": "filter=core = 'total'|warning=load > 80|critical=load > 90|"
                     "empty-state=ignored|list-separator=, |"
                     "top-syntax=${status}: ${problem_list}|"
                     "ok-syntax=%(status): CPU load is ok.|detail-syntax=${time}: ${load}%|"
                     "perf-syntax=${core} ${time}",
        "check_memory": "warning=used > 80%|critical=used > 90%|empty-state=ignored|"
                        "list-separator=, |top-syntax=${status}: ${list}|"
                        "detail-syntax=${type} = ${used}|perf-syntax=${type}",
        "check_load": "empty-state=ignored|list-separator=, |top-syntax=${status}: ${list}|"
                      "detail-syntax=${type} load average: ${load1}, ${load5}, ${load15}|"
                      "perf-syntax=${type}",
        "check_uptime": "max-unit=w|warning=uptime < 2d|critical=uptime < 1d|"
                        "empty-state=ignored|list-separator=, |top-syntax=${status}: ${list}|"
                        "detail-syntax=uptime: ${uptime}h, boot: ${boot} (${tz})|"
                        "perf-syntax=uptime",
        "check_process": "filter=state != 'unreadable'|warning=state not in ('started')|"
                         "critical=state = 'stopped', count = 0|empty-state=unknown|"
                         "list-separator=, |top-syntax=${status}: ${problem_list}|"
                         "ok-syntax=%(status): all processes are ok.|"
                         "empty-syntax=UNKNOWN: No processes found|"
                         "detail-syntax=${exe}=${state}|perf-syntax=${exe}",
        "check_drivesize": "trend-window=24h|filter=mounted = 1|warning=used > 80%|"
                           "critical=used > 90%|empty-state=unknown|list-separator=, |"
                           "top-syntax=${status} ${problem_list}|"
                           "ok-syntax=%(status) All %(count) drive(s) are ok|"
                           "empty-syntax=%(status): No drives found|"
                           "detail-syntax=${drive_or_name}: ${used}/${size} used|"
                           "perf-syntax=${drive_or_id}",
        "check_files": "pattern=*.*|total=filter|empty-state=unknown|list-separator=, |"
                       "top-syntax=${status}: ${problem_count}/${count} files "
                       "(${problem_list})|ok-syntax=%(status): All %(count) files are ok|"
                       "empty-syntax=No files found|detail-syntax=${name}|perf-syntax=${name}",
        "check_single_file": "empty-state=ok|list-separator=, |top-syntax=%(status): %(list)|"
                             "ok-syntax=%(status): %(filename) is ok|"
                             "empty-syntax=No file inspected|"
                             "detail-syntax=%(filename) (size=%(size), age=%(age))|"
                             "perf-syntax=%(filename)",
    }

    def test_every_check_has_help_and_tells_its_defaults(self):
        self.assertEqual(set(self.DEFAULTS), set(CHECKS))
        for command, defaults in self.DEFAULTS.items():
            state, text, _ = self.ask(command, "help")
            self.assertEqual(state, 0)
            self.assertIn("  warning=ARG ", text)
            wanted = "".join(f'"{word}" ' for word in defaults.split("|"))
            self.assertEqual(self.ask(command, "show-default")[:2], (0, wanted))


class Processes(LiveCase):
    NAME = f"probe-{os.getpid()}"  # another run of this test may stand beside

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        program = os.path.join(cls.folder, cls.NAME)
        shutil.copy(shutil.which("sleep"), program)
        cls.probes = []
        for _ in range(3):
            probe = subprocess.Popen([program, "300", "1"], stdin=subprocess.DEVNULL)
            cls.addClassCleanup(probe.wait)
            cls.addClassCleanup(probe.kill)
            cls.probes.append(probe)
        wait_for("the probes to sleep", 5, lambda: all(
            read(f"/proc/{p.pid}/stat").split(")")[1].split()[0] == "S" for p in cls.probes))

    def rows(self, detail, *arguments):
        _, text, _ = self.ask("check_process", f"process={self.NAME}", "top-syntax=%(list)",
                              "warn=none", "crit=none", "list-separator=;",
                              f"detail-syntax={detail}", *arguments)
        return sorted(row.split(",") for row in text.split(";"))

    def test_1_figures_are_those_of_ps(self):
        rows = self.rows("%(pid),%(ppid),%(uid),%(username),%(time),%(elapsed),%(state),"
                         "%(proc_state),%(filename),%(command_line)", "resolve-owner=true")
        pids = ",".join(str(p.pid) for p in self.probes)
        lines = output("ps", "-p", pids, "-o", "pid=,ppid=,ruid=,ruser:32=,cputimes=,etimes=")
        beside = sorted(line.split() for line in lines.splitlines())
        self.assertEqual([row[:5] for row in rows], [line[:5] for line in beside])
        for row, line in zip(rows, beside):
            self.near(int(row[5]), int(line[5]), AGE_SLACK)
            self.assertEqual(row[6:8], ["started", "sleeping"])
            self.assertEqual(row[8], os.path.join(self.folder, self.NAME))
            self.assertEqual(row[9], row[8] + " 300 1")

    def test_1_memory_is_that_of_ps(self):
        for probe in self.probes:
            values = self.values("check_process", f"filter=pid = {probe.pid}", "crit=none",
                                 "warn=rss > 100g or virtual > 100g or peak_working_set > 100g",
                                 "perf-config=*(unit:B)")
            rss, vsz = output("ps", "-p", str(probe.pid), "-o", "rss=,vsz=").split()
            self.assertEqual(values[f"{self.NAME} v_size"], int(vsz) * 1024)
            self.near(values[f"{self.NAME} rss"], int(rss) * 1024, RSS_SLACK)
            self.assertGreaterEqual(values[f"{self.NAME} pws_size"] + RSS_SLACK,
                                    values[f"{self.NAME} rss"])

    def test_1_the_list_is_that_of_ps(self):
        def check():
            _, text, _ = self.ask("check_process", "top-syntax=%(list)", "detail-syntax=%(pid)",
                                  "warn=none", "crit=none", "perf-syntax=none")
            return set(text.split(", "))

        def ps():
            return set(output("ps", "-e", "-o", "pid=").split())
        # Processes come and go: who was there before and after was there meanwhile.
        looks = [look() for look in (ps, check, ps, check)]
        self.assertLessEqual(looks[0] & looks[2], looks[1])
        self.assertLessEqual(looks[1] & looks[3], looks[2])
        _, raw, _ = self.ask("check_process", "fetch-only")
        for probe in self.probes:
            self.assertRegex(raw, rf"(?m)^\(,\d+,\d+,0,{probe.pid}\) \S*{self.NAME} 300 1$")

    def test_1_a_name_is_found_in_any_case_and_counted(self):
        perf = f"'{self.NAME}_state'=1;0;0 " * 3 + "'count'=3;0;0"
        for name in (self.NAME, self.NAME.upper()):
            self.assertEqual(self.nagios("check_process", f"process={name}"),
                             "OK: all processes are ok.|" + perf)
        state, text, _ = self.ask("check_process", f"process={self.NAME}", "process=nosuch",
                                  "total=true", "detail-syntax=%(exe)=%(state)",
                                  "top-syntax=%(list)")
        self.assertEqual((state, text), (2, f"{self.NAME}=started, " * 3
                                         + "nosuch=stopped, total=started"))

    def test_1_a_busy_process_shows_in_the_second_between_two_samples(self):
        busy = subprocess.Popen(["sh", "-c", "while :; do :; done"], stdin=subprocess.DEVNULL)
        self.addCleanup(busy.wait)
        self.addCleanup(busy.kill)
        state, text, _ = self.ask("check_process", "delta=true", f"filter=pid = {busy.pid}",
                                  "warn=none", "crit=time > 0", "detail-syntax=%(time)",
                                  "top-syntax=%(list)")
        self.assertEqual(state, 2, text)
        self.assertLessEqual(int(text), 100 // os.cpu_count() + 5)

    def test_2_stopped_and_dead_processes_are_stopped(self):
        stopped, dead = self.probes[:2]
        stopped.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT)
        dead.kill()
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        found = {row[0]: row[1:] for row in self.rows("%(pid),%(state),%(proc_state)")}
        self.assertEqual(found[str(stopped.pid)], ["stopped", "stopped"])
        self.assertEqual(found[str(dead.pid)], ["stopped", "zombie"])
        self.assertEqual(self.ask("check_process", f"process={self.NAME}")[:2],
                         (2, f"CRITICAL: {self.NAME}=stopped, {self.NAME}=stopped"))


class Drives(LiveCase):
    def beside(self, *options):
        lines = output("df", "-B1", "-a", *options).splitlines()[1:]
        return {line.split()[0]: [int(word) if word != "-" else 0 for word in line.split()[1:]]
                for line in lines if "?" not in line}

    def test_all_real_drives_are_those_of_the_kernel(self):
        mounts = [line.split(" ") for line in read("/proc/self/mounts").splitlines()]
        wanted = {m[1].encode().decode("unicode_escape"): m[2] for m in mounts}
        wanted = {(point, fs) for point, fs in wanted.items() if fs not in PSEUDO}
        for drives in ("*", "all", "all-drives", "all-volumes", "drives", "volumes"):
            _, text, _ = self.ask("check_drivesize", f"drive={drives}", "warn=none",
                                  "crit=none", "top-syntax=%(list)", "empty-syntax=none",
                                  "detail-syntax=%(drive)\t%(fs)", "list-separator=\\n")
            found = {tuple(line.split("\t")) for line in text.splitlines()}
            self.assertEqual(found, wanted)

    def test_sizes_and_inodes_are_those_of_df(self):
        sizes = self.beside("--output=target,size,used,avail")
        inodes = self.beside("--output=target,itotal,iused,iavail")
        for drive in ("/", "/dev/shm"):
            if drive not in sizes:
                continue
            perf = self.ask("check_drivesize", f"drive={drive}", "perf-config=*(unit:B)",
                            "warn=used > 1 or user_free > 1 or inodes_total > 1",
                            "crit=inodes_used > 1")[2]
            size, used, free = sizes[drive]
            self.assertEqual(perf[f"{drive} used"]["maximum"], size)
            self.near(perf[f"{drive} used"]["value"], used, DISK_SLACK, "used")
            self.near(perf[f"{drive} user free"]["value"], free, DISK_SLACK, "free")
            self.assertEqual(perf[f"{drive}_inodes_total"]["value"], inodes[drive][0])
            self.near(perf[f"{drive}_inodes_used"]["value"], inodes[drive][1], INODE_SLACK)

    def test_a_path_is_judged_by_the_file_system_it_lies_on(self):
        device, fs = output("df", "--output=source,fstype", self.folder).split()[-2:]
        detail = ("top-syntax=%(list)", "detail-syntax=%(drive)|%(name)|%(fs)|%(flags)")
        _, text, _ = self.ask("check_drivesize", f"drive={self.folder}", *detail)
        self.assertEqual(text, f"{self.folder}|{device}|{fs}|mounted, readable, writable")

    def test_the_worked_examples(self):
        n = r"[0-9.]+"
        for arguments, wanted in (
                (("drive=/", "warn=used > 101%", "crit=used > 102%"),
                 rf"OK All 1 drive\(s\) are ok\|'/ used'={n}[KMGT]B;{n};{n};0;{n} "
                 r"'/ used %'=\d+%;101;102;0;100"),
                (("drive=/", "warn=none", "crit=free < 101%"),
                 rf"CRITICAL /: {n}[KMGT]?B/{n}[KMGT]B used\|'/ free'={n}[KMGT]B;0;{n};0;{n} "
                 r"'/ free %'=\d+%;0;101;0;100"),
                (("drive=/nope",), "Drive /nope was not found"),
                (("drive=/nope", "drive=/no"), "Drives /nope, /no were not found"),
                (("drive=/nope", "ignore-missing=true"), "OK: No drives found"),
                (("drive=total",), r"OK All 1 drive\(s\) are ok\|'total used'=0B;0;0;0;0"),
                (("filter=fs = 'nosuchfs'", "empty-state=warning"),
                 "WARNING: No drives found")):
            self.assertRegex(self.nagios("check_drivesize", *arguments), f"^{wanted}$")


class Files(LiveCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tree = os.path.join(cls.folder, "tree")
        for i in range(300):
            folder = os.path.join(cls.tree, *[f"d{level}" for level in range(i % 5)])
            os.makedirs(folder, exist_ok=True)
            path = os.path.join(folder, f"f{i}." + ("log" if i % 3 else "txt"))
            with open(path, "wb") as f:
                f.write(b"line\n" * i)
            os.utime(path, (1.6e9 + i, time.time() - 60 * i - 30))
        os.symlink("..", os.path.join(cls.tree, "d1-loop"))
        os.symlink("f0.txt", os.path.join(cls.tree, "link.log"))

    def count(self, *arguments):
        return self.values("check_files", f"path={self.tree}", "warn=none", "crit=count > 0",
                           *arguments).get("count", 0)

    def find(self, *arguments):
        return output("find", self.tree, "-type", "f", *arguments, "-printf",
                      "%f %s %T@ %A@ %h\\n").splitlines()

    def test_files_are_those_of_find(self):
        for mine, beside in (((), ()), (("pattern=*.log",), ("-name", "*.log")),
                             (("pattern=f1[0-4]?.*",), ("-name", "f1[0-4]?.*")),
                             (("max-depth=0",), ("-maxdepth", "1")),
                             (("max-depth=1",), ("-maxdepth", "1")),
                             (("max-depth=3",), ("-maxdepth", "3")),
                             (("filter=size > 1000b",), ("-size", "+1000c")),
                             (("filter=age > 100m",), ("-mmin", "+100")),
                             (("filter=written < -100m",), ("-mmin", "+100")),
                             (("filter=path like 'd0/d1/d2'",), ("-path", "*/d0/d1/d2*"))):
            self.assertEqual(self.count(*mine), len(self.find(*beside)), mine)

    def test_facts_of_each_file_are_those_of_find(self):
        _, text, _ = self.ask("check_files", f"path={self.tree}", "top-syntax=%(list)",
                              "detail-syntax=%(name) %(size) %(written) %(access_u) %(path)",
                              "list-separator=\\n")
        wanted = []
        for line in self.find():
            name, size, written, access, folder = line.split(" ")
            times = [time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(float(t))))
                     for t in (written, access)]
            wanted.append(" ".join((name, size, *times, folder)))
        self.assertEqual(sorted(text.splitlines()), sorted(wanted))

    def test_the_total_sums_what_matches(self):
        sizes = [int(line.split()[1]) for line in self.find("-name", "*.log")]
        _, text, _ = self.ask("check_files", f"path={self.tree}", "pattern=*.log", "total=all",
                              "filter=total = 1", "top-syntax=%(list)",
                              "detail-syntax=%(name) %(size) %(smallest_size) %(largest_size) "
                              "%(average_size) %(folder_count)")
        self.assertEqual(text, f"total {sum(sizes)} {min(sizes)} {max(sizes)} "
                               f"{sum(sizes) // len(sizes)} 4")

    def test_content_is_what_other_tools_tell(self):
        path = next(os.path.join(line.split()[-1], line.split()[0])
                    for line in self.find("-name", "f297.txt"))
        wanted = [output("wc", "-l", path).split()[0]]
        wanted += [output(f"{sum_}sum", path).split()[0]
                   for sum_ in ("md5", "sha1", "sha256", "sha384", "sha512")]
        keywords = ["line_count"] + [f"{sum_}_checksum" for sum_ in
                                     ("md5", "sha1", "sha256", "sha384", "sha512")]
        for command, place in (("check_single_file", f"file={path}"),
                               ("check_files", f"path={path}")):
            _, text, _ = self.ask(command, place, "top-syntax=%(list)",
                                  "detail-syntax=" + " ".join(f"%({k})" for k in keywords))
            self.assertEqual(text.split(), wanted)

    def test_a_single_file_is_what_stat_tells(self):
        size, written = map(int, output("stat", "-c", "%s %Y", "/etc/passwd").split())
        state, text, _ = self.ask("check_single_file", "file=/etc/passwd")
        found = re.fullmatch(r"OK: passwd \(size=(\d+), age=(\d+)\)", text)
        self.assertEqual((state, int(found[1])), (0, size))
        self.near(int(found[2]), time.time() - written, AGE_SLACK)

    def test_names_that_are_no_utf8_reach_the_client_repaired(self):
        folder = os.path.join(self.folder, "bytes").encode()
        os.mkdir(folder)
        with open(os.path.join(folder, b"a\xff\xfeb.txt"), "wb") as f:
            f.write(b"x")
        self.assertEqual(self.nagios("check_files", "path=" + folder.decode(),
                                     "crit=size > 0b"),
                         "CRITICAL: 1/1 files (a\ufffd\ufffdb.txt)"
                         "|'a\ufffd\ufffdb.txt size'=1B;0;0")

    def test_the_worked_examples(self):
        for command, arguments, wanted in (
                ("check_files", (f"path={self.tree}", "pattern=f297.*", "warn=size > 1k",
                                 "crit=size > 1M"),
                 "WARNING: 1/1 files (f297.txt)|'f297.txt size'=0.00141MB;0.00097;1"),
                ("check_files", (f"path={self.tree}", "pattern=f1.log", "warn=size > 1M",
                                 "crit=size > 10M"),
                 "OK: All 1 files are ok|'f1.log size'=0MB;1;10"),
                ("check_files", ("path=/does/not/exist",),
                 "Path was not found: /does/not/exist"),
                ("check_files", (f"path={self.tree}", "pattern=*.nomatch"), "No files found"),
                ("check_files", (f"path={self.tree}", "pattern=f1?.txt", "max-depth=0",
                                 "crit=count > 0"),
                 "CRITICAL: 0/1 files (f15.txt)|'count'=1;0;0"),
                ("check_single_file", ("file=/does/not/exist",),
                 "File not found: /does/not/exist"),
                ("check_single_file", ("file=/does/not/exist", "ignore-missing=true"),
                 "File not found (ignored): /does/not/exist")):
            self.assertEqual(self.nagios(command, *arguments), wanted)
        for empty_state, state in (("ok", 0), ("unknown", 3), ("critical", 2)):
            self.assertEqual(self.ask("check_files", f"path={self.tree}", "pattern=*.nomatch",
                                      f"empty-state={empty_state}")[:2],
                             (state, "No files found"))


if __name__ == "__main__":
    unittest.main()
