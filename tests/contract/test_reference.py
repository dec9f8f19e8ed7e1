"""docs/reference says what the modules say of themselves."""
import os
import sys
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "packaging", "reference"))
import update  # noqa: E402  (found by the line above)


class Reference(unittest.TestCase):
    def test_the_pages_are_those_of_the_modules(self):
        made = update.pages()
        self.assertGreater(len(made), 3)
        kept = {}
        for name in filter(lambda n: n.endswith(".md"), os.listdir(update.FOLDER)):
            with open(os.path.join(update.FOLDER, name), encoding="utf-8") as file:
                kept[name] = file.read()
        # A module that is not built on this machine leaves its page as it is.
        for name, page in made.items():
            if name == "README.md":
                continue
            with self.subTest(page=name):
                self.assertEqual(kept.get(name, "").splitlines(), page.splitlines(),
                                 "run packaging/reference/update.py")


if __name__ == "__main__":
    unittest.main()
