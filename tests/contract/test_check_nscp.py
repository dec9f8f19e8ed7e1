"""CheckNSCP on a live agent: its crashes, errors and age beside REST's; releases of a TLS server."""
import json
import os
import re
import signal
import tempfile
import time
import unittest
import urllib.parse

from support.agent import Agent, wait_for
from support.remote import Server, make_certificate

COMMANDS = ("check_nscp", "check_nscp_version", "check_nscp_update")
HEALTH = re.compile(r"(\d+) crash\(es\)(?:, last crash: (.*?))?, (\d+) error\(s\)"
                    r"(?:, last error: (.*?))?, uptime (\d\d+):(\d\d):(\d\d)\.(\d{6})")
PAGE = "/repos/x/releases"
FILTER_OPTIONS = ("filter=update_available = 0", "warning=none", "warn=none", "critical=none",
                  "crit=none", "ok=experimental = 0", "debug=true", "show-all", "empty-state=ok",
                  "perf-config=*(unit:x)", "escape-html", "list-separator=;", "top-syntax=${list}",
                  "ok-syntax=fine", "empty-syntax=nothing", "detail-syntax=${release_url}",
                  "perf-syntax=p")


def release(tag, prerelease=False, **fields):
    return {"tag_name": tag, "draft": False, "prerelease": prerelease,
            "published_at": "2026-01-02T03:04:05Z", "html_url": f"https://x/{tag}", **fields}


class CheckNscp(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.certificate, key = make_certificate(folder)
        cls.web = cls.enterClassContext(Server(cls.certificate, key))
        ini = f"""
[/settings/nscp/check/update]
url = {cls.web.url}{PAGE}
ca = {cls.certificate}
"""
        cls.agent = cls.enterClassContext(
            Agent(modules=("CheckNSCP", "CheckHelpers"), ini=ini)).start()
        cls.started = time.time()

    def ask(self, command, *arguments, result=None):
        query = [urllib.parse.quote(a, safe="=") for a in arguments]
        state, message = self.agent.check(command, *query)
        if result is not None:
            self.assertEqual(state, result, message)
        return message

    def health(self):
        """(state, crashes, last crash, errors, last error, uptime)"""
        state, text = self.agent.check("check_nscp")
        found = HEALTH.fullmatch(text)
        self.assertIsNotNone(found, text)
        crashes, crash, errors, error, hours, minutes, seconds, micros = found.groups()
        uptime = int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(micros) / 1e6
        return state, int(crashes), crash, int(errors), error, uptime

    def settings(self, **changes):
        for key, value in changes.items():
            body = {"path": "/settings/nscp/check/update", "key": key.replace("_", " "),
                    "value": value}
            status, text, _ = self.agent.request(
                "PUT", "/api/v2/settings/settings/nscp/check/update", body=json.dumps(body),
                headers={"Content-Type": "application/json"})
            self.assertEqual(status, 200, text)
        status, text, _ = self.agent.get("/api/v2/modules/CheckNSCP/commands/reload")
        self.assertEqual(status, 200, text)

    def publish(self, *releases):
        self.web.pages[PAGE] = json.dumps(releases).encode()

    def running(self):
        return self.ask("check_nscp_version", "detail-syntax=%(version)", "top-syntax=%(list)")

    def test_errors_and_crashes_are_what_the_agent_tells_elsewhere(self):
        state, crashes, crash, errors, error, uptime = self.health()
        before = errors
        self.assertEqual((crashes, crash), (0, None))
        self.assertEqual(state, 0 if errors == 0 else 2)
        self.assertLess(abs(uptime - (time.time() - self.started)), 30)
        entry = {"level": "error", "message": "it <burns>\nhere", "file": "x", "line": 1}
        status, text, _ = self.agent.request("POST", "/api/v2/logs", body=json.dumps(entry),
                                             headers={"Content-Type": "application/json"})
        self.assertEqual(status, 200, text)
        wait_for("the error to be counted", 5, lambda: self.health()[3] == before + 1)
        state, _, _, _, error, _ = self.health()
        self.assertEqual((state, error), (2, "it <burns>"))

        pid = self.agent.pid_of("CheckHelpers")
        os.kill(pid, signal.SIGKILL)
        wait_for("the crash to be counted", 10, lambda: self.health()[1] == 1)
        state, _, crash, _, _, _ = self.health()
        self.assertEqual((state, crash), (2, "CheckHelpers: killed by signal 9 (Killed)"))
        wait_for("the worker to be back", 10, lambda: self.agent.check("check_ok")[0] == 0)
        self.assertEqual(self.health()[1], 1)
        self.assertEqual(int(self.agent.module("CheckHelpers")["metadata"]["restarts"]), 1)

    def test_the_version_is_that_of_the_agent(self):
        _, body, _ = self.agent.get("/api/v2/info")
        version, date = json.loads(body)["version"].split()
        self.assertEqual(self.ask("check_nscp_version", result=0), f"OK: {version} ({date})")
        numbers = [int(n) for n in version.split(".")] + [0]
        text = self.ask("check_nscp_version", "top-syntax=%(list)",
                        "detail-syntax=%(release).%(major).%(minor).%(build)")
        self.assertEqual(text, ".".join(map(str, numbers[:4])))
        self.ask("check_nscp_version", f"warn=major = {numbers[1]}", result=1)
        self.ask("check_nscp_version", "crit=date like '20'", result=2)

    def test_updates_of_a_server(self):
        running = self.running()
        self.publish(release("v99.1.0"), release("v99.2.0-rc1", True), release("nightly"))
        self.settings(cache_hours="0", check_experimental="false")
        self.assertEqual(self.ask("check_nscp_update", result=2),
                         f"CRITICAL: {running} (latest: 99.1.0)")
        self.assertEqual(self.web.requests[-1][1]["User-Agent"], "nscp")
        self.ask("check_nscp_update", "crit=none", result=1)
        self.publish(release(running))
        self.assertEqual(self.ask("check_nscp_update", result=0),
                         f"OK: {running} (latest: {running})")
        self.settings(check_experimental="true")
        self.publish(release("v99.1.0"), release("v99.2.0-rc1", True))
        self.assertIn("(latest: 99.2.0-rc1)", self.ask("check_nscp_update", result=2))
        for option in FILTER_OPTIONS:
            self.assertNotIn("Invalid", self.ask("check_nscp_update", option), option)
        self.assertEqual(self.ask("check_nscp_update", "top-syntax=%(list)", "detail-syntax="
                                  "%(published) %(release_url) %(experimental)"),
                         "2026-01-02T03:04:05Z https://x/v99.2.0-rc1 1")

        # What was kept outlives the worker, and the server is left alone.
        self.settings(cache_hours="24")
        asked = len(self.web.requests)
        self.publish(release("v100.0"))
        self.ask("check_nscp_update", result=2)
        self.assertEqual(len(self.web.requests), asked)

    def test_a_server_that_gives_nonsense(self):
        self.settings(cache_hours="0")
        pages = {"/html": (b"<html>", "list of releases"), "/empty": (b"[]", "No release is listed"),
                 "/deep": (b"[" * 100000, "32 levels"), "/none": (None, "status 404"),
                 "/latin": (b'[{"tag_name": "v\xe41"}]', "reading JSON"),
                 "/huge": (b"[" + b" " * (9 << 20), "larger than")}
        for path, (body, wanted) in pages.items():
            if body is not None:
                self.web.pages[path] = body
            self.settings(url=self.web.url + path)
            self.assertIn(wanted, self.ask("check_nscp_update", result=3), path)
        # A failure is remembered: the next check does not ask again.
        asked = len(self.web.requests)
        self.ask("check_nscp_update", result=3)
        self.assertEqual(len(self.web.requests), asked)
        self.settings(ca="/no/such/file", url=self.web.url + PAGE + "?a")
        self.assertIn("trusted certificates", self.ask("check_nscp_update", result=3))
        self.settings(verify_mode="none", tls_version="tlsv1.3")
        self.web.pages[PAGE + "?a"] = json.dumps(release("v99")).encode()
        self.ask("check_nscp_update", result=2)
        self.settings(tls_version="sslv3")
        self.assertIn("not spoken", self.ask("check_nscp_update", result=3))
        self.settings(tls_version="tlsv1.2+", verify_mode="peer", ca=self.certificate,
                      url=self.web.url + PAGE)

    def test_help_and_defaults(self):
        for command in COMMANDS:
            self.ask(command, "help", result=0)
            self.ask(command, "help-short", result=0)
            self.assertIn("unrecognised option 'foo=1'", self.ask(command, "foo=1", result=3))
        self.assertIn('"critical=update_available = 1"',
                      self.ask("check_nscp_update", "show-default", result=0))
        self.assertIn('"detail-syntax=${version} (${date})"',
                      self.ask("check_nscp_version", "show-default", result=0))
        self.assertEqual(self.ask("check_nscp", "show-default", result=0), "")


if __name__ == "__main__":
    unittest.main()
