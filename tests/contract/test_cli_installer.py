"""`nscp settings --apply-installer`, as the Windows installer calls it: properties on standard input, the
exit code, and boot.ini and nsclient.ini afterwards. The table of cases is kernel/cli/installer_test.cpp's.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support.cli import BIN, COMMAND_LIMIT, NSCP

COMMENTS = re.compile(rb"^[;#].*$|^\s*$", re.M)


class Installer(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nscp-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def apply(self, properties):
        paths = {"shared-path": self.folder, "boot-conf": self.folder / "boot.ini",
                 "runtime-path": self.folder / "run", "data-path": self.folder / "data",
                 "module-path": BIN / "modules"}
        words = [w for name, path in paths.items() for w in ("--path-override", f"{name}={path}")]
        return subprocess.run([NSCP, "settings", *words, "--apply-installer"], input=properties,
                              capture_output=True, timeout=COMMAND_LIMIT)

    def values(self, name):
        """{(section, key): value} by rules of this test's own."""
        found, section = {}, b""
        for line in COMMENTS.sub(b"", (self.folder / name).read_bytes()).splitlines():
            if line.startswith(b"["):
                section = line.strip(b"[]").lower()
            elif b"=" in line:
                key, _, value = line.partition(b"=")
                found[section, key.strip().lower()] = value.strip()
        return found

    def test_the_silent_install(self):
        ran = self.apply(b"CONF_WEB=1\nNSCLIENT_PWD=k\xc3\xa4y $`\"\\\n")
        self.assertEqual((0, b""), (ran.returncode, ran.stderr))
        self.assertNotIn(b"y $`", ran.stdout)
        self.assertEqual({(b"settings", b"1"): b"ini://${shared-path}/nsclient.ini"},
                         self.values("boot.ini"))
        ini = self.values("nsclient.ini")
        self.assertEqual(b"k\xc3\xa4y $`\"\\", ini[b"/settings/default", b"password"])
        self.assertEqual(b"127.0.0.1", ini[b"/settings/default", b"allowed hosts"])
        self.assertEqual(b"enabled", ini[b"/modules", b"webserver"])
        self.assertEqual(13, len(ini), ini)

    def test_passwords_that_are_made_differ(self):
        made = set()
        for _ in range(2):
            self.assertEqual(0, self.apply(b"").returncode)
            made.add(self.values("nsclient.ini")[b"/settings/default", b"password"])
            (self.folder / "nsclient.ini").unlink()
        self.assertEqual(2, len(made))
        for password in made:
            self.assertRegex(password, rb"^[A-Za-z0-9]{16}$")

    def test_hostile_input_is_refused(self):
        for properties in (b"\x00\xff\n", b"NSCLIENT_PWD=\xff\x00x\n", b"=\n", b"A" * 2_000_000,
                           b"CONF_SET=" + b";" * 1000 + b"\n", b"CONFIGURATION_TYPE=\x01://\n",
                           b"IMPORT_CONFIG=/proc/self/mem\n", b"IMPORT_CONFIG=/dev/null\n"):
            with self.subTest(properties[:40]):
                ran = self.apply(properties)
                self.assertEqual(1, ran.returncode, ran.stdout)
                self.assertRegex(ran.stderr, rb"^Applying the installer's properties: .+\n$")
                self.assertFalse((self.folder / "boot.ini").exists())

    def test_a_boot_ini_that_cannot_be_read_is_not_overwritten(self):
        (self.folder / "boot.ini").mkdir()
        ran = self.apply(b"CONF_WEB=1\n")
        self.assertEqual(1, ran.returncode)
        self.assertIn(b"boot.ini", ran.stderr)
        self.assertEqual([], os.listdir(self.folder / "boot.ini"))


if __name__ == "__main__":
    unittest.main()
