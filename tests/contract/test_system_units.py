"""CheckSystem's packages, names and history of programs, beside other tools of this machine."""
import json
import os
import shutil
import subprocess
import sys
import time
import unittest

from support.agent import Agent, processes, wait_for
from support.check_case import CheckCase, output

COMMANDS = ("check_hostname", "check_installed_software", "check_os_updates", "check_os_version",
            "check_process_history", "check_process_history_new", "check_service")
OWN_OPTIONS = {"check_service": ("service=cron", "exclude=cron", "state=active", "fetch-only"),
               "check_process_history": ("process=nosuch",), "check_process_history_new": ("time=1m",)}
FILTER_OPTIONS = ("filter=none", "warning=none", "warn=none", "critical=none", "crit=none", "ok=none", "debug=true",
                  "show-all", "empty-state=ok", "perf-config=none", "escape-html", "list-separator=;",
                  "top-syntax=%(status)", "ok-syntax=fine", "empty-syntax=none", "detail-syntax=x",
                  "perf-syntax=x")
SYSTEMD_RUNS = os.path.exists("/run/systemd/system")
# What changes between two looks.
LOOK_SLACK = 5


def os_release():
    with open("/etc/os-release", encoding="utf-8") as f:
        lines = (line.strip().split("=", 1) for line in f if "=" in line)
        return {key: value.strip('"\'') for key, value in lines}


class TheMachine(CheckCase):
    INI = "[/settings/system/unix]\nprocess history = true\ntimezone = utc\n" \
          "[/settings/core]\nmetrics interval = 1s\n"

    def test_each_command_and_each_option_is_understood(self):
        for command in COMMANDS:
            state, text = self.ask(command, "help")
            self.assertEqual(state, 0)
            self.assertEqual(self.ask(command, "show-default")[0], 0)
            for option in FILTER_OPTIONS + OWN_OPTIONS.get(command, ()):
                self.assertIn("  " + option.split("=")[0], text, command)
                if command != "check_os_updates":
                    answer = self.ask(command, option)[1]
                    self.assertNotIn("Invalid command line", answer, f"{command} {option}")
                    self.assertNotIn("Failed to parse", answer, f"{command} {option}")
            answer = self.ask(command, "nosuch=1")
            self.assertEqual(answer[0], 3)
            self.assertIn("Invalid command line: unrecognised option 'nosuch=1'", answer[1])

    def test_bytes_from_outside_do_no_harm(self):
        for command in COMMANDS:
            if command == "check_os_updates":
                continue
            for argument in ("filter=%FF%FE", "detail-syntax=%FF${name", "crit=%(", "x" * 5000,
                             "service=%00", "process=%FF", "time=99999999999999999999d"):
                status, body, _ = self.agent.get(
                    f"/api/v2/queries/{command}/commands/execute?{argument}")
                self.assertEqual(status, 200)
                self.assertIn(json.loads(body)["result"], (0, 3), f"{command} {argument}")

    def test_the_version_is_that_of_uname_and_os_release(self):
        row = self.rows("check_os_version", "kernel_name", "nodename", "kernel_release", "kernel_version", "machine",
                        "processor", "os", "distribution", "distribution_name", "version", "family")[0]
        names = [output("uname", option).strip() for option in ("-s", "-n", "-r", "-v", "-m")]
        self.assertEqual([row[k] for k in ("kernel_name", "nodename", "kernel_release", "kernel_version",
                                           "machine")], names)
        self.assertEqual(row["processor"], row["machine"])
        release = os_release()
        self.assertEqual([row[k] for k in ("os", "distribution", "distribution_name", "version")],
                         [release[k] for k in ("PRETTY_NAME", "ID", "NAME", "VERSION_ID")])
        self.assertEqual(row["family"], release.get("ID_LIKE", release["ID"]).split()[0])
        self.assertEqual(self.ask("check_os_version"),
                         (0, f"OK: {release['PRETTY_NAME']} (kernel {names[2]})"))

    def test_the_name_is_that_of_hostname(self):
        hostname = output("hostname").strip()
        try:
            fqdn = output("hostname", "-f").strip()
        except subprocess.CalledProcessError:
            fqdn = hostname
        domain = fqdn.partition(".")[2]
        self.assertEqual(self.ask("check_hostname"), (0, f"OK: {hostname} ({fqdn}), domain={domain}"))
        consistent = fqdn == hostname or fqdn.startswith(hostname + ".")
        self.assertEqual(self.ask("check_hostname", "crit=fqdn_consistent = 'false'")[0], 0 if consistent else 2)

    @unittest.skipUnless(shutil.which("dpkg-query"), "dpkg is not installed")
    def test_the_packages_are_those_of_dpkg(self):
        lines = output("dpkg-query", "-W", "-f",
                       "${Package}\\t${Version}\\t${Architecture}\\t${Maintainer}\\t${db:Status-Status}\\n")
        wanted = sorted(line for line in lines.splitlines()
                        if line.split("\t")[4] not in ("config-files", "not-installed"))
        keywords = ("name", "version", "architecture", "publisher", "package_status", "manager", "install_date",
                    "install_date_s")
        rows = self.rows("check_installed_software", *keywords)
        self.assertEqual(sorted("\t".join(row[k] for k in keywords[:5]) for row in rows), wanted)
        self.assertEqual({row["manager"] for row in rows}, {"dpkg"})
        self.assertTrue(all(row["install_date"] == row["install_date_s"] for row in rows))
        self.assertEqual(self.ask("check_installed_software"),
                         (0, f"OK: {len(wanted)} software packages installed."))
        self.assertEqual(self.perf("check_installed_software")["count"]["value"], len(wanted))

    @unittest.skipUnless(shutil.which("dpkg-query"), "dpkg is not installed")
    def test_one_package_is_as_dpkg_has_it(self):
        size, changed = output("dpkg-query", "-W", "-f", "${Installed-Size} ${db-fsys:Last-Modified}",
                               "dpkg").split()
        answer = self.rows("check_installed_software", "install_date", "name", also=("filter=name = 'dpkg'",))[0]
        self.assertEqual(answer["install_date"],
                         time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(int(changed))))
        self.assertEqual(self.perf("check_installed_software", "filter=name = 'dpkg'", "crit=size > 1g",
                                   "perf-config=*(unit:B)")["dpkg_size"]["value"], int(size) * 1024)
        self.assertEqual(self.ask("check_installed_software", "filter=name = 'nosuch'"),
                         (0, "OK: No installed software found"))
        self.assertEqual(self.ask("check_installed_software", "filter=name = 'dpkg'",
                                  "crit=install_date > -1m")[0], 0)

    def test_a_program_is_seen_while_it_runs_and_afterwards(self):
        name = "nscp-history"
        program = os.path.join(self.agent.folder, name)
        shutil.copy(shutil.which("sleep"), program)
        self.assertEqual(self.ask("check_process_history", f"process={name}", "crit=times_seen = 0"),
                         (2, f"CRITICAL: {name} (false)"))
        self.assertEqual(self.rows("check_process_history", "exe", "running", "times_seen", "first_seen", "last_seen",
                                   "currently_running", also=(f"process={name}",)),
                         [{"exe": name, "running": "false", "times_seen": "0", "first_seen": "never",
                           "last_seen": "never", "currently_running": "0"}])
        for times in (1, 2):
            begin = time.time()
            running = subprocess.Popen([program, "60"], stdin=subprocess.DEVNULL)
            wait_for("the program to be seen", LOOK_SLACK, lambda: self.ask(
                "check_process_history", f"process={name.upper()}", "crit=running = 'false'")[0] == 0)
            running.kill()
            running.wait()
            wait_for("its end to be seen", LOOK_SLACK, lambda: self.ask(
                "check_process_history", f"process={name}", "crit=running = 'false'")[0] == 2)
            row = self.rows("check_process_history", "times_seen", "last_seen", also=(f"process={name}",))[0]
            self.assertEqual(row["times_seen"], str(times))
            seen = time.mktime(time.strptime(row["last_seen"], "%Y-%m-%d %H:%M:%S")) - time.timezone
            self.assertTrue(begin - 1 <= seen <= time.time(), row)
        self.assertIn(name, self.ask("check_process_history_new", "time=1m")[1])
        # What ran before the agent looked is as old as it is.
        own = os.path.basename(os.readlink(f"/proc/{os.getpid()}/exe"))
        time_of_test = time.time() - time.monotonic() + self.started_at()
        if time.time() - time_of_test > 3:
            self.assertNotIn(own + " (", self.ask("check_process_history_new", "time=1s")[1])
        self.assertEqual(self.ask("check_process_history_new", "time=soon"),
                         (3, "Invalid time window 'soon': Invalid time specification: 'soon' (write a time such "
                             "as 5m)"))
        wait_for("metrics of the history", LOOK_SLACK, lambda: (
            self.metric(f"{name}.times_seen"), self.metric(f"{name}.running")) == (2, 0))
        self.assertGreater(self.metric("count"), 1)
        self.assertGreater(self.metric("running"), 1)

    def metric(self, key):
        found = json.loads(self.agent.get("/api/v2/metrics")[1])
        return found.get("system.process_history." + key)

    @staticmethod
    def started_at():
        with open("/proc/self/stat", encoding="utf-8") as f:
            return int(f.read().rsplit(")", 1)[1].split()[19]) / os.sysconf("SC_CLK_TCK")

    def test_the_programs_in_the_history_are_those_that_run(self):
        wait_for("a look", LOOK_SLACK, lambda: self.rows("check_process_history", "exe"))
        found = {row["exe"] for row in self.rows("check_process_history", "exe", also=("filter=running = 'true'",))}
        beside = set()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                beside.add(os.path.basename(os.readlink(f"/proc/{pid}/exe")).removesuffix(" (deleted)"))
            except OSError:
                continue
        # Those of other tests come and go.
        self.assertLessEqual(len(found ^ beside), max(4, len(beside) // 3), found ^ beside)
        self.assertIn(os.path.basename(os.path.realpath(sys.executable)), found)

    @unittest.skipUnless(SYSTEMD_RUNS, "systemd does not run here")
    def test_the_services_are_those_of_systemctl(self):
        lines = output("systemctl", "list-units", "--type=service", "--all", "--plain", "--no-legend").splitlines()
        wanted = {fields[0].removesuffix(".service"): (fields[2], fields[3])
                  for fields in (line.split() for line in lines)}
        rows = self.rows("check_service", "name", "active", "sub_state", also=("filter=none",))
        found = {row["name"]: (row["active"], row["sub_state"]) for row in rows}
        self.assertLessEqual(len(set(found.items()) ^ set(wanted.items())), 4)

    @unittest.skipIf(os.path.exists("/run/dbus/system_bus_socket"), "there is a system bus here")
    def test_without_systemd_the_answer_says_so(self):
        for arguments in ((), ("service=cron",), ("fetch-only",)):
            state, text = self.ask("check_service", *arguments)
            self.assertEqual(state, 3)
            self.assertEqual(text, "Failed to ask systemd over unix:path=/run/dbus/system_bus_socket: No such file or "
                                   "directory (check_service needs systemd and its D-Bus)")


# Recorded on Debian 12: apt-get -s upgrade, shortened.
APT = """Inst bash [5.2.15-2+b8] (5.2.15-2+b13 Debian:12.15/oldstable [amd64])
Inst zip [3.0-13] (3.0-13+deb12u1 Debian-Security:12/oldstable-security [amd64])
Conf bash (5.2.15-2+b13 Debian:12.15/oldstable [amd64])
Conf zip (3.0-13+deb12u1 Debian-Security:12/oldstable-security [amd64])"""


class OwnTools(Agent):
    """An agent that finds programs in a folder of its own alone: those of `programs`, name -> shell script."""

    def __init__(self, **options):
        super().__init__(modules=("CheckSystem",), **options)
        self.tools = os.path.join(self.folder, "tools")
        os.mkdir(self.tools)
        os.symlink(shutil.which("env"), os.path.join(self.tools, "env"))

    def add(self, name, script):
        path = os.path.join(self.tools, name)
        with open(path + ".new", "w", encoding="utf-8") as f:
            f.write(f"#!/bin/sh\necho \"$@\" >> {self.tools}/asked.{name}\n{script}\n")
        os.chmod(path + ".new", 0o755)
        os.rename(path + ".new", path)

    def asked(self, name):
        with open(f"{self.tools}/asked.{name}", encoding="utf-8") as f:
            return f.read().splitlines()

    def environment(self):
        return {**super().environment(), "PATH": self.tools}


class Packages(unittest.TestCase):
    def test_updates_are_asked_for_once_for_a_while(self):
        with OwnTools() as agent:
            agent.start()
            self.assertEqual(agent.check("check_os_updates"),
                             (3, "No supported package manager found (apt-get/dnf/yum/zypper/pacman)"))
            self.assertEqual(agent.check("check_installed_software"),
                             (3, "No supported package manager found (dpkg/rpm/pacman)"))
            agent.add("apt-get", "echo 'E: broken' >&2; exit 100")
            self.assertEqual(agent.check("check_os_updates"),
                             (3, "Failed to ask apt-get for updates: it exited with 100: E: broken"))
            agent.add("apt-get", f"cat <<'END'\n{APT}\nEND".replace("cat", shutil.which("cat")))
            for _ in range(3):
                self.assertEqual(agent.check("check_os_updates"),
                                 (2, "CRITICAL: 2 updates available (1 security) via apt-get"))
            for options, wanted in (
                    (("crit=none",), (1, "WARNING: 2 updates available (1 security) via apt-get")),
                    (("warn=updates%3E2", "crit=security%3E1", "detail-syntax=%25(packages)"), (0, "OK: bash, zip")),
                    (("warn=none", "crit=age%3E5m", "detail-syntax=%25(manager)"), (0, "OK: apt-get"))):
                self.assertEqual(agent.check("check_os_updates", *options), wanted)
            self.assertEqual(agent.asked("apt-get"), ["-s -o Debug::NoLocking=true upgrade"] * 2)

    def test_who_gives_up_leaves_the_answer_to_the_next_one(self):
        with OwnTools() as agent:
            agent.add("apt-get", f"{shutil.which('sleep')} 1.5; echo 'Inst zip [3] (4 Debian [all])'")
            agent.start()
            _, body, _ = agent.get("/api/v2/queries/check_os_updates/commands/execute",
                                   headers={"X-Nsc-Web-Timeout": "1"})
            self.assertEqual(json.loads(body)["result"], 3)
            self.assertEqual(agent.check("check_os_updates"),
                             (1, "WARNING: 1 updates available (0 security) via apt-get"))
            self.assertEqual(len(agent.asked("apt-get")), 1)

    def test_a_manager_that_hangs_holds_up_nobody(self):
        with OwnTools() as agent:
            agent.add("dpkg-query", f"exec {shutil.which('sleep')} 60")
            agent.start()
            begin = time.monotonic()
            status, body, _ = agent.get("/api/v2/queries/check_installed_software/commands/execute",
                                        headers={"X-Nsc-Web-Timeout": "1"})
            self.assertEqual((status, json.loads(body)["result"]), (200, 3))
            self.assertLess(time.monotonic() - begin, 4)
            wait_for("the manager to be ended", 8, lambda: not [
                line for line in processes(agent.folder).values() if line.endswith("sleep 60")])


class WithoutHistory(CheckCase):
    def test_it_is_off_by_default(self):
        for command in ("check_process_history", "check_process_history_new"):
            self.assertEqual(self.ask(command),
                             (3, "Process history is not enabled (set 'process history = true' under "
                                 "/settings/system/unix)"))


if __name__ == "__main__":
    unittest.main()
