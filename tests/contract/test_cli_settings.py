"""`nscp settings` as scripts see it, action by action: what is printed where, the exit code, and the file
afterwards. A test's class or comment names the rows of the specification that it holds (A.4, A.5, A.13, B.1,
B.7 to B.10, E). No test starts an agent but the last class's.
"""
import json
import os
import resource
import signal
import stat
import unittest

from support.cli import CliTest, installed

DEFAULTS = "/settings/default"
SERVER = "/settings/WEB/server"
HASH = r"^pbkdf2-sha256\$\d+\$[0-9a-f]+\$[0-9a-f]+$"


class SettingsCase(CliTest):
    def settings(self, *words):
        return self.nscp("settings", *words)

    def done(self, *words, code=0):
        """A call that succeeds; what it printed."""
        ran = self.settings(*words)
        self.assertEqual((code, ""), (ran.returncode, ran.stderr), ran.stdout)
        return ran.stdout

    def refused(self, text, *words, code=255):
        ran = self.settings(*words)
        self.assertEqual(code, ran.returncode, ran.stdout + ran.stderr)
        self.assertIn(text, ran.stderr)
        return ran

    def value(self, path, key, file=None):
        """As it stands in the file, by rules of this test's own."""
        section, found = "", None
        for line in (file or self.ini).read_text().splitlines():
            if line.startswith("["):
                section = line.strip("[]").lower()
            elif section == path.lower() and line.partition("=")[0].strip().lower() == key.lower():
                found = line.partition("=")[2].strip()
        return found

    def ini_store(self, name):
        return self.folder / name, f"ini://{self.folder / name}"


class Bare(SettingsCase):
    """A.4, A.5: no action, help, and what is not understood."""

    def test_no_action_describes_the_store(self):
        ran = self.settings()
        self.assertEqual(1, ran.returncode)
        self.assertIn("Allowed options (settings)", ran.stdout)
        self.assertIn("Current settings instance loaded: \n"
                      f"  INI settings: (ini://{self.ini}, {self.ini})\n", ran.stdout)

    def test_help_and_version_of_the_context_end_with_1(self):
        for word, text in (("--help", "--validate"), ("--version", "NSClient++, version: ")):
            ran = self.settings(word)
            self.assertEqual(1, ran.returncode)
            self.assertIn(text, ran.stdout)

    def test_errors_go_to_the_output_without_stderr(self):
        ran = self.settings("--no-stderr", "--show", "--path", "/q")
        self.assertEqual((255, ""), (ran.returncode, ran.stderr))
        self.assertIn("please use --path and --key with show", ran.stdout)

    def test_a_word_too_many_is_refused(self):
        self.refused("Unrecognised argument 'stray' for nscp settings; ", "--show", "stray", code=1)
        self.refused("Unrecognised argument 'stray' next to --migrate-layout; ",
                     "--migrate-layout", "modern", "stray")

    def test_the_words_of_log_are_known_in_any_case(self):
        words = ("critical crit c error err e warning warn w info log i debug d trace t "
                 "Console WARNING").split()
        options = [o for word in words for o in ("--log", word)]
        self.assertEqual("x", self.with_value("x", "--debug", "--log-backend", "console", *options))

    def with_value(self, text, *options):
        self.ini.write_text(f"[/a]\nb = {text}\n")
        return self.done(*options, "--show", "--path", "/a", "--key", "b")

    def test_an_unknown_level_and_backend_are_told_and_passed_over(self):
        out = self.with_value("x", "--log", "bogus", "--log-backend", "bogus")
        self.assertRegex(out, r"(?m)^E +logger Invalid log level: bogus$")
        self.assertRegex(out, r"(?m)^E +logger Invalid log backend: bogus$")
        self.assertTrue(out.endswith("x"), out)

    def test_an_override_must_have_a_name_and_a_value(self):
        for text in ("no-equals-sign", "=value"):
            out = self.done("--path-override", text, "--validate")
            self.assertIn("Ignoring malformed --path-override argument (expected KEY=VALUE): "
                          + text, out)

    def test_a_defined_value_is_seen_and_not_saved(self):
        out = self.done("--define", "/a:b=c=d", "--show", "--path", "/a", "--key", "b")
        self.assertEqual("c=d", out)
        self.assertEqual("", self.ini.read_text())
        ran = self.settings("--define", "no-colon=x", "--list")
        self.assertEqual(0, ran.returncode)
        self.assertIn("Failed to parse: no-colon=x", ran.stderr)

    def test_an_unusable_store_is_told(self):
        self.ini.unlink()
        self.ini.mkdir()
        (self.ini / "a.ini").write_bytes(b"\xff\xfe[\0")
        store = self.folder / "b.ini"
        store.write_bytes(b"\xff\xfe[\0")
        ran = self.run_raw("settings", *self.common(), "--settings", str(store), "--list")
        self.assertEqual(255, ran.returncode)
        self.assertIn("Failed initialize settings instance", ran.stderr)
        self.assertIn("boot::init::1 failed", ran.stdout)
        self.assertIn(f"reading {store}: it is UTF-16 text; save it as UTF-8", ran.stdout)


class Set(SettingsCase):
    """A.5 --set, B.1, corrections 1, 4, 5, 52."""

    def test_a_value_is_set_shown_and_listed(self):
        self.set(DEFAULTS, "allowed hosts", "10.0.0.2")
        self.assertEqual(["[/settings/default]", "allowed hosts = 10.0.0.2"], self.ini_lines())
        self.assertEqual("10.0.0.2", self.show(DEFAULTS, "allowed hosts"))
        for words in [("--list",), ("--list", "--path", "/settings")]:
            self.assertIn("allowed hosts=10.0.0.2", self.done(*words))

    def test_the_value_may_be_a_word_of_its_own_or_not_or_missing(self):
        address = ("--path", "/a", "--key", "b")
        self.done(*address, "--set=one = two")
        self.assertEqual("one = two", self.value("/a", "b"))
        self.done("--set", "three", *address)
        self.assertEqual("three", self.value("/a", "b"))
        self.done(*address, "--set")
        self.assertIsNone(self.value("/a", "b"))

    def test_an_empty_value_for_a_key_that_is_not_there_changes_nothing(self):
        self.ini.write_text("[/a]\nb=c")
        self.done("--path", "/a", "--key", "x", "--set", "")
        self.assertEqual("[/a]\nb=c", self.ini.read_text())

    def test_a_missing_store_is_made_by_the_first_write(self):
        self.ini.unlink()
        for store in (str(self.ini), f"ini://{self.folder}/other.ini"):
            ran = self.run_raw("settings", *self.common(), "--settings", store, "--path", "/a",
                               "--key", "b", "--set", "c")
            self.assertEqual((0, "", ""), (ran.returncode, ran.stdout, ran.stderr))
        for file in (self.ini, self.folder / "other.ini"):
            self.assertEqual(b"; in flight - TODO\n[/a]\n\nb = c\n", file.read_bytes())

    def test_what_is_known_gets_its_title_and_only_once(self):
        for value in ("1.1.1.1", "2.2.2.2"):
            self.set(DEFAULTS, "allowed hosts", value)
        text = self.ini.read_text()
        self.assertRegex(text, r"\A; DEFAULT VALUES - .*\n\[/settings/default\]\n\n"
                               r"; ALLOWED HOSTS - .*\nallowed hosts = 2\.2\.2\.2\n\Z")
        self.set(DEFAULTS, "timeout", "7")
        self.assertRegex(self.ini.read_text(), r"2\.2\n\n; TIMEOUT - .*\ntimeout = 7\n\Z")
        self.done("--path", DEFAULTS, "--key", "timeout", "--set")
        self.assertEqual(text, self.ini.read_text())

    def test_a_file_written_by_hand_stays_as_close_as_it_is(self):
        self.ini.write_text("[/settings/default]\ntimeout = 1\n")
        self.set(DEFAULTS, "allowed hosts", "::1")
        self.assertEqual("[/settings/default]\ntimeout = 1\nallowed hosts = ::1\n",
                         self.ini.read_text())

    def test_paths_and_keys_have_no_case(self):
        self.ini.write_text("[/Settings/Default]\nAllowed Hosts=a\n")
        self.set("/settings/DEFAULT/", "allowed hosts", "b")
        self.assertEqual("[/Settings/Default]\nAllowed Hosts = b\n", self.ini.read_text())
        self.assertEqual("b", self.show("/SETTINGS/default", "ALLOWED HOSTS"))

    def test_setting_starts_nothing_and_is_quick(self):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.set("/a", "b", "c")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
        self.assertLess(used, 0.5)
        self.assertFalse((self.folder / "run").exists())

    def test_half_an_address_is_refused(self):
        for words in [("--set", "x"), ("--set", "x", "--path", "/q"), ("--set", "x", "--key", "k")]:
            with self.subTest(words):
                self.refused("Invalid command line please use --path and --key with set", *words)
        self.assertEqual("", self.ini.read_text())

    def test_what_no_ini_file_can_hold_is_refused(self):
        for path, key, value in (("/a", "b=c", "x"), ("/a", "b", "x\ny"), ("/a]", "b", "x"),
                                 ("/a", ";b", "x")):
            with self.subTest((path, key)):
                self.refused("a settings ", "--path", path, "--key", key, "--set", value)
        self.assertEqual("", self.ini.read_text())

    def test_a_key_of_an_include_is_written_there_and_a_new_one_here(self):
        other = self.folder / "more.ini"
        other.write_text("[/a]\nb = 1\n")
        self.ini.write_text("[/includes]\nmore = more.ini\n[/a]\nown = 1\n")
        self.set("/a", "b", "2")
        self.set("/a", "c", "3")
        self.assertEqual("[/a]\nb = 2\n", other.read_text())
        self.assertEqual("[/includes]\nmore = more.ini\n[/a]\nown = 1\nc = 3\n",
                         self.ini.read_text())


class Look(SettingsCase):
    """A.5 --show, --list, --validate, --check."""

    def test_a_value_is_shown_without_a_line_end_and_nothing_for_none(self):
        self.ini.write_text("[/a]\nb = c\n")
        self.assertEqual("c", self.done("--show", "--path", "/a", "--key", "b"))
        self.assertEqual("", self.done("--show", "--path", "/a", "--key", "x"))

    def test_show_needs_both_or_neither(self):
        for words in (("--path", "/q"), ("--key", "k")):
            self.refused("Invalid command line please use --path and --key with show", "--show",
                         *words)

    def test_the_bare_show_describes_the_store_and_its_children(self):
        other = self.folder / "more.ini"
        other.write_text("[/a]\n")
        self.ini.write_text("[/includes]\nmore = more.ini\n")
        self.assertEqual(f"INI settings: (ini://{self.ini}, {self.ini})\n"
                         f"  INI settings: (ini://{other}, {other})\n", self.done("--show"))

    def test_the_list_begins_with_the_children(self):
        self.ini.write_text("[/a]\nk = 1\n[/a/b/c]\nl = 2\n[/a/b]\nm = 3\n[/z]\nn = 4\n")
        self.assertEqual("/a/b/c.l=2\n/a/b.m=3\n/a.k=1\n/z.n=4\n", self.done("--list"))
        self.assertEqual("/a/b/c.l=2\n/a/b.m=3\n", self.done("--list", "--path", "/A/b/"))
        self.assertEqual("", self.done("--list", "--path", "/none"))

    def test_validation_never_fails(self):
        self.ini.write_text("[/settings/wibble]\na = b\nnoise\n")
        ran = self.settings("--validate")
        self.assertEqual((0, ""), (ran.returncode, ran.stdout))
        self.assertIn("Invalid path: /settings/wibble\n", ran.stderr)
        self.assertIn(f'{self.ini}:3: a line without "="', ran.stderr)
        self.ini.write_text("[/modules]\n")
        self.assertEqual("", self.done("--validate"))

    @unittest.skipUnless(installed("WEBServer"), "WEBServer is not built")
    def test_the_paths_of_an_instance_and_of_objects_are_known(self):
        self.ini.write_text("[/modules]\nouter = WEBServer\n[/settings/WEB/outer]\nport = 1\n"
                            "[/settings/WEB/outer/users/me]\nrole = full\n")
        self.assertEqual("", self.done("--validate"))

    def test_a_check_tells_problems_by_text_json_and_exit_code(self):
        self.ini.write_text("[/modules]\n[/settings/default]\nallowd hosts = ::1\ntimeout = x\n"
                            "noise\n")
        ran = self.settings("--check")
        self.assertEqual((1, ""), (ran.returncode, ran.stdout))
        for line in (f'{self.ini}:3: [/settings/default] "allowd hosts": no module knows this key; '
                     'the nearest known is "allowed hosts"',
                     f'{self.ini}:4: [/settings/default] "timeout": the value is no number; '
                     'expected a whole number',
                     f'{self.ini}:5: a line without "="; the line is ignored'):
            self.assertIn(line, ran.stderr.splitlines())
        ran = self.settings("--check", "--output", "json")
        self.assertEqual((1, ""), (ran.returncode, ran.stderr))
        problems = json.loads(ran.stdout)["problems"]
        self.assertEqual([5, 3, 4], [problem["line"] for problem in problems])
        self.assertEqual(
            {"file": str(self.ini), "line": 3, "path": "/settings/default", "key": "allowd hosts",
             "problem": "no module knows this key", "expected": "", "nearest": "allowed hosts"},
            problems[1])
        self.assertEqual(255, self.settings("--check", "--output", "xml").returncode)
        self.ini.write_text("[/modules]\n[/settings/default]\nallowed hosts = ::1\n")
        self.assertEqual("", self.done("--check"))
        self.assertEqual({"problems": []}, json.loads(self.done("--check", "--output", "json")))


class Precedence(SettingsCase):
    """A.5: of several actions the first of the table is done, and no other."""

    def test_of_two_actions_the_first_of_the_table_is_done(self):
        self.ini.write_text("[/b]\nk = 1\n[/a]\nl = 2\n")
        store = f"ini://{self.folder}/new.ini"
        address = ("--path", "/b", "--key", "k")
        # (what is done, beside which later ones, code, what it prints, whether the file changes)
        cases = [
            (("--generate", "stdout"), ("--update", "--set", "2", "--list"), 0, "[/b]", False),
            (("--update",), ("--migrate-to", store, "--sort"), 0, "", True),
            (("--migrate-to", store), ("--list",), 1, "", False),
            (("--migrate-layout", "modern"), ("--migrate-from", store), 1, "Already using", False),
            (("--set", "7"), ("--list", "--show"), 0, "", True),
            (("--list",), ("--show", "--validate"), 0, "/b.k=7", False),
            (("--show",), ("--activate-module", "NoSuch"), 0, "7", False),
            (("--activate-module", "NoSuch"), ("--validate",), 255, "", False),
            (("--validate",), ("--sort",), 0, "", False),
            (("--sort",), ("--switch", store), 0, "Sorted settings written to: ", True),
        ]
        boot = self.folder / "boot.ini"
        for done, beside, code, printed, changes in cases:
            with self.subTest(done):
                boot.unlink(missing_ok=True)
                before = self.ini.read_text()
                ran = self.settings(*beside, *done, *address)
                self.assertEqual(code, ran.returncode, ran.stdout + ran.stderr)
                self.assertIn(printed, ran.stdout)
                if not printed:
                    self.assertEqual("", ran.stdout)
                self.assertEqual(changes, before != self.ini.read_text())
                self.assertEqual(done[0] == "--migrate-to", boot.exists())


@unittest.skipUnless(installed("CheckHelpers") and installed("WEBServer"), "modules are not built")
class Update(SettingsCase):
    """A.5 --update, --generate and their modifiers; B.9: advanced keys, samples."""

    def setUp(self):
        super().setUp()
        self.ini.write_text("[/modules]\nWEBServer = enabled\n[/odd]\nk = v\n"
                            "[/settings/default]\ntimeout = 30\nallowed hosts = ::1\n")

    def test_the_current_store_gets_its_comments_under_any_of_its_names(self):
        plain = self.ini.read_text()
        for words in (("--update",), ("--update", "settings"), ("--update", ""), ("--generate",),
                      ("--update", str(self.ini)), ("--generate", f"ini://{self.ini}")):
            with self.subTest(words):
                self.ini.write_text(plain)
                self.assertEqual("", self.done(*words))
                text = self.ini.read_text()
                self.assertRegex(text, r"(?m)^; MODULES - .*\n\[/modules\]$")
                self.assertRegex(text, r"(?m)^; ALLOWED HOSTS - .*\nallowed hosts = ::1$")
                self.assertIn("; Undocumented section\n[/odd]\nk = v\n", text)
                self.assertEqual(plain.splitlines(), self.ini_lines())
                self.done(*words)
                self.assertEqual(text, self.ini.read_text())

    def test_another_store_gets_everything_and_this_one_stays(self):
        plain = self.ini.read_text()
        file, store = self.ini_store("other.ini")
        self.assertEqual("", self.done("--generate", store))
        self.assertEqual(plain, self.ini.read_text())
        self.assertEqual("v", self.value("/odd", "k", file))
        self.assertEqual("::1", self.value(DEFAULTS, "allowed hosts", file))
        self.assertIn("; MODULES - ", file.read_text())
        self.assertFalse((self.folder / "boot.ini").exists())

    def test_a_store_that_can_not_be_written_ends_with_1(self):
        self.refused("", "--update", f"ini://{self.ini}/under/a/file.ini", code=1)

    def test_printing_leaves_the_store_alone_and_hides_secrets(self):
        self.ini.write_text(self.ini.read_text() + "password = geheim\n")
        plain = self.ini.read_text()
        out = self.done("--generate", "stdout")
        self.assertEqual(plain, self.ini.read_text())
        self.assertNotIn("geheim", out)
        self.assertIn("; password = ***\n", out)
        for line in ("k = v", "timeout = 30", "port = 8443", "[/settings/log]"):
            self.assertIn(line + "\n", out)
        self.assertEqual([], [p.name for p in self.folder.iterdir() if p.name == "stdout"])

    def test_defaults_are_those_of_enabled_modules_or_of_all(self):
        for word in ("--add-defaults", "--add-missing"):
            with self.subTest(word):
                self.done("--update", word)
                self.assertEqual("8443", self.value(SERVER, "port"))
                self.assertEqual("info", self.value("/settings/log", "level"))
                self.assertIsNone(self.value(SERVER, "threads"))  # advanced
                self.assertIsNone(self.value("/settings/system/unix", "default buffer length"))
        if installed("CheckSystem"):
            self.done("--update", "--add-defaults", "--load-all")
            self.assertEqual("1h", self.value("/settings/system/unix", "default buffer length"))
            self.assertEqual("0", self.value("/modules", "CheckSystem"))
        self.assertEqual("enabled", self.value("/modules", "WEBServer"))

    def test_defaults_go_with_their_comments_and_empty_sections(self):
        plain = self.ini.read_text()
        self.done("--update")
        commented = self.ini.read_text()
        self.done("--update", "--add-defaults")
        self.assertEqual("Removing default values\n", self.done("--update", "--remove-defaults"))
        left = self.ini.read_text()
        self.assertNotIn("/settings/log", left)
        self.assertNotIn("timeout", left)  # 30 is the default
        self.assertEqual("::1", self.value(DEFAULTS, "allowed hosts"))
        self.assertLessEqual(len(left), len(commented))
        self.assertEqual([l for l in plain.splitlines() if l != "timeout = 30"], self.ini_lines())

    def test_samples_are_templates_of_the_enabled_modules(self):
        self.ini.write_text("[/modules]\nWEBServer = enabled\n")
        self.done("--update", "--use-samples")
        users = SERVER + "/users/sample"
        self.assertEqual("true", self.value(users, "is template"))
        self.assertEqual("", self.value(users, "password"))
        self.assertIsNotNone(self.value(users, "role"))
        self.assertEqual("", self.done("--check"))


class Migrate(SettingsCase):
    """A.5 --migrate-to, --migrate-from (they end with 1), --switch; corrections 71, 73."""

    def contexts(self):
        file = self.folder / "boot.ini"
        return [self.value("settings", str(n), file) for n in range(4)]

    def test_all_values_go_to_the_other_store_which_comes_first_then(self):
        self.ini.write_text("[/a]\nb = c\n[/settings/default]\npassword = geheim\n")
        file, store = self.ini_store("new.ini")
        file.write_text("[/a]\nb = old\nown = 1\n")
        self.done("--migrate-to", store, code=1)
        self.assertEqual(("c", "1"), (self.value("/a", "b", file), self.value("/a", "own", file)))
        self.assertEqual("geheim", self.value(DEFAULTS, "password", file))
        self.assertEqual([None, store, None, None], self.contexts())
        # Without --settings that store is the agent's now.
        words = self.common()[2:]
        self.assertIn(str(file), self.run_raw("settings", *words, "--show").stdout)

    def test_all_values_come_from_the_other_store(self):
        file, store = self.ini_store("old.ini")
        file.write_text("[/a]\nb = c\n")
        self.done("--migrate-from", store, code=1)
        self.assertEqual("c", self.value("/a", "b"))
        self.assertEqual([None, str(self.ini), None, None], self.contexts())

    def test_a_migration_that_fails_ends_otherwise(self):
        self.ini.write_text("[/a]\nb = c\n")
        self.refused("", "--migrate-to", f"ini://{self.ini}/x.ini")
        self.refused("there is no file", "--migrate-from", f"ini://{self.folder}/none.ini")
        self.assertFalse((self.folder / "boot.ini").exists())

    def test_switching_makes_the_store_and_the_order(self):
        first, second = (self.ini_store(name) for name in ("one.ini", "two.ini"))
        for file, store in (first, second, first):
            out = self.done("--switch", store)
            self.assertEqual(f"INI settings: ({store}, {file})\n", out)
            self.assertTrue(file.exists())
        self.assertEqual([None, first[1], second[1], None], self.contexts())
        second[0].write_text("[/a]\nb = c\n")
        self.done("--switch", second[1])
        self.assertEqual("[/a]\nb = c\n", second[0].read_text())

    def test_a_switch_that_boot_ini_does_not_take_is_an_error(self):
        _, store = self.ini_store("one.ini")
        nowhere = ("--path-override", "boot-conf=/proc/nscp/boot.ini")
        self.refused("/proc/nscp", *nowhere, "--switch", store)
        self.refused("/proc/nscp", *nowhere, "--migrate-to", store)

    @unittest.skipIf(os.name == "nt", "Windows has two layouts")
    def test_there_is_one_layout(self):
        out = self.done("--migrate-layout", "modern", code=1)
        self.assertEqual(f"Already using the modern layout ({self.folder}/data); nothing to do.\n",
                         out)
        self.refused("only Windows", "--migrate-layout", "legacy")
        self.refused("modern or legacy", "--migrate-layout", "wibble")


class Sort(SettingsCase):
    """A.5 --sort, correction 38."""

    def test_sorting_loses_nothing_and_is_done_after_once(self):
        self.ini.write_text("; the file's own\n\n[/b]\n; why\nz = 1\na = 2\n[/modules]\nX = disabled\n"
                            "[/B]\nc = 3\nnoise\n; the end\n")
        self.assertEqual(f"Sorted settings written to: ini://{self.ini}\n", self.done("--sort"))
        text = self.ini.read_text()
        self.assertEqual(["; the file's own", "[/modules]", "X = disabled", "[/b]", "a = 2", "c = 3",
                          "; why", "z = 1", "noise", "; the end"], [l for l in text.splitlines() if l])
        self.done("--sort")
        self.assertEqual(text, self.ini.read_text())


@unittest.skipUnless(installed("CheckHelpers"), "CheckHelpers is not built")
class Activate(SettingsCase):
    """A.5 --activate-module, B.7, E 13."""

    def test_modules_are_activated(self):
        names = [m for m in ["CheckHelpers", "CheckSystem", "CheckDisk"] if installed(m)]
        self.done("--activate-module", *names)
        self.assertEqual(["[/modules]"] + [f"{n} = enabled" for n in names], self.ini_lines())

    def test_one_that_is_disabled_is_enabled_in_its_place(self):
        self.ini.write_text("[/modules]\nCheckHelpers = disabled\nother = 0\n")
        self.done("--activate-module", "checkhelpers.DLL")
        self.assertEqual("[/modules]\nCheckHelpers = enabled\nother = 0\n", self.ini.read_text())

    def test_a_good_module_is_activated_beside_a_bad_one(self):
        self.refused("Failed to load module (Wont activate): NoSuchModule\n",
                     "--activate-module", "CheckHelpers", "NoSuchModule")
        self.assertEqual(["[/modules]", "CheckHelpers = enabled"], self.ini_lines())

    def test_every_spelling_of_an_enabled_module_loads_it(self):
        spellings = ["CheckHelpers = enabled", "CheckHelpers = 1", "CheckHelpers = true",
                     "CheckHelpers.dll = enabled", "checkHELPERS = enabled", "enabled = CheckHelpers",
                     "1 = CheckHelpers.dll", "true = checkhelpers", "mine = CheckHelpers"]
        for line in spellings:
            with self.subTest(line):
                self.ini.write_text(f"[/modules]\n{line}\n")
                self.assertEqual("", self.done("--check"))
                self.assertEqual(("x\n", 0), self.query())
        for line in ("CheckHelpers = disabled", "CheckHelpers = 0", "CheckHelpers = false",
                     "CheckHelpers =", "0 = CheckHelpers", "CheckHelpers = Enabled"):
            with self.subTest(line):
                self.ini.write_text(f"[/modules]\n{line}\n")
                self.assertEqual(("No handler for command: check_ok\n", 3), self.query())

    def query(self):
        """What an agent with these modules says; the last line, for the log comes before it."""
        ran = self.nscp("client", "--log", "critical", "--query", "check_ok", "message=x")
        return ran.stdout.splitlines(True)[-1], ran.returncode


class Secrets(SettingsCase):
    """A.5, B.9: masked in any case and with no module enabled; corrections 37, 59. Login passwords are
    hashed at every write."""

    def test_passwords_are_masked_in_any_spelling(self):
        self.ini.write_text("[/Settings/DEFAULT]\nPassWord = geheim\n[/settings/x]\npassword =\n"
                            "[/Settings/web/Server/Users/me]\npassword = geheim\n")
        for path, key in ((DEFAULTS, "password"), ("/SETTINGS/default/", "PASSWORD"),
                          (SERVER + "/users/me", "password")):
            self.assertEqual("***", self.show(path, key))
        self.assertEqual("", self.show("/settings/x", "password"))  # empty stays empty
        for words in (("--list",), ("--list", "--path", DEFAULTS), ("--validate",), ("--check",),
                      ("--generate", "stdout"), ("--show",), ()):
            ran = self.settings(*words)
            self.assertNotIn("geheim", ran.stdout + ran.stderr, words)
        self.assertIn("/Settings/DEFAULT.PassWord=***\n", self.done("--list"))

    def test_a_mask_written_back_changes_nothing(self):
        self.ini.write_text("[/settings/default]\npassword = geheim\n")
        self.done("--path", DEFAULTS, "--key", "password", "--set", "***")
        self.assertEqual("geheim", self.value(DEFAULTS, "password"))

    @unittest.skipUnless(installed("WEBServer"), "WEBServer is not built")
    def test_login_passwords_are_hashed_by_every_action_that_writes(self):
        users = SERVER + "/users/me"
        outer = "/settings/WEB/outer/users/me"  # of an instance that nobody has configured yet
        by_hand = (f"[{users}]\nPassword = geheim\n[{outer}]\npassword = geheim\n"
                   "[/settings/default]\npassword = shared\n")
        target, store = self.ini_store("target.ini")
        source, old = self.ini_store("source.ini")
        source.write_text(by_hand)
        cases = [("", ("--path", users.upper(), "--key", "PASSWORD", "--set", "geheim"), 0, self.ini),
                 (by_hand, ("--update",), 0, self.ini), (by_hand, ("--sort",), 0, self.ini),
                 (by_hand, ("--update", store), 0, target),
                 (by_hand, ("--migrate-to", store), 1, target),
                 ("", ("--migrate-from", old), 1, self.ini)]
        for text, words, code, file in cases:
            with self.subTest(words):
                target.write_text("")
                self.ini.write_text(text)
                self.done(*words, code=code)
                self.assertRegex(self.value(users, "password", file), HASH)
                if words[0] == "--path":
                    continue
                self.assertRegex(self.value(outer, "password", file), HASH)
                # Other protocols need the shared one as it is.
                self.assertEqual("shared", self.value(DEFAULTS, "password", file))


class Owner(SettingsCase):
    """B.5: the file's owner and mode stay."""

    def test_owner_and_mode_stay(self):
        mine = os.geteuid() != 0
        self.ini.write_text("[/a]\nb = 1\n")
        os.chmod(self.ini, 0o640)
        if not mine:
            os.chown(self.ini, 65534, 65533)
        for words in (("--path", "/a", "--key", "b", "--set", "2"), ("--sort",), ("--update",)):
            self.done(*words)
            now = self.ini.stat()
            self.assertEqual(0o640, stat.S_IMODE(now.st_mode))
            if not mine:
                self.assertEqual((65534, 65533), (now.st_uid, now.st_gid))


class Running(SettingsCase):
    """A.5 with the service running: its memory and the file stay the same; it is told of every write."""

    def test_the_service_writes_what_a_command_sets(self):
        service = self.start_service()
        self.set("/settings/test", "k", "v")
        self.assertEqual("v", self.value("/settings/test", "k"))
        self.done("--path", SERVER + "/users/me", "--key", "password", "--set", "geheim")
        if installed("WEBServer"):
            self.assertRegex(self.value(SERVER + "/users/me", "password"), HASH)
        if installed("CheckHelpers"):
            self.done("--activate-module", "CheckHelpers")
            self.assertEqual("enabled", self.value("/modules", "CheckHelpers"))
        self.assertEqual(0, service.end(signal.SIGTERM))
        self.assertNotIn("geheim", service.text())


if __name__ == "__main__":
    unittest.main()
