"""The command line of nscp as scripts see it: texts, streams and exit codes. Its contexts, the client, the
service and the console; `nscp settings` stands in test_cli_settings.py.
"""
import os
import signal
import socket
import subprocess
import time
import unittest

from support.cli import START_LIMIT, STOP_LIMIT, CliTest, descendants, installed, is_alive


class Dispatch(CliTest):
    def test_the_version_is_printed(self):
        ran = self.run_raw("--version")
        self.assertEqual(0, ran.returncode)
        self.assertRegex(ran.stdout, r"NSClient\+\+, Version: ")

    def test_without_arguments_the_usage_is_printed(self):
        ran = self.run_raw()
        self.assertEqual(1, ran.returncode)
        for word in ["client", "settings", "service", "help", "unit", "enroll", "nrpe"]:
            self.assertIn(word, ran.stdout)

    def test_help_alone_is_the_options_and_the_usage(self):
        ran = self.run_raw("--help")
        self.assertEqual(1, ran.returncode)
        self.assertIn("--path-override", ran.stdout)
        self.assertIn("\nUsage: nscp <context>\n", ran.stdout)
        self.assertRegex(ran.stdout, r"(?m)^  nrpe +\(same as nscp client --module NRPEClient\)$")

    def test_help_names_options_contexts_and_aliases(self):
        ran = self.run_raw("help")
        self.assertEqual(1, ran.returncode)
        for text in ["Allowed options", "--settings",
                     "First argument has to be one of the following:"]:
            self.assertIn(text, ran.stdout)

    def test_an_unknown_word_is_refused(self):
        ran = self.run_raw("wibble")
        self.assertEqual(1, ran.returncode)
        self.assertIn("Invalid module specified: wibble", ran.stderr)

    def test_an_option_before_the_context_is_refused(self):
        ran = self.run_raw("--debug", "settings", "--list")
        self.assertEqual(1, ran.returncode)
        self.assertIn('First option should be the "context"', ran.stderr)

    def test_settings_help(self):
        ran = self.run_raw("settings", "--help")
        self.assertEqual(1, ran.returncode)
        self.assertIn("Allowed options (settings)", ran.stdout)
        self.assertIn("--validate", ran.stdout)

    def test_settings_version(self):
        self.assertRegex(self.run_raw("settings", "--version").stdout,
                         r"NSClient\+\+, version: ")

    def test_a_malformed_path_override_is_passed_over(self):
        ran = self.nscp("settings", "--path-override", "no-equals-sign", "--validate")
        self.assertEqual(0, ran.returncode)
        self.assertIn("Ignoring malformed --path-override argument", ran.stdout)

    def test_a_malformed_define_is_passed_over(self):
        ran = self.nscp("client", "--define", "no-colon-or-equals", "--help")
        self.assertEqual(1, ran.returncode)
        self.assertIn("Failed to parse: no-colon-or-equals", ran.stderr)

    def test_an_alias_of_a_module_that_is_not_installed_says_so(self):
        if installed("NRDPClient"):
            self.skipTest("it is installed")
        ran = self.nscp("nrdp", "--help")
        self.assertEqual(1, ran.returncode)
        self.assertIn("Failed to load: NRDPClient", ran.stdout)


@unittest.skipUnless(installed("CheckHelpers"), "CheckHelpers is not built")
class Client(CliTest):
    def enable(self, *modules):
        self.ini.write_text("[/modules]\n" + "".join(f"{m} = enabled\n" for m in modules))

    def assert_ran(self, ran, code, out):
        self.assertEqual((code, out), (ran.returncode, ran.stdout), ran.stderr)
        # Nothing of a private kernel is left.
        run = self.folder / "run"
        self.assertEqual([], [p.name for p in run.glob("nscp-cli-*")] if run.exists() else [])

    def test_a_check_of_a_named_module_runs_and_gives_its_state(self):
        for state, code in [("ok", 0), ("warning", 1), ("critical", 2)]:
            with self.subTest(state):
                ran = self.nscp("client", "--module", "CheckHelpers", "--query",
                                f"check_{state}", "message=x")
                self.assert_ran(ran, code, "x\n")

    def test_a_check_of_an_enabled_module_is_found_by_its_name(self):
        self.enable("CheckHelpers")
        self.assert_ran(self.nscp("client", "-q", "check_critical", "message=a b"), 2, "a b\n")

    def test_an_unknown_check_has_no_handler(self):
        self.enable("CheckHelpers")
        self.assert_ran(self.nscp("client", "--query", "no_such_check"), 3,
                        "No handler for command: no_such_check\n")

    def test_an_unknown_module_is_logged_and_the_check_has_no_handler(self):
        ran = self.nscp("client", "--module", "NoSuch", "--query", "x")
        self.assertEqual(3, ran.returncode)
        self.assertRegex(ran.stdout, r"(?s)Failed to find plugin: NoSuch in .*"
                                     r"Failed to load: NoSuch.*No handler for command: x\n$")

    def test_an_alias_of_the_settings_runs_with_what_it_calls(self):
        self.ini.write_text("[/modules]\nCheckHelpers = enabled\n"
                            "[/settings/check helpers/alias]\nmine = check_warning message=hi\n")
        self.assert_ran(self.nscp("client", "--query", "mine"), 1, "hi\n")

    def test_a_defined_setting_counts_for_this_command_alone(self):
        self.enable("CheckHelpers")
        ran = self.nscp("client", "--define",
                        "/settings/check helpers/alias:mine=check_ok message=defined",
                        "--query", "mine")
        self.assert_ran(ran, 0, "defined\n")
        self.assertNotIn("defined", self.ini.read_text())

    def test_a_command_needs_a_module(self):
        self.assert_ran(self.nscp("client", "--exec", "x"), 1, "No module was specified...\n")

    def test_an_unknown_command_of_a_module_is_told(self):
        ran = self.nscp("client", "--module", "CheckHelpers", "--exec", "no_such")
        self.assert_ran(ran, 1, "Command not found: no_such\n")

    def test_an_interrupted_command_leaves_nothing(self):
        self.enable("CheckHelpers")
        command = self.start("client", "--query", "check_ok")
        run = self.folder / "run"
        limit = time.monotonic() + START_LIMIT
        while (command.process.poll() is None and time.monotonic() < limit
               and not list(run.glob("nscp-cli-*"))):
            os.sched_yield()
        workers = descendants(command.process.pid)
        # It may have been quicker than the signal.
        self.assertIn(command.end(signal.SIGINT), (0, 128 + signal.SIGINT))
        self.assertEqual([], [p.name for p in run.glob("nscp-cli-*")])
        self.assertEqual([], [p for p in workers if is_alive(p)])

    @unittest.skipUnless(installed("WEBServer"), "WEBServer is not built")
    def test_the_web_server_is_installed_without_telling_the_password_to_the_log(self):
        ran = self.nscp("web", "install", "--password", "S3cret-of-this-test")
        self.assertEqual(0, ran.returncode, ran.stdout + ran.stderr)
        text = self.ini.read_text()
        self.assertIn("WEBServer = enabled", text)
        self.assertIn("password = S3cret-of-this-test", text)  # the shared one stays readable
        for log in (self.folder / "log").rglob("*") if (self.folder / "log").exists() else []:
            self.assertNotIn("S3cret-of-this-test", log.read_text())

    @unittest.skipUnless(installed("WEBServer"), "WEBServer is not built")
    def test_the_web_commands_say_how_they_are_used(self):
        ran = self.nscp("web")
        self.assertEqual(3, ran.returncode)
        self.assertIn("Usage: nscp web [install|password|", ran.stdout)


class Service(CliTest):
    def assert_all_gone(self, pids):
        limit = time.monotonic() + STOP_LIMIT
        while any(map(is_alive, pids)) and time.monotonic() < limit:
            os.sched_yield()
        self.assertEqual([], [p for p in pids if is_alive(p)])

    def test_it_runs_until_a_signal_and_ends_well(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                service = self.start_service()
                self.assertEqual(0, service.end(number))
                self.assertIn("Shutting down...\nShutting down (down)...", service.text())

    def test_a_second_one_names_the_first(self):
        service = self.start_service()
        ran = self.nscp("service", "--run")
        self.assertEqual(1, ran.returncode)
        self.assertIn(f"process {service.process.pid}", ran.stderr)
        self.assertEqual(0, service.end(signal.SIGTERM))

    def test_the_pid_file_lives_as_long_as_the_service(self):
        file = self.folder / "nscp.pid"
        service = self.start_service("--pid", str(file))
        self.assertEqual(str(service.process.pid), file.read_text().strip())
        service.end(signal.SIGTERM)
        self.assertFalse(file.exists())

    def test_the_service_manager_is_told_that_it_is_ready(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(str(self.folder / "notify"))
            manager.settimeout(START_LIMIT)
            os.environ["NOTIFY_SOCKET"] = str(self.folder / "notify")
            try:
                service = self.start_service()
            finally:
                del os.environ["NOTIFY_SOCKET"]
            self.assertIn(b"READY=1", manager.recv(1000))
            service.end(signal.SIGTERM)
            self.assertIn(b"STOPPING=1", manager.recv(1000))

    @unittest.skipUnless(installed("CheckHelpers"), "CheckHelpers is not built")
    def test_commands_go_to_the_running_service_and_its_workers_end_with_it(self):
        self.ini.write_text("[/modules]\nCheckHelpers = enabled\n")
        service = self.start_service()
        ran = self.nscp("client", "--query", "check_critical", "message=x")
        self.assertEqual((2, "x\n"), (ran.returncode, ran.stdout))
        workers = descendants(service.process.pid)
        self.assertEqual(0, service.end(signal.SIGTERM))
        self.assert_all_gone(workers)

    def test_a_setting_is_written_by_the_running_service(self):
        service = self.start_service()
        self.set("/settings/test", "k", "v")
        self.assertIn("k = v", self.ini.read_text())
        self.assertEqual("v", self.show("/settings/test", "k"))
        self.assertEqual(0, service.end(signal.SIGTERM))

    @unittest.skipIf(os.name == "nt", "Windows has a service manager of its own")
    def test_control_is_told_to_be_another_programs(self):
        for word in ("--install", "--uninstall", "--start", "--stop", "--restart"):
            ran = self.run_raw("service", word)
            self.assertEqual((0, ""), (ran.returncode, ran.stderr))
            self.assertTrue(ran.stdout.startswith(
                "Service management is not supported on non Windows operating systems"), ran.stdout)
        self.assertEqual("Installed services: \nNSCP: \n", self.run_raw("service", "--info").stdout)

    def test_the_log_goes_to_the_file_unless_told_otherwise(self):
        line = "Received signal 15, shutting down"
        for words, on_console in (((), False), (("--log-backend", "console"), True),
                                  (("--log-backend", "file"), False), (("--log", "console"), True)):
            with self.subTest(words):
                service = self.start_service(*words)
                self.assertEqual(0, service.end(signal.SIGTERM))
                self.assertEqual(on_console, line in service.text())
        lines = (self.folder / "log" / "nsclient.log").read_text()
        self.assertRegex(lines, r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d: info:.*:\d+: " + line)

    def test_nothing_to_do_is_a_mistake(self):
        ran = self.run_raw("service")
        self.assertEqual(1, ran.returncode)
        self.assertIn("Installed services: \nNSCP: \n", ran.stdout)
        self.assertIn("Invalid syntax: missing argument", ran.stderr)


@unittest.skipUnless(installed("CheckHelpers"), "CheckHelpers is not built")
class TestMode(CliTest):
    def setUp(self):
        super().setUp()
        self.ini.write_text("[/modules]\nCheckHelpers = enabled\n")

    def start_console(self):
        console = self.start("test", stdin=subprocess.PIPE)
        console.wait_for("Enter command to inject")
        return console

    def say(self, console, line, pattern):
        console.process.stdin.write(line + "\n")
        console.process.stdin.flush()
        return console.wait_for(pattern)

    def wait_until_loaded(self):
        """A command waits for the modules of an agent that has just begun."""
        ran = self.nscp("client", "--query", "check_ok", "message=up")
        self.assertEqual("up\n", ran.stdout)

    def test_the_end_of_its_input_does_not_end_it(self):
        console = self.start("test")
        console.wait_for("Enter command to inject")
        self.wait_until_loaded()
        self.assertIsNone(console.process.poll())
        begun = time.monotonic()
        self.assertEqual(0, console.end(signal.SIGTERM))
        self.assertLess(time.monotonic() - begun, 5)
        self.assertIn("Received signal 15, shutting down", console.text())

    def test_what_is_typed_is_answered(self):
        console = self.start_console()
        self.say(console, 'check_warning "message=two words"', r"^L +cli WARNING: two words$")
        self.say(console, "no_such", r"UNKNOWN: Unknown command\(s\): no_such")
        self.say(console, "queries", r"check_ok\t-Just return OK")
        self.say(console, "plugins", r"\[X\]\tCheckHelpers\t-")
        self.say(console, "desc check_ok", r"command:\tcheck_ok")
        self.say(console, "desc no_such", r"Command not found")
        self.say(console, "settings", r"/modules/CheckHelpers=enabled")
        self.say(console, "exec x", r"Usage: exec <target> <command> \[args\]")
        self.say(console, "load NoSuch", r"Failed to load module: ")
        self.say(console, "unload CheckHelpers", r"CheckHelpers unloaded successfully\.\.\.")
        self.say(console, "load CheckHelpers", r"CheckHelpers loaded successfully\.\.\.")
        self.say(console, "disable CheckHelpers", r"CheckHelpers disabled successfully\.\.\.")
        self.assertIn("CheckHelpers = disabled", self.ini.read_text())
        console.process.stdin.write("exit\n")
        console.process.stdin.flush()
        self.assertEqual(0, console.process.wait(STOP_LIMIT))


if __name__ == "__main__":
    unittest.main()
