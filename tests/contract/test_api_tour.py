"""docs/api: each command of its pages is run against an agent, in one shell for each page, and what
it prints is compared with the page."""
import os
import re
import shutil
import subprocess
import unittest

from support import transcript
from support.agent import PASSWORD, Agent, wait_for

FOLDER = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                       "..", "..", "docs", "api"))
PORT = "8443"  # as the pages say
PAGES = sorted(name for name in os.listdir(FOLDER) if name.endswith(".md"))


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        return f.read()


def run(page, agent):
    """The commands of a page with what they print now."""
    found = transcript.commands(page)
    done = subprocess.run(
        ["bash"], input=transcript.script(found), capture_output=True, text=True, timeout=120,
        cwd=agent.folder, check=False,
        env={"PATH": os.environ["PATH"], "PASSWORD": PASSWORD, "LC_ALL": "C.UTF-8",
             "AGENT": f"https://127.0.0.1:{agent.port}"})
    outputs = transcript.outputs(done.stdout.replace(f":{agent.port}", f":{PORT}"))
    assert len(outputs) == len(found), done.stderr
    return [(*command, output) for command, output in zip(found, outputs)]


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Tour(unittest.TestCase):
    def test_every_page_prints_what_it_says(self):
        ini = re.search(r"(?s)```ini\n(.*?)```", read("README.md")).group(1)
        for name in PAGES:
            page = read(name)
            if not transcript.commands(page):
                continue
            with Agent(modules=(), ini=ini) as agent:
                agent.start()
                wait_for("the first metrics", 10,
                         lambda: "system.mem" in agent.get("/api/v2/metrics")[1])
                for number, command, expected, output in run(page, agent):
                    with self.subTest(f"{name}:{number}: {command}"):
                        self.assertTrue(transcript.fits(expected, output),
                                        f"the page says\n{chr(10).join(expected)}\n"
                                        f"and it printed\n{output}")

    def test_a_difference_is_found(self):
        page = "    $ echo one <pid>; echo 2\n    one <pid>\n    ...\n"
        (_, command, expected), = transcript.commands(page)
        self.assertEqual(command, "echo one <pid>; echo 2")
        for text, fits in (("one 7\n2\n", True), ("one 7\n", True), ("one x\n", False),
                           ("two 7\n", False), ("", False)):
            self.assertEqual(transcript.fits(expected, text), fits, text)
        twice = transcript.pattern(["<token1> <token1>"])
        self.assertTrue(twice.fullmatch(f"{'a' * 32} {'a' * 32}\n"))
        self.assertFalse(twice.fullmatch(f"{'a' * 32} {'b' * 32}\n"))

    def test_every_page_is_listed(self):
        for name in PAGES:
            if name != "README.md":
                self.assertIn(f"({name})", read("README.md"))


if __name__ == "__main__":
    unittest.main()
