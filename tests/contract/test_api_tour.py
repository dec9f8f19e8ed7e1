"""docs/api: each command of its pages is run against an agent, in one shell for each page, and what
it prints is compared with the page."""
import os
import re
import shutil
import subprocess
import unittest

from support.agent import PASSWORD, Agent, wait_for

FOLDER = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                       "..", "..", "docs", "api"))
INDENT = "    "
PORT = "8443"  # as the pages say
MARK = "--- nscp tour: end of command"
# What the words in angle brackets stand for.
PLACES = {
    "token": r"[0-9A-Za-z]{32}", "id": r"[0-9a-f]+-[0-9]+", "pid": r"[0-9]+",
    "version": r"[0-9]+\.[0-9]+\.[0-9]+", "day": r"\d{4}-\d\d-\d\d",
    "date": r"\d{4}-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d", "number": r"-?[0-9.]+",
    "count": r"[0-9]+", "file": r"[^\"\s]+", "time": r"[0-9a-z:. -]+",
    "size": r"[0-9.]+[KMGT]?B", "unit": r"[KMGT]?B",
}
PAGES = sorted(name for name in os.listdir(FOLDER) if name.endswith(".md"))


def read(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as f:
        return f.read()


def commands(text):
    """[(line number, command, the lines that it prints)] of a page's indented blocks."""
    found, open_block = [], False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith(INDENT):
            open_block = False
        elif line.startswith(INDENT + "$ "):
            found.append((number, line[len(INDENT) + 2:], []))
            open_block = True
        elif open_block:
            found[-1][2].append(line[len(INDENT):])
    return found


def pattern(lines):
    """A regular expression for these lines; a name that comes twice means the same text."""
    seen = set()

    def place(match):
        name = match.group(1)
        kind = name.rstrip("0123456789")
        if name not in seen:
            seen.add(name)
            return f"(?P<{name}>{PLACES[kind]})"
        return f"(?P={name})" if name != kind else f"(?:{PLACES[kind]})"
    parts = []
    for line in lines:
        if line.strip() == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            escaped = re.escape(line).replace("\\<", "<").replace("\\>", ">")
            parts.append(re.sub(r"<([a-z]+\d*)>", place, escaped) + r"\n")
    return re.compile("".join(parts))


def run(page, agent):
    """The commands of a page with what they print now."""
    found = commands(page)
    script = "".join(f"{command}\nprintf '\\n%s\\n' '{MARK}'\n" for _, command, _ in found)
    done = subprocess.run(
        ["bash"], input=script, capture_output=True, text=True, timeout=120, cwd=agent.folder,
        check=False, env={"PATH": os.environ["PATH"], "PASSWORD": PASSWORD, "LC_ALL": "C.UTF-8",
                          "AGENT": f"https://127.0.0.1:{agent.port}"})
    outputs = done.stdout.replace(f":{agent.port}", f":{PORT}").split(MARK + "\n")[:-1]
    assert len(outputs) == len(found), done.stderr
    return [(*command, output) for command, output in zip(found, outputs)]


def tidy(text):
    """Without the blank lines at the end, which `curl` may or may not leave."""
    return text.rstrip("\n") + "\n" if text.strip() else ""


@unittest.skipUnless(shutil.which("curl"), "curl is not installed")
class Tour(unittest.TestCase):
    def test_every_page_prints_what_it_says(self):
        ini = re.search(r"(?s)```ini\n(.*?)```", read("README.md")).group(1)
        for name in PAGES:
            page = read(name)
            if not commands(page):
                continue
            with Agent(modules=(), ini=ini) as agent:
                agent.start()
                wait_for("the first metrics", 10,
                         lambda: "system.mem" in agent.get("/api/v2/metrics")[1])
                for number, command, expected, output in run(page, agent):
                    with self.subTest(f"{name}:{number}: {command}"):
                        wanted = pattern(tidy("\n".join(expected)).splitlines())
                        self.assertIsNotNone(wanted.fullmatch(tidy(output)),
                                             f"the page says\n{chr(10).join(expected)}\n"
                                             f"and it printed\n{output}")

    def test_a_difference_is_found(self):
        page = f"{INDENT}$ echo one <pid>; echo 2\n{INDENT}one <pid>\n{INDENT}...\n"
        (_, command, expected), = commands(page)
        self.assertEqual(command, "echo one <pid>; echo 2")
        for text, fits in (("one 7\n2\n", True), ("one 7\n", True), ("one x\n", False),
                           ("two 7\n", False), ("", False)):
            self.assertEqual(pattern(expected).fullmatch(text) is not None, fits, text)
        twice = pattern(["<token1> <token1>"])
        self.assertTrue(twice.fullmatch(f"{'a' * 32} {'a' * 32}\n"))
        self.assertFalse(twice.fullmatch(f"{'a' * 32} {'b' * 32}\n"))

    def test_every_page_is_listed(self):
        for name in PAGES:
            if name != "README.md":
                self.assertIn(f"({name})", read("README.md"))


if __name__ == "__main__":
    unittest.main()
