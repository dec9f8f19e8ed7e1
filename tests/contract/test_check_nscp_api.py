"""Icinga's own client check_nscp_api, as Debian builds it, against the agent."""
import os
import subprocess
import unittest

from support.agent import Agent

PLUGIN = "/usr/lib/nagios/plugins/check_nscp_api"
INI = """[/settings/check helpers/alias]
two_lines = check_multi command=check_ok command=check_warning
"""


@unittest.skipUnless(os.access(PLUGIN, os.X_OK),
                     f"{PLUGIN} is missing: install Debian's package icinga2-bin")
class CheckNscpApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(
            Agent(modules=("CheckHelpers", "CheckSystem"), ini=INI)).start()

    def run_plugin(self, query, *arguments, password=None):
        line = [PLUGIN, "-H", "127.0.0.1", "-P", str(self.agent.port), "-q", query,
                "--password", self.agent.password if password is None else password]
        if arguments:
            line += ["-a", *arguments]
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    def test_the_exit_code_is_the_state_of_the_check_and_the_message_is_printed(self):
        for command, state in (("check_ok", 0), ("check_warning", 1), ("check_critical", 2)):
            with self.subTest(command):
                code, out, err = self.run_plugin(command, "message=the word")
                self.assertEqual((code, err), (state, ""))
                self.assertEqual(out.split("|")[0].strip(), f"{command} the word")

    def test_a_command_that_nobody_has_is_unknown_and_says_so(self):
        code, out, _ = self.run_plugin("check_nothing_like_this")
        self.assertEqual(code, 3)
        self.assertIn("Unknown command(s): check_nothing_like_this", out)

    def test_a_wrong_password_does_not_pass_for_a_good_state(self):
        for password in ("wrong", "korrekt pferd", "ü"):
            with self.subTest(password):
                code, out, err = self.run_plugin("check_ok", password=password)
                self.assertEqual(code, 3)
                self.assertIn("403 You're not allowed", out + err)
        self.agent.wait_log("refused at the gate 'password'")

    def test_the_load_of_the_cpu_comes_with_performance_data(self):
        code, out, _ = self.run_plugin("check_cpu", "warning=load > 101", "critical=load > 102")
        self.assertEqual(code, 0, out)
        for window in ("5s", "1m", "5m"):
            self.assertRegex(out, rf"'total {window}'=[0-9.]+%;101;102")

    def test_a_threshold_decides_about_the_state(self):
        code, out, _ = self.run_plugin("check_cpu", "critical=load >= 0")
        self.assertEqual(code, 2, out)
        self.assertIn("check_cpu CRITICAL", out)

    def test_arguments_arrive_as_typed_and_in_order(self):
        for text in ("a b", "x=y", "50%", "plus+plus", "ampersand & more", "ä€😀", "'quoted'"):
            with self.subTest(text):
                code, out, _ = self.run_plugin("check_ok", f"message={text}")
                self.assertEqual(code, 0, out)
                self.assertEqual(out.split(" |")[0].rstrip(), f"check_ok {text}")

    def test_a_check_around_another_one_gets_its_bare_argument_and_its_options(self):
        code, out, _ = self.run_plugin("check_always_warning", "check_ok",
                                       "message=warn-from-icinga")
        self.assertEqual(code, 1, out)
        self.assertIn("warn-from-icinga", out)

    def test_an_alias_runs_with_the_worst_state_of_its_checks(self):
        code, out, _ = self.run_plugin("two_lines")
        self.assertEqual(code, 1, out)


if __name__ == "__main__":
    unittest.main()
