"""`nscp client`, the aliases and `nscp unit` without a running agent, row by row."""
import os
import subprocess
import unittest

from support.agent import BIN, Agent, fake_module

FAKE = fake_module(queries=("fake_arguments", "fake_lines", "fake_perf", "fake_exit"),
                   execCommands=[{"name": "pdh"}])


# Scripts whose queries are those that `nscp unit` asks; the cases are put in where it says CASES.
UNIT_PYTHON = """from NSCP import Registry
shown, chosen = [], []
def show(args):
    shown.append(True)
    return "ok", "Done"
def add(args):
    chosen.extend(args)
    return "ok", "Done"
def run(args):
    cases = [(v, n) for v, n in [CASES] if not chosen or n in chosen]
    failed = [n for v, n in cases if v != "ok"]
    if failed:
        return "critical", "failed: " + " ".join(failed)
    return "ok", "all well:" + "".join(" " + n for v, n in cases if shown)
def init(plugin_id, plugin_alias, script_alias):
    registry = Registry.get(plugin_id)
    registry.simple_function("py_unittest", run)
    registry.simple_function("py_unittest_show_ok", show)
    registry.simple_function("py_unittest_add_case", add)
"""
UNIT_LUA = """local registry, shown, chosen = Registry(), false, {}
registry:simple_query('lua_unittest_show_ok', function() shown = true return 'ok', 'Done' end)
registry:simple_query('lua_unittest_add_case', function(_, args)
  for _, name in ipairs(args) do chosen[name] = true end
  return 'ok', 'Done'
end)
registry:simple_query('lua_unittest', function()
  local well, failed = '', ''
  for _, case in ipairs({CASES}) do
    if next(chosen) == nil or chosen[case[2]] then
      if case[1] ~= 'ok' then failed = failed .. ' ' .. case[2] end
      if case[1] == 'ok' and shown then well = well .. ' ' .. case[2] end
    end
  end
  if failed ~= '' then return 'critical', 'failed:' .. failed end
  return 'ok', 'all well:' .. well
end)
"""
HAS_PYTHON = os.path.exists(os.path.join(BIN, "modules", "PythonScript.json")) and subprocess.run(
    ["/usr/bin/python3", "-Es", "-c", "import grpc"], check=False, capture_output=True).returncode == 0


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


class Unit(ClientCase):
    def script(self, language, *cases):
        """A file with these (verdict, name)."""
        lua = language == "lua"
        brackets = "{'%s', '%s'}" if lua else "('%s', '%s')"
        name = os.path.join(self.agent.folder, "tests" + (".lua" if lua else ".py"))
        with open(name, "w", encoding="utf-8") as f:
            f.write((UNIT_LUA if lua else UNIT_PYTHON).replace(
                "CASES", ", ".join(brackets % case for case in cases)))
        return name

    def check_language(self, options, language):
        good = self.script(language, ("ok", "a"), ("ok", "b"))
        took = f"took {good}\n"
        self.expect([*options, "--script", good], 0, took + "all well:\n", "unit")
        self.expect([*options, "--script", good, "--show-all"], 0,
                    took + "Done\nall well: a b\n", "unit")
        bad = self.script(language, ("ok", "a"), ("fail", "b"), ("fail", "c"))
        self.expect([*options, "--script", bad], 2, took + "failed: b c\n", "unit")
        self.expect([*options, "--script", bad, "-c", "a", "c"], 2,
                    took + "Done\nfailed: c\n", "unit")
        self.expect([*options, "--script", bad, "--case", "a", "--show-all"], 0,
                    took + "Done\nDone\nall well: a\n", "unit")
        with open(self.agent.ini, encoding="utf-8") as f:
            self.assertNotIn("tests.", f.read())

    def test_a_script_in_lua_is_installed_and_its_tests_run(self):
        self.check_language(["--language", "lua"], "lua")

    @unittest.skipUnless(HAS_PYTHON, "python3-grpcio is not installed")
    def test_a_script_in_python_is_installed_and_its_tests_run(self):
        self.check_language([], "python")
        for word in ("py", "python"):
            self.expect(["-l", word, "--script", self.script("python", ("ok", "a"))], 0,
                        f"took {self.agent.folder}/tests.py\nall well:\n", "unit")

    def test_what_can_not_be_set_up_is_told(self):
        ran = self.expect(["-l", "lua", "--script", "/no/such"], 3,
                          "Script not found: /no/such\n", "unit")
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
