"""docs/first-steps.md, settings.md, command-line.md and passive-results.md: each command is run as a user of an installed package
would, in one shell for each page, and what it prints is compared with the page."""
import os
import re
import shutil
import unittest

from support import transcript
from support.installed import Installed

DOCS = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs"))


def squeezed(text):
    """Columns are as wide as what stands in them this time."""
    return re.sub(r" +", " ", text)


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Pages(unittest.TestCase):
    def check(self, name):
        with open(os.path.join(DOCS, name), encoding="utf-8") as f:
            page = f.read()
        self.assertGreater(len(transcript.commands(page)), 10)
        with Installed() as installed:
            for number, command, expected, output in installed.run(page):
                with self.subTest(f"{name}:{number}: {command}"):
                    self.assertTrue(
                        transcript.fits([squeezed(line) for line in expected], squeezed(output)),
                        "the page says\n" + "\n".join(expected) + f"\nand it printed\n{output}")

    def test_the_first_steps(self):
        self.check("first-steps.md")

    def test_the_settings(self):
        self.check("settings.md")

    def test_passive_results(self):
        self.check("passive-results.md")

    def test_the_command_line(self):
        self.check("command-line.md")


if __name__ == "__main__":
    unittest.main()
