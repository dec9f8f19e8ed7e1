"""The ini file as administrators and editors leave it, byte for byte: what is read from odd lines, and what one
change leaves as it was. The rows of the specification's B.5 and B.6, through the command line; no agent is started.
"""
import unittest

from support.cli import CliTest

MARK = b"\xef\xbb\xbf"


class IniCase(CliTest):
    def write(self, data):
        self.ini.write_bytes(data if isinstance(data, bytes) else data.encode())

    def change(self, before, after, path="/a", key="k", value="new"):
        """One change, and the whole file afterwards."""
        self.write(before)
        self.set(path, key, value)
        self.assertEqual(after if isinstance(after, bytes) else after.encode(),
                         self.ini.read_bytes())

    def reads(self, line, key, value):
        self.write(b"[/a]\n" + (line if isinstance(line, bytes) else line.encode()) + b"\n")
        self.assertEqual(value, self.show("/a", key))

    def told(self, *lines):
        """The diagnostics with their line numbers, and no others."""
        ran = self.nscp("settings", "--validate")
        self.assertEqual([f"{self.ini}:{line}" for line in lines],
                         [l for l in ran.stderr.splitlines() if l.startswith(f"{self.ini}:")])


class Reading(IniCase):
    def test_values_are_the_rest_of_the_line(self):
        for line, key, value in [
                ("k=v", "k", "v"), ("  a b  =  c d  ", "a b", "c d"), ("k = a = b", "k", "a = b"),
                ("k = v ; no comment", "k", "v ; no comment"), ("k = v # none", "k", "v # none"),
                ('k = "quoted"', "k", '"quoted"'), ("k = C:\\x\\", "k", "C:\\x\\"),
                ("k = a\\nb", "k", "a\\nb"), ("a.b:c = d", "a.b:c", "d"), ("k =", "k", ""),
                ("k = ${hostname} $ARG1$ %d", "k", "${hostname} $ARG1$ %d"),
                ("k = 1\nK = 2", "k", "2"), ("k = ü", "K", "ü"), ("\tk\t=\tv\t", "k", "v"),
                ("k = " + "l" * 100000, "k", "l" * 100000)]:
            with self.subTest(line[:40]):
                self.reads(line, key, value)

    def test_comments_are_whole_lines(self):
        self.write("; k = 1\n# k = 2\n[/a]\n  ; k = 3\n\t# k = 4\n;k = 5\n")
        self.assertEqual("", self.show("/a", "k"))
        self.told()

    def test_sections_are_trimmed_and_merge_in_any_case(self):
        self.write("[ /a ] behind\nk = 1\n[/b]\nx = y\n[/A/]\nl = 2\n")
        self.assertEqual(("1", "2"), (self.show("/a", "k"), self.show("/A", "l")))
        self.assertEqual("/a.k=1\n/a.l=2\n/b.x=y\n", self.nscp("settings", "--list").stdout)

    def test_lines_that_make_no_sense_are_told_and_passed_over(self):
        self.write("early = 1\n[/modules]\nnoise\n= v\n[open\n; fine\n")
        self.told('1: text before the first section; the line is ignored',
                  '3: a line without "="; the line is ignored',
                  '4: a line without a key before "="; the line is ignored',
                  '5: a section line without "]"; the line is ignored')

    def test_line_ends_and_a_mark_do_not_matter(self):
        for data in (b"[/a]\nk = v\n", b"[/a]\r\nk = v\r\n", b"[/a]\rk = v\r", b"[/a]\nk = v",
                     MARK + b"[/a]\nk = v\n", MARK + b"[/a]\r\nk = v"):
            with self.subTest(data):
                self.write(data)
                self.assertEqual("v", self.show("/a", "k"))
                self.told()

    def test_utf_16_is_refused_and_stays(self):
        for name in ("utf-16-le", "utf-16-be"):
            data = "\ufeff[/a]\nk = v\n".encode(name)
            self.write(data)
            for words in (("--list",), ("--path", "/a", "--key", "k", "--set", "x"), ("--sort",)):
                ran = self.nscp("settings", *words)
                self.assertEqual(255, ran.returncode)
                self.assertIn("it is UTF-16 text; save it as UTF-8", ran.stdout + ran.stderr)
            self.assertEqual(data, self.ini.read_bytes())

    def test_any_byte_is_a_value(self):
        for data in (b"\xe4\xf6\xfc", b"\xff\xfe x", b"a\x01b"):
            with self.subTest(data):
                self.write(b"[/a]\nk = " + data + b"\nlast = x\n")
                ran = self.nscp("settings", "--list", text=False)
                self.assertIn(b"/a.last=x\n", ran.stdout)
                self.assertEqual(0, ran.returncode)


class Changing(IniCase):
    """One changed key changes one line."""

    def test_one_line_changes_and_no_other(self):
        cases = [
            ("[/a]\n; why\nj=1\nk=old\nl=3\n", "[/a]\n; why\nj=1\nk = new\nl=3\n"),
            ("[/a]\r\nj=1\r\nk=old\r\n", "[/a]\r\nj=1\r\nk = new\r\n"),
            ("[/a]\nj=1\r\nk=old\r\nl=2\n", "[/a]\nj=1\r\nk = new\r\nl=2\n"),
            ("[/a]\nk = old", "[/a]\nk = new"),
            ("[/A/]\n\tKey = 1\n\tK = old\n", "[/A/]\n\tKey = 1\n\tK = new\n"),
            ("[/a]\nk = 1\n[/b]\nx=y\n[/a]\nk = 2\nnoise\n", "[/a]\nk = 1\n[/b]\nx=y\n[/a]\nk = new\nnoise\n"),
            (MARK + b"; top\n\n[/a]\nk = old\n", MARK + b"; top\n\n[/a]\nk = new\n"),
            (b"[/a]\n\xff = \xe4\nk = old\nz = a\0b\n", b"[/a]\n\xff = \xe4\nk = new\nz = a\0b\n"),
            ("[/a]\nlong = " + "x" * 70000 + "\nk = old\n", "[/a]\nlong = " + "x" * 70000 + "\nk = new\n"),
            ("[/a]\nk = old ; not a comment\n", "[/a]\nk = new\n"),
        ]
        for before, after in cases:
            with self.subTest(before[:60]):
                self.change(before, after)

    def test_the_value_that_is_there_changes_nothing(self):
        for text in ("[/a]\n  k=new\r\n\n\n", "noise\n[/A] x\nK =   new", "[/a]\nk=old\nk=new\n"):
            self.change(text, text)

    def test_a_new_key_stands_with_its_section_in_the_files_own_style(self):
        cases = [
            ("[/a]\nj = 1\n\n[/b]\nx = y\n", "[/a]\nj = 1\nk = new\n\n[/b]\nx = y\n"),
            ("[/a]\r\nj = 1\r\n", "[/a]\r\nj = 1\r\nk = new\r\n"),
            ("[/a]\n\tj = 1", "[/a]\n\tj = 1\n\tk = new\n"),
            ("[/a]\n", "[/a]\nk = new\n"),
            ("[/b]\nx = y\n", "[/b]\nx = y\n\n; in flight - TODO\n[/a]\n\nk = new\n"),
            (MARK + b"[/a]\r\n", MARK + b"[/a]\r\nk = new\r\n"),
            ("; a comment alone\n", "; a comment alone\n\n; in flight - TODO\n[/a]\n\nk = new\n"),
        ]
        for before, after in cases:
            with self.subTest(before):
                self.change(before, after)

    def test_a_key_that_is_set_and_removed_leaves_no_trace(self):
        for text in ("[/a]\nj = 1\n\n[/b]\nx = y\n", "[/a]\n\nj = 1\n\n; c\nl = 2\n"):
            self.write(text)
            for _ in range(3):
                self.set("/a", "k", "v")
                self.assertNotEqual(text, self.ini.read_text())
                self.set("/a", "k", "")
                self.assertEqual(text, self.ini.read_text())

    def test_removing_a_key_takes_every_line_of_it(self):
        self.change("[/a]\nk=1\nj=2\nK=3\n[/A]\nk=4\n", "[/a]\nj=2\n[/A]\n", value="")

    def test_sorting_keeps_mark_line_ends_and_what_makes_no_sense(self):
        self.write(MARK + b"; top\r\n\r\n[/b]\r\nz=1\r\nnoise\r\nA=2\r\n[/a]\r\n;c\r\nk=\xff\r\n")
        self.assertEqual(0, self.nscp("settings", "--sort").returncode)
        data = self.ini.read_bytes()
        self.assertTrue(data.startswith(MARK + b"; top\r\n\r\n[/a]\r\n;c\r\nk=\xff\r\n"), data)
        self.assertEqual(data.count(b"\n"), data.count(b"\r\n"))
        self.assertIn(b"noise\r\n", data)


class Includes(IniCase):
    """B.6: labels, order, nesting, what is missing; parents win; tokens stay as they are written."""

    def include(self, name, text):
        (self.folder / name).write_text(text)

    def test_the_first_that_has_a_key_counts_and_the_parent_before_all(self):
        self.write("[/includes]\none = one.ini\ntwo = ini://${data-path}/two.ini\n[/a]\np = main\n")
        (self.folder / "data").mkdir()
        self.include("one.ini", "[/includes]\ndeep = deep.ini\n[/a]\np = one\nq = one\n")
        self.include("deep.ini", "[/a]\nq = deep\nr = deep\n[/includes]\nback = one.ini\n")
        self.include("data/two.ini", "[/a]\nr = two\ns = two\n")
        self.assertEqual(["main", "one", "deep", "two"],
                         [self.show("/a", key) for key in "pqrs"])
        self.set("/b", "new", "1")
        self.assertIn("two = ini://${data-path}/two.ini\n", self.ini.read_text())

    def test_what_is_missing_is_told_and_passed_over(self):
        self.write("[/includes]\nnone = none.ini\n[/modules]\n")
        self.told('0: the include "none" (none.ini) is ignored: there is no such file')
        self.assertEqual("none.ini", self.show("/includes", "none"))

    def test_a_folder_is_every_file_in_it(self):
        (self.folder / "parts").mkdir()
        self.include("parts/1.ini", "[/a]\nk = 1\n")
        self.include("parts/2.ini", "[/a]\nk = 2\nl = 2\n")
        self.include("parts/.hidden", "[/a]\nm = 3\n")
        self.write("[/includes]\nparts = parts\n")
        self.assertEqual(["1", "2", ""], [self.show("/a", key) for key in "klm"])


if __name__ == "__main__":
    unittest.main()
