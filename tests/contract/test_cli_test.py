"""`nscp test` as somebody at a terminal, a script and a service manager see it."""
import os
import re
import signal
import stat
import subprocess
import unittest

from support.agent import BIN, SLACK, Agent, wait_for
from support.terminal import Terminal

PROMPT = "nscp> "
READY = "CheckHelpers is ready"
SECRET = "geheim-of-this-test"


def command(agent, *arguments):
    return [os.path.join(BIN, "nscp"), "test", *agent.options(), *arguments]


class AtATerminal(unittest.TestCase):
    def setUp(self):
        self.agent = self.enterContext(Agent(web=False))
        self.state = os.path.join(self.agent.folder, "state")
        self.history = os.path.join(self.state, "nscp", "test_history")

    def start(self, *arguments, columns=80, state=None):
        environment = {**self.agent.environment(), "HOME": self.agent.folder,
                       "XDG_STATE_HOME": state or self.state}
        terminal = self.enterContext(
            Terminal(command(self.agent, "--log", "info", *arguments), environment, columns))
        terminal.wait(READY)
        terminal.wait_last(PROMPT.rstrip())
        wait_for("the line editor", 30, terminal.is_edited)
        return terminal

    def kept(self):
        with open(self.history, encoding="utf-8") as f:
            return f.read().splitlines()

    def test_a_line_is_edited_and_answered(self):
        terminal = self.start()
        terminal.type("check_warnung message=h\u00e4 ")
        terminal.type("\x01" + "\x1b[C" * 10 + "\x1b[3~" + "i\r")  # Ctrl-A, right, delete
        terminal.wait("^L        cli WARNING: h\u00e4$")
        terminal.wait("^L        cli  Performance data:$")
        terminal.wait_last("nscp>")
        terminal.type("exit\r")
        self.assertEqual(terminal.process.wait(10 + SLACK), 0)
        terminal.wait("cli Done$")
        self.assertTrue(terminal.is_restored())

    def test_tab_completes_commands_checks_and_modules(self):
        terminal = self.start()
        for typed, line in (("pl\t", "plugins"), ("check_crit\t", "check_critical"),
                            ("load checkh\t", "load CheckHelpers"),
                            ("desc check_al\t", "desc check_always_"),
                            ("nothing_like\t", "nothing_like")):
            terminal.type(typed)
            terminal.wait_last(PROMPT + line)
            terminal.type("\x15")
            terminal.wait_last("nscp>")
        terminal.type("unload Check\t")
        terminal.wait(r"^CheckDisk\n(Check\w+\n)*CheckSystem\nnscp> unload Check$")

    def test_earlier_lines_come_back_also_after_a_restart(self):
        terminal = self.start()
        for line in ("check_ok message=one", "check_ok message=two"):
            terminal.type(line + "\r")
            terminal.wait("OK: " + line[-3:])
            terminal.wait_last("nscp>")
        terminal.type("\x1b[A\x1b[A")
        terminal.wait_last(PROMPT + "check_ok message=one")
        self.assertEqual(terminal.end(), 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.history).st_mode), 0o600)
        self.assertEqual(self.kept(), ["check_ok message=one", "check_ok message=two"])
        terminal = self.start()
        terminal.type("\x12one")  # Ctrl-R
        terminal.wait("check_ok message=one$")
        terminal.type("\r")
        terminal.wait("OK: one")

    def test_no_secret_reaches_the_history_or_the_log(self):
        log = os.path.join(self.agent.folder, "nsclient.log")
        with open(self.agent.ini, "a", encoding="utf-8") as f:
            f.write(f"[/settings/log]\nfile name = {log}\n")
        terminal = self.start("--log", "trace", "--log-backend", "file")
        for line in (f"check_ok password={SECRET}", f"no_such --token {SECRET}",
                     f"exec NoSuch install --password {SECRET}", f"load NoSuch pwd={SECRET}"):
            terminal.type(line + "\r")
            terminal.wait_last("nscp>")
        terminal.type("check_ok message=end\r")
        terminal.wait("OK: end")
        self.assertEqual(terminal.end(), 0)
        self.assertEqual(self.kept()[-1], "check_ok message=end")
        self.assertNotIn(SECRET, "\n".join(self.kept()[:1] + self.kept()[2:]))
        with open(log, encoding="utf-8") as f:
            text = f.read()
        self.assertIn("end", text)
        self.assertNotIn(SECRET, text)

    def test_without_a_place_for_it_the_history_is_in_memory(self):
        terminal = self.start(state="/proc/no-such-place")
        terminal.type("check_ok message=one\r")
        terminal.wait("OK: one")
        terminal.wait_last("nscp>")
        terminal.type("\x1b[A")
        terminal.wait_last(PROMPT + "check_ok message=one")
        self.assertFalse(os.path.exists(os.path.join(self.agent.folder, ".local")))

    def test_a_log_line_leaves_what_is_typed_in_place(self):
        for columns, typed in ((80, "check_ok mess"), (50, "check_ok message=" + "x" * 90)):
            with self.subTest(columns):
                terminal = self.start(columns=columns)
                terminal.type(typed)
                shown = re.findall("." * columns + "|.+", PROMPT + typed)
                terminal.wait_last(shown[-1])
                self.kill_worker(terminal)
                terminal.wait(f"(?s){READY}.*{READY}.*" + re.escape("\n".join(shown)) + r"\Z")
                self.assertEqual(terminal.text().count("check_ok mess"), 1)
                terminal.type("age=z\r" if columns == 80 else "\r")
                terminal.wait("OK: [xz]+")
                self.assertEqual(terminal.end(), 0)
                self.assertTrue(terminal.is_restored())

    def kill_worker(self, terminal):
        pid = int(re.findall(r"is ready, process (\d+)", terminal.text())[-1])
        os.kill(pid, signal.SIGKILL)

    def test_the_window_may_change_its_size(self):
        terminal = self.start(columns=120)
        terminal.resize(40)
        terminal.screen.columns = 40
        typed = "check_ok message=" + "y" * 40
        terminal.type(typed)
        terminal.wait(f"{(PROMPT + typed)[40:]}$")
        terminal.type("\x01\x0b")  # Ctrl-A, Ctrl-K
        terminal.wait_last("nscp>")
        self.assertNotIn("yyy", terminal.text())

    def test_ctrl_d_ends_nothing_and_ctrl_c_ends_it(self):
        terminal = self.start()
        terminal.type("\x04")
        terminal.wait("^The end of the input ends nothing: type exit, or press Ctrl-C")
        terminal.wait_last("nscp>")
        terminal.type("half a line\x03")
        self.assertEqual(terminal.process.wait(5 + SLACK), 0)
        terminal.wait("Received signal 2, shutting down")
        self.assertTrue(terminal.is_restored())

    def test_sigterm_restores_the_terminal_whatever_is_typed(self):
        terminal = self.start()
        terminal.type("half a line")
        terminal.wait_last(PROMPT + "half a line")
        self.assertFalse(terminal.is_restored())
        self.assertEqual(terminal.end(limit=5), 0)
        self.assertTrue(terminal.is_restored())
        terminal.wait("^L        cli Received signal 15, shutting down$")

    def test_a_terminal_that_can_do_nothing_gets_plain_lines(self):
        environment = {**self.agent.environment(), "XDG_STATE_HOME": self.state}
        terminal = self.enterContext(
            Terminal(command(self.agent, "--log", "info"), environment, kind="dumb"))
        terminal.wait(READY)
        terminal.type("check_ok message=plain\n")
        terminal.wait("^L        cli OK: plain")
        self.assertNotIn(PROMPT, terminal.text())
        self.assertTrue(terminal.is_restored())
        self.assertFalse(os.path.exists(self.history))


class WithoutATerminal(unittest.TestCase):
    """What pipes, /dev/null and a closed input do stands in test_cli.py."""

    def exit_by_command(self, agent):
        ran = agent.nscp("client", "--module", "CommandClient", "--exec", "exit")
        return ran.returncode, ran.stdout

    def test_a_command_ends_it_from_elsewhere(self):
        failed = (3, "Command client is not running (this only works in test mode)!\n")
        # Files of NSClient++ may name it among the modules.
        agent = self.enterContext(Agent(modules=("CommandClient", "CheckHelpers"), web=False))
        self.assertEqual(self.exit_by_command(agent), failed)
        with open(os.path.join(agent.folder, "out"), "wb") as out:
            console = subprocess.Popen(command(agent), stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=out, env=agent.environment())
        try:
            wait_for("the console", 30, lambda: agent.nscp("status").returncode == 0)
            ran = agent.nscp("client", "-M", "CommandClient", "-e", "other")
            self.assertEqual((ran.returncode, ran.stdout), (1, "Command not found: other\n"))
            self.assertEqual(self.exit_by_command(agent), (0, "Shutdown requested\n"))
            self.assertEqual(console.wait(10 + SLACK), 0)
        finally:
            console.kill()
            console.wait()
        agent.start(wait=False)
        wait_for("the service", 30, lambda: agent.nscp("status").returncode == 0)
        self.assertEqual(self.exit_by_command(agent), failed)
        self.assertEqual(agent.stop(), 0)

    def test_the_help_tells_how_it_ends(self):
        agent = self.enterContext(Agent(web=False))
        text = agent.nscp("test", "--help").stdout
        for part in ("Allowed options (test)", "Ctrl-D", "Ctrl-C", "test_history"):
            self.assertIn(part, text)


if __name__ == "__main__":
    unittest.main()
