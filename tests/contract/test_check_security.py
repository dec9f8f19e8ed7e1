"""CheckSecurity on a live agent: certificates beside `openssl x509`, users beside `who`."""
import glob
import json
import os
import re
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.parse

from support.agent import Agent

LIMIT = 20
DAY = 86400
COMPARED = 6  # of the system's certificates
FIELDS = ("subject_dn", "issuer_dn", "serial", "thumbprint", "fingerprint", "signature_algorithm",
          "key_type", "key_size", "valid_from", "valid_to", "self_signed", "trusted", "expired",
          "not_yet_valid", "weak_key", "weak_signature", "expires_in", "expires_in_days",
          "expires_in_sec", "subject", "issuer", "names", "store", "not_before", "not_after",
          "source")
FILTER_OPTIONS = ("filter=key_size > 1", "warning=none", "warn=none", "critical=none", "crit=none",
                  "ok=expired = 0", "debug=true", "show-all", "empty-state=ok",
                  "perf-config=*(unit:x)", "escape-html", "list-separator=;", "top-syntax=${list}",
                  "ok-syntax=fine", "empty-syntax=nothing", "detail-syntax=${subject}",
                  "perf-syntax=p")
USER_PROCESS, DEAD_PROCESS, BOOT_TIME = 7, 8, 2


def openssl(*arguments, **options):
    return subprocess.run(["openssl", *arguments], check=True, capture_output=True, timeout=LIMIT,
                          **options).stdout.decode(errors="surrogateescape").strip()


def told(file, *what):
    """What openssl says after "=" of one property."""
    return openssl("x509", "-in", file, "-noout", *what).split("=", 1)[1]


def utmp_record(kind, pid, line, user, host, when):
    """struct utmp of x86-64, utmp(5)."""
    record = struct.pack("<hxxi32s4s32s256shhiii16s20x", kind, pid, line.encode(), b"id",
                         user.encode("latin-1"), host.encode(), 0, 0, 0, when, 0, bytes(16))
    assert len(record) == 384
    return record


class CheckSecurity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.utmp = os.path.join(cls.folder, "utmp")
        ini = f"[/settings/security]\nutmp file = {cls.utmp}\ntimezone = utc\n"
        cls.agent = cls.enterClassContext(Agent(modules=("CheckSecurity",), ini=ini)).start()

    def setUp(self):
        self.place = tempfile.mkdtemp(dir=self.folder)

    def file(self, name, content=None):
        path = os.path.join(self.place, name)
        if content is not None:
            with open(path, "wb") as f:
                f.write(content)
        return path

    def make(self, name="server", days=90, *more):
        certificate, key = self.file(name + ".pem"), self.file(name + ".key")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-nodes", "-days", str(days), "-subj", f"/O=Some Org/CN={name}", "-keyout", key,
                "-out", certificate, *more)
        return certificate, key

    def ask(self, command, *arguments, result=None):
        query = [urllib.parse.quote(a, safe="=") for a in arguments]
        state, message = self.agent.check(command, *query)
        if result is not None:
            self.assertEqual(state, result, message)
        return message

    def rows(self, *arguments):
        text = self.ask("check_certificate", *arguments, "top-syntax=%(list)", "list-separator=\\n",
                        "detail-syntax=" + "\t".join(f"%({name})" for name in FIELDS))
        self.assertNotIn("not read", text)
        return [dict(zip(FIELDS, line.split("\t"))) for line in text.split("\n")]

    def compare(self, file, row):
        for field, option in (("serial", "-serial"), ("thumbprint", "-fingerprint")):
            self.assertEqual(row[field], told(file, option).replace(":", ""))
        self.assertEqual(row["fingerprint"],
                         told(file, "-fingerprint", "-sha256").replace(":", ""))
        for field, option in (("valid_from", "-startdate"), ("valid_to", "-enddate")):
            self.assertEqual(row[field] + "Z", told(file, "-dateopt", "iso_8601", option))
        self.assertEqual((row["not_before"], row["not_after"]),
                         (row["valid_from"], row["valid_to"]))
        for field, option in (("subject_dn", "-subject"), ("issuer_dn", "-issuer")):
            wanted = told(file, option, "-nameopt",
                          "esc_2253,esc_ctrl,utf8,dump_nostr,dump_unknown,dump_der,sep_comma_plus,sname")
            self.assertEqual(row[field], wanted)
        text = openssl("x509", "-in", file, "-noout", "-text")
        self.assertEqual(row["signature_algorithm"],
                         re.search(r"Signature Algorithm: (\S+)", text)[1])
        self.assertEqual(row["key_size"], re.search(r"Public-Key: \((\d+) bit", text)[1])
        end = time.mktime(time.strptime(row["valid_to"], "%Y-%m-%d %H:%M:%S")) - time.timezone
        self.assertLessEqual(abs(int(row["expires_in_sec"]) - (end - time.time())), 5)
        self.assertEqual(row["expires_in"], row["expires_in_days"])
        self.assertEqual(int(row["expires_in"]), int(row["expires_in_sec"]) // DAY)
        self.assertEqual(row["expired"], str(int(end < time.time())))

    def test_a_certificate_is_what_openssl_tells(self):
        file, _ = self.make("server", 90, "-addext", "subjectAltName=DNS:a.example,IP:10.0.0.1")
        row, = self.rows(f"file={file}", f"ca={file}")
        self.compare(file, row)
        self.assertEqual(row["subject"], "server")
        self.assertEqual(row["issuer"], "server")
        self.assertEqual(row["names"], "a.example, 10.0.0.1")
        self.assertEqual((row["key_type"], row["store"], row["source"]), ("EC", "", file))
        self.assertEqual([row[k] for k in ("self_signed", "trusted", "weak_key", "not_yet_valid",
                                           "weak_signature")], ["1", "1", "0", "0", "0"])
        self.assertEqual(self.ask("check_certificate", f"file={file}", result=0),
                         "OK: all 1 certificate(s) are ok")
        soon, _ = self.make("soon", 20)
        self.assertRegex(self.ask("check_certificate", f"file={file}", f"path={soon}", result=1),
                         r"^WARNING: soon expires in (19|20)d \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\)$")
        self.ask("check_certificate", f"file={soon}", "crit=expires_in < 21", result=2)
        self.ask("check_certificate", f"file={file}", f"ca={soon}", "crit=trusted = 0", result=2)

    def test_the_systems_certificates(self):
        files = sorted({os.path.realpath(f) for f in glob.glob("/etc/ssl/certs/*.pem")
                        if os.path.getsize(f) < 10000})[:COMPARED]
        if not files:
            self.skipTest("this system has no certificates in /etc/ssl/certs")
        for file in files:
            row, = self.rows(f"file={file}", f"ca={file}", "warn=none", "crit=none")
            self.compare(file, row)
            self.assertEqual(row["trusted"], str(int(row["expired"] == "0")))
        # Links are followed, and each file counts once.
        names = {os.path.realpath(f) for f in glob.glob("/etc/ssl/certs/*") if os.path.isfile(f)}
        text = self.ask("check_certificate", "path=/etc/ssl/certs", "ignore-unreadable",
                        "top-syntax=%(count)", "ok-syntax=none", "warn=none", "crit=none")
        wanted = 0
        for name in names:
            with open(name, "rb") as f:
                wanted += f.read().count(b"-----BEGIN CERTIFICATE-----")
        self.assertEqual(int(text), wanted)

    def test_der_pfx_and_folders(self):
        file, key = self.make()
        openssl("x509", "-in", file, "-outform", "DER", "-out", self.file("der.cer"))
        openssl("pkcs12", "-export", "-in", file, "-inkey", key, "-passout", "pass:s3 cret",
                "-out", self.file("all.pfx"))
        wanted = told(file, "-fingerprint").replace(":", "")
        for name, more in (("der.cer", ()), ("all.pfx", ("password=s3 cret",))):
            row, = self.rows("file=" + self.file(name), *more)
            self.assertEqual(row["thumbprint"], wanted, name)
        self.assertIn("it has a password", self.ask("check_certificate", result=3,
                                                    *["file=" + self.file("all.pfx")]))
        os.mkdir(self.file("below"))
        os.rename(self.file("all.pfx"), self.file("below/all.pfx"))
        self.assertEqual(len(self.rows("path=" + self.place)), 2)
        self.assertEqual(len(self.rows("path=" + self.place, "recursive", "password=s3 cret")), 3)

    def test_what_is_broken_is_named_and_hides_nothing(self):
        good, _ = self.make("good", 5)
        with open(good, "rb") as f:
            content = f.read()
        self.file("cut.pem", content[:300])
        self.file("empty.crt", b"")
        self.file("m\udce4ry.der".encode("utf-8", "surrogateescape").decode("latin-1"), b"\xff" * 99)
        self.file("huge.pem", b"")
        os.truncate(self.file("huge.pem"), 5 << 20)
        os.mkfifo(self.file("pipe.pem"))
        os.symlink(self.file("loop.pem"), self.file("loop.pem"))
        os.symlink("/dev/zero", self.file("zero.pem"))
        self.file("README", b"-----BEGIN nothing\n" * 3)
        text = self.ask("check_certificate", f"path={self.place}", result=2)
        self.assertRegex(text, r"^CRITICAL: good expires in [45]d .* \(not read: ")
        for name in ("cut.pem", "empty.crt", "huge.pem"):
            self.assertIn(name, text)
        for name in ("README", "good.key"):
            self.assertNotIn(name, text)
        self.assertIn("larger than 4194304 bytes", text)
        text = self.ask("check_certificate", f"path={self.place}", "warn=none", "crit=none", result=3)
        self.assertTrue(text.startswith("UNKNOWN: all 1 certificate(s) are ok (not read: "), text)
        self.ask("check_certificate", f"path={self.place}", "warn=none", "crit=none",
                 "ignore-unreadable", result=0)
        for name in ("pipe.pem", "loop.pem", "zero.pem", "none.pem"):
            self.assertIn("No certificates found (not read: ",
                          self.ask("check_certificate", "file=" + self.file(name), result=3), name)
        self.assertIn("no plain file", self.ask("check_certificate", "file=/dev/zero", result=3))

    def test_who_is_logged_on(self):
        self.assertEqual(self.ask("check_users", result=0), "No users logged on")
        now, alive = int(time.time()), os.getpid()
        with open(self.utmp, "wb") as f:
            f.write(utmp_record(BOOT_TIME, 0, "~", "reboot", "6.1", now)
                    + utmp_record(USER_PROCESS, alive, "tty1", "root", "", now)
                    + utmp_record(USER_PROCESS, alive, "pts/0", "alice", "client.example.org", now)
                    + utmp_record(DEAD_PROCESS, alive, "pts/1", "bob", "x", now)
                    + utmp_record(USER_PROCESS, 2 ** 31 - 2, "pts/2", "gone", "y", now)
                    + b"cut off")
        # Of a file that is named, who shows those too whose process is gone.
        who = [line.split() for line in subprocess.run(
            ["who", self.utmp], capture_output=True, text=True, check=True,
            timeout=LIMIT).stdout.splitlines()]
        text = self.ask("check_users", "top-syntax=%(list)", "list-separator=\\n",
                        "detail-syntax=%(user) %(terminal) (%(client))", result=0)
        self.assertEqual([line.replace(" ()", "").split() for line in text.split("\n")],
                         [w[:2] + [x for x in w[2:] if "(" in x] for w in who if w[0] != "gone"])
        self.assertIn(time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)),
                      self.ask("check_users", "detail-syntax=%(logged_on)", result=0))
        self.assertEqual(self.ask("check_users", result=0), "OK: 2 user(s) logged on: root, alice")
        self.assertEqual(self.ask("check_users", "filter=session_type = 'remote'",
                                  "crit=count > 0", "detail-syntax=%(user)@%(client) "
                                  "%(session_state)", result=2),
                         "CRITICAL: 1 user(s) logged on: alice@client.example.org active")
        with open(self.utmp, "ab") as f:
            f.write(b"x" * 377 + utmp_record(USER_PROCESS, alive, "pts/7", "m\xe4ry", "h", now))
        self.assertEqual(self.ask("check_users", "detail-syntax=%(client)", result=0),
                         "OK: 3 user(s) logged on: client.example.org, h")
        os.truncate(self.utmp, 17 << 20)
        self.assertIn("larger than", self.ask("check_users", result=3))
        os.remove(self.utmp)

    def test_help_defaults_and_options(self):
        file, _ = self.make()
        for command in ("check_certificate", "check_users"):
            for word in ("help", "help-short"):
                self.ask(command, word, result=0)
            self.assertIn("unrecognised option 'foo=1'", self.ask(command, "foo=1", result=3))
        defaults = self.ask("check_certificate", "show-default", result=0)
        for default in ('"warning=expires_in < 30"', '"critical=expires_in < 10"',
                        '"empty-state=unknown"', '"top-syntax=${status}: ${problem_list}"',
                        '"empty-syntax=No certificates found"', '"perf-syntax=${subject}"',
                        '"detail-syntax=${subject} expires in ${expires_in}d (${valid_to})"'):
            self.assertIn(default, defaults)
        self.assertIn('"detail-syntax=${user}"', self.ask("check_users", "show-default", result=0))
        for option in FILTER_OPTIONS:
            text = self.ask("check_certificate", f"file={file}", option)
            self.assertNotRegex(text, "Invalid|Failed", option)
        self.assertIn("Need to specify at least one file",
                      self.ask("check_certificate", result=3))
        for expression in ("warn=expires_in < 3x", "warn=expires_in < 'soon'", "filter=nothing = 1"):
            self.assertIn("expression is not valid",
                          self.ask("check_certificate", f"file={file}", expression, result=3))


if __name__ == "__main__":
    unittest.main()
