"""The developer's guide quotes the samples word for word, so that it can't grow old.

Each fenced block of docs/write-a-module.md stands in the file that the line above it names.
"""
import os
import re
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
GUIDE = os.path.join(ROOT, "docs", "write-a-module.md")
FENCE = re.compile(r"^```", re.MULTILINE)
QUOTE = re.compile(r"^`([^`\n]+)`:\n\n```[a-z]*\n(.*?\n)```$", re.MULTILINE | re.DOTALL)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def misquoted(guide):
    """What is quoted and stands not, or not so, in its file."""
    found = []
    for path, quoted in QUOTE.findall(guide):
        file = os.path.join(ROOT, path)
        if not os.path.isfile(file):
            found.append(f"{path}: there is no such file")
        elif quoted not in read(file):
            found.append(f"{path} has not: {quoted}")
    return found


class Guide(unittest.TestCase):
    def test_every_quote_stands_in_its_file(self):
        guide = read(GUIDE)
        quotes = QUOTE.findall(guide)
        print(f"{len(quotes)} quotes")
        self.assertGreater(len(quotes), 20)
        self.assertEqual(len(FENCE.findall(guide)), 2 * len(quotes),
                         "a block of code without the name of its file")
        self.assertEqual(misquoted(guide), [])

    def test_a_quote_that_is_not_there_is_found(self):
        true = "`tests/arch/test_guide.py`:\n\n```python\nimport unittest\n```\n"
        self.assertEqual(misquoted(true), [])
        self.assertEqual(len(misquoted(true.replace("import", "export"))), 1)
        self.assertEqual(len(misquoted(true.replace("test_guide", "no_such"))), 1)


if __name__ == "__main__":
    unittest.main()
