"""The completion of the command line, in the shells that are there: the files that are installed
are what the program makes of its tables, and they complete what a person types.
"""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from support.agent import BIN, Agent

FOLDER = os.path.join(os.path.dirname(BIN), "completion")
NSCP = os.path.join(BIN, "nscp")
FILES = {"bash": "nscp.bash", "zsh": "_nscp", "fish": "nscp.fish"}
LIMIT = 30

# Reads a line each and answers with what bash would offer, as readline calls it (bash(1),
# "Programmable Completion"): the function that `complete` names, with COMP_LINE and COMP_POINT.
BASH_DRIVER = """
source "$1"
compopt() { :; }
entry=$(complete -p nscp)
[[ $entry =~ -F\\ ([^ ]+) ]] || exit 1
while IFS= read -r COMP_LINE; do
  COMP_POINT=${#COMP_LINE}
  COMPREPLY=()
  "${BASH_REMATCH[1]}" nscp
  printf '%s\\n' "${COMPREPLY[*]}"
done
"""


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        return f.read()


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=LIMIT, check=False, **more)


def shell_environment(**more):
    return {**os.environ, "PATH": BIN + os.pathsep + os.environ["PATH"], **more}


class Files(unittest.TestCase):
    def test_the_built_files_are_what_the_program_prints(self):
        for shell, name in FILES.items():
            with self.subTest(shell=shell):
                printed = run(NSCP, "completion", shell)
                self.assertEqual((0, ""), (printed.returncode, printed.stderr))
                self.assertEqual(printed.stdout, read(name))

    def test_they_know_every_option_that_help_knows(self):
        options = set(re.findall(r"--([a-z][a-z-]+)", run(NSCP, "help").stdout))
        self.assertGreater(len(options), 40)
        bash, zsh, fish = (read(name) for name in FILES.values())
        for option in options:
            with self.subTest(option=option):
                self.assertRegex(bash, rf"--{option}\b")
                self.assertRegex(zsh, rf"--{option}\b")
                self.assertRegex(fish, rf" -l {option}\b")

    def test_another_word_is_refused(self):
        for words in ((), ("tcsh",)):
            ran = run(NSCP, "completion", *words)
            self.assertEqual((1, ""), (ran.returncode, ran.stdout))
            self.assertIn("bash, zsh or fish", ran.stderr)


@unittest.skipUnless(shutil.which("bash"), "bash is not installed")
class Bash(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = Agent(modules=("CheckHelpers",), web=False)
        cls.addClassCleanup(shutil.rmtree, cls.agent.folder, ignore_errors=True)

    def offers(self, *lines):
        """What bash offers behind each line, a list of words each."""
        ran = run("bash", "--noprofile", "--norc", "-c", BASH_DRIVER, "bash",
                  os.path.join(FOLDER, FILES["bash"]), input="".join(l + "\n" for l in lines),
                  env=shell_environment())
        self.assertEqual((0, ""), (ran.returncode, ran.stderr))
        return [line.split() for line in ran.stdout.split("\n")[:-1]]

    def test_the_file_is_sound(self):
        self.assertEqual(0, run("bash", "-n", os.path.join(FOLDER, FILES["bash"])).returncode)

    def test_contexts_actions_options_and_values(self):
        rows = {
            "nscp sta": ["status"],
            "nscp modules ": ["list", "load", "unload", "reload", "enable", "disable"],
            "nscp modules --output json l": ["list", "load"],
            "nscp modules lo": ["load"],
            "nscp modules list ex": [],
            "nscp status --out": ["--output"],
            "nscp status --output ": ["table", "json"],
            "nscp status --output=j": ["json"],
            "nscp settings --output ": ["text", "json"],
            "nscp logs --level wa": ["warning"],
            "nscp logs -n ": [],
            "nscp logs --foll": ["--follow"],
            "nscp nrpe --que": ["--query"],
            "nscp test --log-backend con": ["console"],
            "nscp completion z": ["zsh"],
            "nscp wibble ": [],
        }
        for (line, wanted), offered in zip(rows.items(), self.offers(*rows)):
            with self.subTest(line=line):
                self.assertEqual(wanted, offered)
        first, = self.offers("nscp ")
        for word in ("client", "settings", "diagnostics", "nrpe", "--help", "--version"):
            self.assertIn(word, first)

    def test_files_are_offered_where_a_file_is_named(self):
        offered, = self.offers(f"nscp status --settings {self.agent.folder}/nscl")
        self.assertEqual([self.agent.ini], offered)

    def test_names_come_from_the_settings_that_the_line_names(self):
        own = " ".join(self.agent.options())
        self.agent.write_manifest("Zebra", {"program": "/bin/true",
                                            "queries": [{"name": "zebra_check"}]})
        names, check, option, argument = self.offers(
            f"nscp modules {own} load Check", f"nscp check {own} check_always_o",
            f"nscp client {own} --module Zeb", f"nscp check {own} check_ok m")
        self.assertIn("CheckHelpers", names)
        self.assertEqual(["check_always_ok"], check)
        self.assertEqual(["Zebra"], option)
        self.assertEqual([], argument)


@unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
class Zsh(unittest.TestCase):
    def test_the_file_is_sound(self):
        ran = run("zsh", "-f", "-n", os.path.join(FOLDER, FILES["zsh"]))
        self.assertEqual((0, ""), (ran.returncode, ran.stderr))


@unittest.skipUnless(shutil.which("fish"), "fish is not installed")
class Fish(unittest.TestCase):
    def test_contexts_actions_and_values(self):
        rows = {"nscp sta": ["status"], "nscp modules lo": ["load"],
                "nscp status --output j": ["json"], "nscp nrpe --que": ["--query"]}
        with tempfile.TemporaryDirectory(prefix="nscp-fish-") as home:
            for line, wanted in rows.items():
                ran = run("fish", "--no-config", "-c",
                          f"source {FOLDER}/{FILES['fish']}; complete -C '{line}'",
                          env=shell_environment(HOME=home, XDG_CONFIG_HOME=home))
                with self.subTest(line=line):
                    self.assertEqual(0, ran.returncode, ran.stderr)
                    offered = [row.split("\t")[0] for row in ran.stdout.splitlines()]
                    self.assertEqual(wanted, offered)


if __name__ == "__main__":
    unittest.main()
