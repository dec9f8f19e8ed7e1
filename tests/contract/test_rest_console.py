"""POST /console/exec: lines of the console over HTTPS, whose answers go to the log."""
import json
import unittest
import urllib.parse

from support.agent import Agent, wait_for
from support.case import JSON, TEXT, RestCase

INI = """[/settings/WEB/server/roles]
legacy = legacy,login.get
console = console.exec,login.get
[/settings/WEB/server/users/legacy]
password = p
role = legacy
[/settings/WEB/server/users/console]
password = p
role = console
[/settings/permissions]
enabled = true
[/settings/permissions/policies]
WEBServer:admin = *
WEBServer:console = CheckHelpers.check_ok
"""
DONE = '{"status" : "ok"}'


class Console(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=INI)).start()

    def run_line(self, line, **options):
        """What the line has added to the log as its answer."""
        self.ask("DELETE /api/v2/logs")
        command = urllib.parse.quote(line, safe="")
        self.expect(f"POST /console/exec?command={command}", 200, JSON, DONE, **options)
        entries = self.json("GET /api/v2/logs?per_page=500&level=info")
        return [e["message"] for e in entries if "console_line" in e["file"]]

    def user(self, name):
        return {"credentials": None, "headers": {
            "Authorization": self.agent.basic(name, "p")}}

    def test_a_check_is_answered_in_the_log_with_its_performance_data(self):
        self.assertEqual(self.run_line('check_warning "message=two words"'),
                         ["WARNING: two words", " Performance data: "])
        self.assertEqual(self.run_line("no_such a=b"), [
            "UNKNOWN: Unknown command(s): no_such", " Performance data: "])
        self.agent.wait_log("L        cli WARNING: two words")

    def test_every_word_of_the_table_answers(self):
        for line, answer in (
                ("help", "Commands:"), ("queries", "check_ok\t-Just return OK"),
                ("commands", "check_ok\t-Just return OK"), ("aliases", "Alternative name"),
                ("list", "check_ok\t-"), ("plugins", "[X]\tCheckHelpers\t-"),
                ("desc check_ok", "command:\tcheck_ok"), ("desc nothing", "Command not found"),
                ("metrics workers", "workers"),
                ("settings", "/settings/default/password=***"),
                ("exec one", "Usage: exec <target> <command> [args]"),
                ("exec foo bar", "Failed to execute command on foo"),
                ("exec", "UNKNOWN: Unknown command(s): exec"),
                ("load NoSuch", "Failed to load module: "),
                ("unload NoSuch", "Failed to unload module: "),
                ("unload CheckHelpers", "CheckHelpers unloaded successfully..."),
                ("load CheckHelpers", "CheckHelpers loaded successfully..."),
                ("reload", "Reloading..."),
                ("exit", "exit ends nscp test at its own terminal")):
            with self.subTest(line):
                if line.startswith("metrics"):
                    wait_for("metrics", 15, lambda: self.run_line(line))
                said = self.run_line(line)
                self.assertTrue(any(answer in text for text in said), said)
        self.assertEqual(self.agent.get("/core/isalive", credentials=None)[0], 200)

    def test_without_a_line_the_help_is_told(self):
        self.ask("DELETE /api/v2/logs")
        self.expect("POST /console/exec", 200, JSON, DONE)
        self.assertIn("Commands:", self.agent.console())

    def test_a_module_is_enabled_and_saved(self):
        self.assertEqual(self.run_line("disable CheckHelpers"),
                         ["CheckHelpers disabled successfully..."])
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertIn("CheckHelpers = disabled", f.read())
        self.assertEqual(self.run_line("enable CheckHelpers"),
                         ["CheckHelpers enabled successfully..."])

    def test_what_a_line_does_is_its_users(self):
        self.assertIn("OK: hi", self.run_line("check_ok message=hi", **self.user("console")))
        self.assertIn(
            "UNKNOWN: Permission denied: WEBServer:console is not allowed to run check_critical",
            self.run_line("check_critical", **self.user("console")))
        self.run_line("load CheckHelpers --secret=hidden", **self.user("console"))
        self.agent.wait_log("console load")
        audit = [line for line in self.agent.console().splitlines() if " audit " in line]
        self.assertTrue(any("WEBServer:console" in a and "console load" in a for a in audit))
        self.assertTrue(any("WEBServer:console" in a and "load CheckHelpers" in a
                            for a in audit))
        self.assertFalse([a for a in audit if "hidden" in a])

    def test_any_bytes_are_a_line_and_long_ones_are_refused(self):
        self.expect("POST /console/exec?command=%FF%00%22%27%5C", 200, JSON, DONE)
        status, kind, _ = self.ask("POST /console/exec?command=" + "x" * 17000)
        self.assertEqual((status, kind), (422, TEXT))

    def test_it_has_a_grant_of_its_own(self):
        self.refused("POST /console/exec?command=help", credentials=None)
        self.refused("POST /console/exec?command=help", **self.user("legacy"))
        self.assertEqual(json.loads(self.ask(
            "POST /console/exec?command=help", **self.user("console"))[2]), {"status": "ok"})
        self.assertEqual(self.ask("GET /console/exec?command=help")[0], 404)


if __name__ == "__main__":
    unittest.main()
