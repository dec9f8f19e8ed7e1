"""check_service and the tags of services, with a systemd that is played (tests/support/fake_systemd.py)."""
import concurrent.futures
import json
import subprocess
import time
import unittest

from support.agent import Agent, wait_for
from support.check_case import CheckCase, output
from support.fake_systemd import FakeSystemd

LOOK_SLACK = 5
RSS_SLACK = 512 * 1024      # bytes; the kernel counts each processor's pages apart

UNITS = {
    "cron.service": {"Description": "Regular background program processing daemon"},
    "ssh.service": {"ActiveState": "failed", "SubState": "failed"},
    "getty@tty1.service": {"UnitFileState": "static", "ActiveState": "inactive", "SubState": "dead"},
    "apt-daily.service": {"UnitFileState": "static"},
    "networking.service": {"SubState": "exited"},
    "stopped.service": {"ActiveState": "inactive", "SubState": "dead"},
    "off.service": {"ActiveState": "inactive", "SubState": "dead", "UnitFileState": "disabled",
                    "UnitFilePreset": "disabled"},
    "masked.service": {"ActiveState": "inactive", "SubState": "dead", "UnitFileState": "masked",
                       "LoadState": "masked"},
    "slow.service": {"ActiveState": "activating", "SubState": "start"},
    "cron.socket": {"SubState": "listening"},
    "sub\\x2dname.service": {},
}


class PlayedSystemd(CheckCase):
    """systemd as tests/support/fake_systemd.py plays it."""

    @classmethod
    def prepare(cls):
        cls.systemd = cls.enterClassContext(FakeSystemd(cls.agent.folder, UNITS))
        with open(cls.agent.ini, "a", encoding="utf-8") as f:
            f.write(f"[/settings/system/unix]\nbus address = {cls.systemd.address}\n"
                    "[/settings/system/unix/service-tags]\ncron = jobs\nssh.service = remote\n-x = bad\n")

    def setUp(self):
        self.systemd.units, self.systemd.misdeed = dict(UNITS), ""
        self.systemd.vanished = set()
        self.systemd.questions.clear()

    def test_all_services_are_judged(self):
        self.assertEqual(self.ask("check_service"), (2, "CRITICAL: ssh=stopped, slow=starting"))
        self.systemd.units = {k: v for k, v in UNITS.items() if k not in ("ssh.service", "slow.service")}
        self.assertEqual(self.ask("check_service"), (0, "OK: All 4 service(s) are ok."))
        self.assertEqual([m for m, _ in self.systemd.questions].count("ListUnits"), 2)
        self.systemd.units = {}
        self.assertEqual(self.ask("check_service"), (3, "UNKNOWN: No services found"))

    def test_named_services_with_and_without_their_type(self):
        for arguments, wanted in (
                (("service=cron",), (0, "OK: All 1 service(s) are ok.")),
                (("service=cron.service", "service=networking"), (0, "OK: All 2 service(s) are ok.")),
                (("service=cron", "service=cron.service"), (0, "OK: All 1 service(s) are ok.")),
                (("service=cron.socket",), (0, "OK: All 1 service(s) are ok.")),
                (("service=sub\\x2dname",), (0, "OK: All 1 service(s) are ok.")),
                (("service=ssh",), (2, "CRITICAL: ssh=stopped")),
                (("service=stopped",), (2, "CRITICAL: stopped=stopped")),
                (("service=off",), (0, "OK: All 1 service(s) are ok.")),
                (("service=nosuch",), (3, "UNKNOWN: No services found")),
                (("service=cron", "service=nosuch"), (2, "CRITICAL: nosuch=stopped")),
                (("service=stopped", "filter=active != 'inactive'"), (3, "UNKNOWN: No services found")),
                (("service=*", "exclude=ssh", "exclude=slow.service"), (0, "OK: All 4 service(s) are ok.")),
                (("state=failed",), (2, "CRITICAL: ssh=stopped")),
                (("state=active",), (0, "OK: All 4 service(s) are ok.")),
                (("state=inactive", "filter=none", "crit=none"), (0, "OK: All 4 service(s) are ok.")),
                (("state=nosuch",), (3, "Invalid state: 'nosuch' (expected one of active|inactive|failed|all)"))):
            self.assertEqual(self.ask("check_service", *arguments), wanted, arguments)

    def test_names_that_are_none_are_refused(self):
        for name in ("-x", "a b", "../../etc", "a" * 257, "a;b", "\u00e4"):
            for option in ("service", "exclude"):
                state, text = self.ask("check_service", f"{option}={name}")
                self.assertEqual(state, 3)
                self.assertTrue(text.startswith("Invalid service name: '" + name[:100]), text)
        self.assertEqual(self.systemd.questions, [])

    def test_keywords_and_functions(self):
        rows = self.rows("check_service", "name", "service", "desc", "active", "sub_state", "preset", "state",
                         "start_type", "started", "stopped", "state_is_ok", "state_is_perfect",
                         also=("filter=none",))
        found = {row.pop("name"): row for row in rows}
        self.assertEqual(found["cron"], {
            "service": "cron", "desc": UNITS["cron.service"]["Description"], "active": "active",
            "sub_state": "running", "preset": "enabled", "state": "running", "start_type": "enabled",
            "started": "1", "stopped": "0", "state_is_ok": "1", "state_is_perfect": "1"})
        wanted = {"ssh": ("stopped", "0", "0"), "getty@tty1": ("static", "1", "1"),
                  "apt-daily": ("static", "1", "1"), "networking": ("oneshot", "1", "1"),
                  "stopped": ("stopped", "0", "0"), "off": ("stopped", "1", "1"), "masked": ("stopped", "1", "1"),
                  "slow": ("starting", "0", "0")}
        for name, states in wanted.items():
            row = found[name]
            self.assertEqual((row["state"], row["state_is_ok"], row["state_is_perfect"]), states, name)
        for expression, names in (
                ("not state_is_perfect()", "ssh, stopped, slow"), ("state = 'started'", "cron, sub\\x2dname"),
                ("state in ('dead', 'exited')", "ssh, networking, stopped, off, masked"),
                ("start_type = 'auto'", "cron, ssh, networking, stopped, slow, sub\\x2dname"),
                ("start_type in ('manual', 'masked')", "off, masked"), ("desc like 'background'", "cron"),
                ("name regexp 'getty.*'", "getty@tty1"), ("started = 0 and stopped = 0", "slow")):
            text = self.ask("check_service", "filter=none", f"crit={expression}", "top-syntax=%(crit_list)",
                            "detail-syntax=%(name)")[1]
            self.assertEqual(text, names, expression)
        self.assertEqual(self.ask("check_service", "crit=state = 'runing'")[0], 3)

    def test_figures_are_those_of_the_main_process(self):
        probe = subprocess.Popen(["sleep", "60"], stdin=subprocess.DEVNULL)
        self.addCleanup(probe.wait)
        self.addCleanup(probe.kill)
        self.systemd.units["cron.service"] = {"MainPID": probe.pid, "TasksCurrent": 3}
        rss, vsz = map(int, output("ps", "-o", "rss=,vsz=", "-p", str(probe.pid)).split())
        perf = self.perf("check_service", "service=cron", "warn=rss < 1k or vms < 1k or tasks > 5 or cpu > 90",
                         "crit=age > 1h")
        self.assertAlmostEqual(perf["cron_rss"]["value"], rss * 1024, delta=RSS_SLACK)
        self.assertEqual((perf["cron_vms"]["value"], perf["cron_tasks"]["value"]), (vsz * 1024, 3))
        self.assertLess(perf["cron_age"]["value"], 30)
        row = self.rows("check_service", "pid", "created", also=("service=cron",))[0]
        self.assertEqual(row["pid"], str(probe.pid))
        self.assertRegex(row["created"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
        row = self.rows("check_service", "pid", "rss", "vms", "tasks", "cpu", "created", "age",
                        also=("service=networking",))[0]
        self.assertEqual(set(row.values()), {"0", "unknown"})

    def test_fetch_only_gives_raw_lines(self):
        self.assertEqual(self.ask("check_service", "fetch-only", "service=cron", "service=off"),
                         (0, "cron running/enabled Regular background program processing daemon\n"
                             "off stopped/disabled A unit"))
        text = self.ask("check_service", "fetch-only")[1]
        self.assertEqual(len(text.split("\n")), len(UNITS) - 1)

    def test_only_what_a_call_looks_at_is_asked(self):
        self.ask("check_service", "crit=active = 'failed'", "detail-syntax=%(name)")
        self.assertEqual([m for m, p in self.systemd.questions if "cron_2e" in p or m == "ListUnits"], ["ListUnits"])

    def test_a_unit_that_vanishes_is_left_out(self):
        self.systemd.vanished = {"ssh.service", "slow.service"}
        self.assertEqual(self.ask("check_service")[0], 0)
        self.assertEqual(self.ask("check_service", "service=ssh"), (3, "UNKNOWN: No services found"))

    def test_five_thousand_units(self):
        self.systemd.units = {f"unit{i}.service": {} for i in range(5000)}
        begin = time.monotonic()
        self.assertEqual(self.ask("check_service"), (0, "OK: All 5000 service(s) are ok."))
        self.assertLess(time.monotonic() - begin, 10)

    def test_a_systemd_that_misbehaves_is_unknown_and_says_why(self):
        for misdeed, reason in (("refuse", r"Go away \(org.freedesktop.DBus.Error.AccessDenied\)"),
                                ("dead", "not provided by any .service files"), ("hang up", ""),
                                ("bytes", "Bad message"), ("garbage", ""), ("types", "")):
            self.systemd.misdeed = misdeed
            for arguments in ((), ("service=cron",)):
                state, text = self.ask("check_service", *arguments)
                self.assertEqual(state, 3, misdeed)
                self.assertRegex(text, f"^Failed to ask systemd over {self.systemd.address}: .*{reason}", misdeed)

    def test_a_systemd_that_says_nothing_is_not_waited_for(self):
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor() as threads:
            asked = []
            for misdeed in ("mute", "silent"):
                self.systemd.misdeed = misdeed
                seen = self.systemd.accepted
                asked.append(threads.submit(self.agent.check, "check_service"))
                wait_for("a connection", LOOK_SLACK, lambda: self.systemd.accepted > seen)
            for answer in asked:
                self.assertEqual(answer.result(), (3, f"Failed to ask systemd over {self.systemd.address}: it did "
                                                      "not answer in time"))
        self.assertLess(time.monotonic() - begin, 8)

    def test_tags_tell_which_services_are_active(self):
        def tags():
            return json.loads(self.agent.get("/api/v2/tags")[1])
        wait_for("the tag of cron", 8, lambda: tags().get("jobs") == "enabled")
        self.assertNotIn("remote", tags())
        self.agent.wait_log("service-tags, -x is left out: Invalid service name: '-x'")
        self.systemd.units["ssh.service"] = {}
        self.systemd.units["cron.service"] = {"ActiveState": "inactive"}
        wait_for("the tags to change", 8,
                 lambda: "jobs" not in tags() and tags().get("remote") == "enabled")


class OwnBus(Agent):
    def environment(self):
        return {**super().environment(), "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/bus"}


class Addresses(unittest.TestCase):
    def test_the_address_of_the_environment_is_taken(self):
        with OwnBus(modules=("CheckSystem",)) as agent, FakeSystemd(agent.folder, UNITS):
            agent.start()
            self.assertEqual(agent.check("check_service", "service=cron"), (0, "OK: All 1 service(s) are ok."))

    def test_an_address_of_another_kind_is_refused(self):
        ini = "[/settings/system/unix]\nbus address = unixexec:path=/bin/false\n"
        with Agent(modules=("CheckSystem",), ini=ini) as agent:
            agent.start()
            state, text = agent.check("check_service")
            self.assertEqual(state, 3)
            self.assertRegex(text, "the bus address \"unixexec:path=/bin/false\" must begin with unix:")


if __name__ == "__main__":
    unittest.main()
