"""`nscp client`, the aliases and `nscp unit` without a running agent, row by row."""
import os
import unittest

from support.agent import TEST_PROGRAMS, Agent, fake_module, script_modules

FAKE = fake_module(queries=("fake_arguments", "fake_lines", "fake_perf", "fake_exit"),
                   execCommands=[{"name": "pdh"}])


def unit_module(prefix, section):
    return {"program": os.path.join(TEST_PROGRAMS, "fake_unittest"),
            "arguments": [prefix, section], "dynamic": [{"kind": "QUERY"}],
            "execCommands": [{"name": "python-script" if prefix == "py" else "lua-script"}],
            "settings": [{"path": section, "object": True}], "grants": ["WRITE_SETTINGS"]}


class ClientCase(unittest.TestCase):
    manifests = {}

    def setUp(self):
        self.agent = self.enterContext(
            Agent(modules=("CheckHelpers", *self.manifests), web=False, manifests=self.manifests))

    def run_client(self, *words, context="client"):
        return self.agent.nscp(context, *words)

    def expect(self, words, code, output, context="client"):
        ran = self.run_client(*words, context=context)
        self.assertEqual((ran.returncode, ran.stdout), (code, output), (words, ran.stderr))
        return ran


class Rows(ClientCase):
    manifests = {"Fake": FAKE}

    def test_what_is_no_option_of_ours_is_passed_on_in_order(self):
        self.expect(["-M", "Fake", "-q", "fake_arguments", "drive=/", "show-all", "--foo",
                     "-a", "x=y", "-a", "z", "--argument", "a=b=c", "--raw-argument", "p=q",
                     "warning=used>99%", "-x", "--bar=1", "", "two words"], 0,
                    "<drive=/><show-all><--foo><--x><y><--z><--a><b=c><p><q>"
                    "<warning=used>99%><-x><--bar=1><><two words>\n")

    def test_long_and_short_options_mean_the_same(self):
        for module in ("-M", "--module"):
            for query in ("-q", "--query"):
                self.expect([module, "CheckHelpers", query, "check_warning", "message=x"], 1, "x\n")
        self.expect(["-s", "-b", "-q", "check_ok", "message=x"], 0, "x\n")
        self.expect(["--submit", "--boot", "--query=check_ok", "message=x"], 0, "x\n")

    def test_the_exit_code_is_the_state(self):
        for state, code in (("ok", 0), ("warning", 1), ("critical", 2)):
            self.expect(["-q", "check_" + state, "message=x"], code, "x\n")
        self.expect(["-M", "CheckHelpers", "-q", "check_always_warning", "check_ok"], 1,
                    "No message\n")
        ran = self.run_client("-q", "fake_perf")
        self.assertEqual((ran.returncode, ran.stdout.count("|")), (0, 1))

    def test_what_nobody_knows_is_unknown(self):
        self.expect(["-q", "no_such"], 3, "No handler for command: no_such\n")
        ran = self.run_client("-M", "NoSuch", "-q", "x")
        self.assertEqual((ran.returncode, ran.stdout), (3, (
            f"E       core Failed to find plugin: NoSuch in {self.agent.modules_folder}\n"
            "E       core Failed to load: NoSuch\nNo handler for command: x\n")))

    def test_a_command_is_run_in_its_module(self):
        self.expect(["-M", "Fake", "-e", "nothing"], 1, "Command not found: nothing\n")
        self.expect(["-M", "CheckHelpers", "--exec", "x"], 1, "Command not found: x\n")
        self.expect(["-M", "Fake", "-e", "pdh"], 1, "Command not found: pdh\n")
        self.expect(["-e", "x"], 1, "No module was specified...\n")
        self.expect([], 1, "No module was specified...\n")
        ran = self.run_client("-M", "NoSuch", "-e", "x")
        self.assertEqual((ran.returncode, ran.stdout.count("Failed to load: NoSuch")), (1, 1))
        # Neither a check nor a command: the module takes its first argument.
        self.expect(["-M", "WEBServer"], 3,
                    "Usage: nscp web [install|password|add-user|add-role|install-ui|uninstall-ui|"
                    "ui-status] --help\n")
        ran = self.run_client("-M", "WEBServer", "add-role", "--help")
        self.assertEqual(ran.returncode, 1, "before -- its help is the client's own")
        ran = self.run_client("-M", "WEBServer", "--", "add-role", "--help")
        self.assertIn("--grant arg", ran.stdout)
        self.assertEqual(ran.returncode, 0)

    def test_all_modules_are_loaded_when_asked(self):
        with open(self.agent.ini, "w", encoding="utf-8"):
            pass
        self.expect(["--load-all", "-q", "check_warning", "message=y"], 1, "y\n")
        ran = self.run_client("--load-all", "-q", "no_such", "--log", "info")
        for module in ("CheckHelpers", "CheckDisk", "CheckSystem", "Fake"):
            self.assertIn(f"{module} is ready", ran.stdout)
        self.assertEqual(ran.returncode, 3)

    def test_without_a_kernel_it_is_a_failure_of_the_boot(self):
        ran = self.agent.nscp("client", "--path-override", "runtime-path=/proc/no", "-q", "x")
        self.assertEqual((ran.returncode, ran.stderr),
                         (4, "Client: Failed to boot (see the log above)\n"))
        self.assertIn("/proc/no", ran.stdout)

    def test_a_mistake_in_the_options_is_told(self):
        for words, text in ((["-q"], "the required argument for option '--query' is missing"),
                            (["--boot=1"], "option '--boot' does not take any arguments")):
            ran = self.run_client(*words)
            self.assertEqual((ran.returncode, ran.stdout), (1, ""))
            self.assertIn(text, ran.stderr)

    def test_an_alias_says_which_module_it_lacks(self):
        for alias, module in (("nrpe", "NRPEClient"), ("lua", "LUAScript"), ("py", "PythonScript"),
                              ("ext", "CheckExternalScripts"), ("nsca-ng", "NSCANgClient")):
            if os.path.exists(os.path.join(self.agent.modules_folder, module + ".json")):
                continue
            with self.subTest(alias):
                ran = self.run_client("list", context=alias)
                self.assertEqual(ran.returncode, 1)
                self.assertIn("Failed to load: " + module, ran.stdout)
                self.assertEqual(ran.stderr, f"nscp {alias} needs the module {module}, which is "
                                             f"not installed in {self.agent.modules_folder}\n")


class Aliases(ClientCase):
    manifests = script_modules()

    @unittest.skipUnless("CheckExternalScripts" in manifests, "the real modules have own tests")
    def test_an_alias_takes_a_sub_command_and_its_options(self):
        folder = os.path.join(self.agent.folder, "scripts")
        os.mkdir(folder)
        with open(os.path.join(folder, "a.sh"), "w", encoding="utf-8"):
            pass
        for alias in ("ext", "ext-scr"):
            self.expect(["add", "--script", "a.sh", "--alias", alias], 0,
                        f"Added {alias} as scripts/a.sh\n", alias)
        self.expect(["list", "--query"], 0, "ext\next-scr\n", "ext")
        self.expect(["show", "--script", "gone"], 3, "Script not found: gone\n", "ext")


class Unit(ClientCase):
    manifests = {"PythonScript": unit_module("py", "/settings/python/scripts"),
                 "LUAScript": unit_module("lua", "/settings/lua/scripts")}

    def script(self, text):
        name = os.path.join(self.agent.folder, "tests.txt")
        with open(name, "w", encoding="utf-8") as f:
            f.write(text)
        return name

    def test_a_script_is_installed_and_its_tests_run(self):
        good, took = self.script("ok a\nok b\n"), f"took {self.agent.folder}/tests.txt\n"
        self.expect(["--script", good], 0, took + "all well:\n", "unit")
        for language in ("py", "python", "lua"):
            self.expect(["-l", language, "--script", good, "--show-all"], 0,
                        took + "Done\nall well: a b\n", "unit")
        bad = self.script("ok a\nfail b\nfail c\n")
        self.expect(["--script", bad], 2, took + "failed: b c\n", "unit")
        self.expect(["--script", bad, "-c", "a", "c", "--language", "lua"], 2,
                    took + "Done\nfailed: c\n", "unit")
        self.expect(["--script", bad, "--case", "a", "--show-all"], 0,
                    took + "Done\nDone\nall well: a\n", "unit")
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertNotIn("tests.txt", f.read())

    def test_what_can_not_be_set_up_is_told(self):
        ran = self.expect(["--script", "/no/such"], 3, "Script not found: /no/such\n", "unit")
        self.assertEqual(ran.stderr, "Failed to setup unit test\n")
        ran = self.expect(["--script", "x", "-l", "cobol"], 1, "", "unit")
        self.assertEqual(ran.stderr, "Unknown language: cobol\n")
        ran = self.expect([], 1, "", "unit")
        self.assertEqual(ran.stderr, "No script specified: nscp unit --script <file>\n")
        os.remove(os.path.join(self.agent.modules_folder, "LUAScript.json"))
        ran = self.run_client("-l", "lua", "--script", "x", context="unit")
        self.assertEqual(ran.returncode, 1)
        self.assertEqual(ran.stderr, "nscp unit --language lua needs the module LUAScript, which "
                                     f"is not installed in {self.agent.modules_folder}\n")


if __name__ == "__main__":
    unittest.main()
