"""`nscp web ...` with and without a running agent; user interfaces from a file and from a server."""
import hashlib
import http.server
import io
import json
import os
import re
import subprocess
import threading
import unittest
import zipfile

from support.agent import BIN, Agent, wait_for

PAGE = "<h1>a user interface</h1>"
WARNING = "WARNING: No password specified using a generated password\n"
UPDATED = "Password updated successfully, please restart nsclient++ for changes to affect.\n"


def make_zip(**files):
    """Of name -> text; "__" stands for "/"."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (files or {"index.html": PAGE, "assets__a.js": "1"}).items():
            archive.writestr(name.replace("__", "/"), text)
    return buffer.getvalue()


def with_names(names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


class Releases:
    """A server of releases: path -> bytes."""

    def __init__(self):
        self.files, self.asked = {}, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append(self.path)
                body = outer.files.get(self.path)
                if callable(body):
                    return body(self)
                self.send_response(404 if body is None else 200)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/download"

    def put(self, version, archive, total=None):
        name = f"/download/{version}/NSCP-Web-{version}"
        self.files[name + ".zip"] = archive
        if total is not False:
            total = total or f"{hashlib.sha256(archive).hexdigest()}  NSCP-Web-{version}.zip\n"
            self.files[name + ".sha256"] = total.encode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class WebCase(unittest.TestCase):
    modules = ()

    def setUp(self):
        self.agent = self.enterContext(Agent(modules=()))
        self.folder = os.path.join(self.agent.folder, "web")

    def web(self, *words, code=0):
        ran = self.agent.nscp("web", *words)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        return ran.stdout

    def show(self, path, key):
        """As it stands in the file."""
        with open(self.agent.ini, encoding="utf-8") as f:
            section = re.search(rf"(?ms)^\[{re.escape(path)}\]$(.*?)(?=^\[|\Z)", f.read())
        found = re.search(rf"(?m)^{re.escape(key)} = (.*)$", section[1]) if section else None
        return found[1] if found else None

    def write(self, name, data):
        file = os.path.join(self.agent.folder, name)
        with open(file, "wb") as f:
            f.write(data)
        return file

    def installed(self):
        found = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                file = os.path.join(folder, name)
                with open(file, encoding="utf-8") as f:
                    found[os.path.relpath(file, self.folder)] = f.read()
        return found

    def assert_nothing_beside(self):
        beside = [n for n in os.listdir(self.agent.folder) if n.startswith(".")]
        self.assertEqual(beside, [])


class UserInterface(WebCase):
    def setUp(self):
        super().setUp()
        self.releases = self.enterContext(Releases())

    def install(self, version, *words, code=0):
        return self.web("install-ui", "--url", self.releases.url, "--release-version", version,
                        *words, code=code)

    def test_a_release_is_downloaded_verified_installed_and_removed(self):
        self.assertEqual(self.web("ui-status", code=3), (
            f'Web path: "{self.folder}"\n'
            "Status  : not installed (directory does not exist)\n"))
        archive = make_zip()
        total = hashlib.sha256(archive).hexdigest()
        self.releases.put("1.2.3", archive)
        source = f"{self.releases.url}/1.2.3/NSCP-Web-1.2.3.zip"
        self.assertEqual(self.install("1.2.3", "--dry-run"), (
            f"Web bundle install\n  version: 1.2.3\n  target : {self.folder}\n"
            f"  source : {source}\nDry-run: nothing is downloaded and nothing is written.\n"))
        self.assertEqual(self.releases.asked, [])
        self.assertTrue(self.install("1.2.3").endswith(
            f"  sha256 : {total} (verified)\nInstalled 2 file(s) to \"{self.folder}\".\n"))
        files = self.installed()
        manifest = json.loads(files.pop(".nscp-web-manifest.json"))
        self.assertEqual(files, {"index.html": PAGE, "assets/a.js": "1"})
        date = manifest.pop("installed_at")
        self.assertRegex(date, r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertEqual(manifest, {"version": "1.2.3", "source_url": source, "sha256": total,
                                    "files": ["index.html", "assets/a.js"]})
        self.assertEqual(self.web("ui-status"), (
            f'Web path: "{self.folder}"\nStatus  : installed\nVersion : 1.2.3\n'
            f"Source  : {source}\nSHA-256 : {total}\nDate    : {date}\nFiles   : 2\n"))
        with open(os.path.join(self.folder, "assets", "own.txt"), "w", encoding="utf-8"):
            pass
        self.assertEqual(self.web("uninstall-ui"),
                         f'Removed 2 file(s) from "{self.folder}".\n')
        self.assertEqual(list(self.installed()), ["assets/own.txt"])
        self.assertIn("No manifest found at", self.web("uninstall-ui", code=3))
        self.assertIn("Status  : not installed (No manifest found at",
                      self.web("ui-status", code=3))
        self.assert_nothing_beside()

    def test_what_is_there_is_replaced_only_when_asked(self):
        self.releases.put("1", make_zip())
        os.mkdir(self.folder)
        self.install("1")  # an empty folder is as good as none
        self.releases.put("2", make_zip(**{"index.html": "two"}))
        text = self.install("2", code=3)
        self.assertIn("already installed", text)
        self.assertIn("nscp web uninstall-ui", text)
        self.install("2", "--force")
        self.assertEqual(self.installed()["index.html"], "two")
        self.assertNotIn("assets/a.js", self.installed())
        self.web("uninstall-ui")
        with open(os.path.join(self.folder, "own.html"), "w", encoding="utf-8"):
            pass
        self.assertIn("already contains files", self.install("2", code=3))
        self.assertEqual(list(self.installed()), ["own.html"])

    def test_what_is_not_what_it_should_be_changes_nothing(self):
        good = make_zip()
        self.releases.put("good", good)
        self.install("good")
        before = self.installed()
        self.releases.put("wrong", good, total="0" * 64 + "  x.zip")
        self.releases.put("odd", good, total="hello")
        self.releases.put("nosum", good, total=False)
        self.releases.put("empty", b"")
        self.releases.put("noindex", with_names(["a.html"]))
        self.releases.put("huge", make_zip(**{"index.html": "x" * (65 * 1024 * 1024)}))
        for name, evil in (("dots", "../evil"), ("root", "/tmp/evil"), ("deep", "a/../../evil"),
                           ("back", "..\\evil"), ("hidden", ".nscp-web-manifest.json")):
            self.releases.put(name, with_names(["index.html", evil]))
        for version, text in (
                ("wrong", "SHA-256 mismatch of .* expected 0{64}, got"), ("odd", "malformed"),
                ("nosum", r"nosum\.sha256.*404.*--release-version"), ("none", "404"),
                ("empty", "the archive is empty"), ("noindex", "no index.html"),
                ("huge", "more than 67108864 bytes"), ("dots", r"\.\./evil"),
                ("root", "/tmp/evil"), ("deep", "evil"), ("back", "evil"), ("hidden", "manifest"),
                ("a/b", "can't be a release")):
            with self.subTest(version):
                self.assertRegex(self.install(version, "--force", code=3), text)
                self.assertEqual(self.installed(), before)
        self.assertFalse(os.path.exists(os.path.join(self.agent.folder, "evil")))
        self.assert_nothing_beside()

    def test_a_local_archive_needs_no_server(self):
        archive = make_zip()
        file = self.write("ui.zip", archive)
        self.assertIn("there is no .sha256 beside", self.web("install-ui", "--from", file))
        self.write("ui.sha256", (hashlib.sha256(archive).hexdigest() + "  ui.zip").encode())
        self.assertIn("(verified)", self.web("install-ui", "--force", "--from", file))
        self.write("ui.sha256", b"1" * 64)
        self.assertIn("SHA-256 mismatch", self.web("install-ui", "--force", "--from", file, code=3))
        self.assertIn("Local zip not found: /no/such.zip",
                      self.web("install-ui", "--force", "--from", "/no/such.zip", code=3))
        text = self.web("install-ui", "--force", "--from", file, "--dry-run", code=3)
        self.assertIn("SHA-256 mismatch", text)

    def test_a_relative_name_is_the_callers(self):
        self.write("ui.zip", make_zip())
        self.agent.start()
        for running in (True, False):
            ran = subprocess.run(
                [os.path.join(BIN, "nscp"), "web", *self.agent.options(), "install-ui", "--from",
                 "ui.zip", "--force"], cwd=self.agent.folder, env=self.agent.environment(),
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
            self.assertEqual(self.agent.stop() if running else 0, 0)

    def test_a_running_agent_shows_it_at_once(self):
        self.agent.start()
        self.assertNotIn(PAGE, self.agent.get("/index.html")[1])
        self.web("install-ui", "--from", self.write("ui.zip", make_zip()))
        self.assertEqual(self.agent.get("/index.html")[:2], (200, PAGE))
        self.web("uninstall-ui")
        self.assertNotIn(PAGE, self.agent.get("/index.html")[1])

    def test_a_killed_installation_leaves_what_was_there(self):
        self.releases.put("1", make_zip())
        self.install("1")
        before = self.installed()
        begun, end = threading.Event(), threading.Event()
        self.addCleanup(end.set)

        def stall(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b"PK")
            handler.wfile.flush()
            begun.set()
            end.wait(60)

        self.releases.put("2", b"")
        self.releases.files["/download/2/NSCP-Web-2.zip"] = stall
        command = subprocess.Popen(
            [os.path.join(BIN, "nscp"), "web", *self.agent.options(), "install-ui", "--force",
             "--url", self.releases.url, "--release-version", "2"],
            env=self.agent.environment(), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(begun.wait(30))
        command.kill()
        command.wait(30)
        self.assertEqual(self.installed(), before)
        self.assert_nothing_beside()
        # What one left that was killed while it wrote goes with the next.
        os.mkdir(os.path.join(self.agent.folder, ".web.install-0123456789ab"))
        self.install("1", "--force")
        self.assert_nothing_beside()


class Settings(WebCase):
    def login(self, user, password):
        return self.agent.get("/api/v2/login", credentials=None, headers={
            "Authorization": self.agent.basic(user, password)})[0]

    def test_how_it_is_used(self):
        usage = ("Usage: nscp web [install|password|add-user|add-role|install-ui|uninstall-ui|"
                 "ui-status] --help\n")
        self.assertEqual(self.web(code=3), usage)
        self.assertEqual(self.web("wibble", code=3), usage)
        text = self.web("password", "--help")
        self.assertTrue(text.startswith("Allowed options:\n"), text)
        self.assertIn("-s [ --set ]", text)
        self.assertTrue(self.web("ui-status", "--wibble", code=3).startswith(
            "Invalid command line: unrecognised option '--wibble'\nAllowed options:\n"))

    def test_install_into_a_store_with_nothing(self):
        with open(self.agent.ini, "w", encoding="utf-8"):
            pass
        text = self.web("install")
        password = self.show("/settings/default", "password")
        self.assertRegex(password, "^[A-Za-z0-9]{32}$")
        self.assertEqual(text, "Enabling WEB access from 127.0.0.1\n"
                               "Certificate & key: ${certificate-path}/certificate.pem.\n"
                               "Point your browser to -- https://localhost:8443\n" + WARNING +
                               f"Login using this password {password}\n")
        self.assertEqual(self.show("/modules", "WEBServer"), "enabled")
        self.assertEqual(self.show("/settings/WEB/server", "port"), "8443")
        self.assertEqual(self.show("/settings/WEB/server/users/admin", "role"), "full")
        # A second time all stays.
        self.assertNotIn("WARNING", self.web("install", "-h", "::1", "--port", "9443s"))
        self.assertEqual(self.show("/settings/default", "allowed hosts"), "::1")
        self.assertEqual(self.show("/settings/WEB/server", "port"), "9443")
        self.assertEqual(self.show("/settings/default", "password"), password)

    def test_a_running_agent_takes_what_is_set(self):
        self.agent.start()
        self.assertEqual(self.web("password", "--display"),
                         f"Current password: {self.agent.password}\n")
        self.assertEqual(self.web("add-user", "bob", "--password", "b:b", "--role", "full"),
                         "User bob authenticated by b:b as full\n")
        self.assertEqual(self.web("add-user", "--user", "bob"),
                         "User bob authenticated by (unchanged) as full\n")
        self.assertTrue(self.web("add-role", "--role", "viewer", "--grant", "info.get,login.get")
                        .startswith("Role viewer\n info.get\n login.get\n"))
        self.assertEqual(self.web("password", "-s", "other-pass"), UPDATED)
        self.assertEqual(self.show("/settings/default", "password"), "other-pass")
        self.assertIsNotNone(re.match("pbkdf2-sha256[$]",
                                      self.show("/settings/WEB/server/users/bob", "password")))
        self.assertEqual(self.agent.nscp("settings", "--list", "--path",
                                         "/settings/WEB/server/roles").returncode, 0)
        self.assertEqual(self.agent.stop(), 0)
        self.agent.log_file.close()
        self.agent.password = "other-pass"
        self.agent.start()
        self.assertEqual([self.login("admin", "other-pass"), self.login("admin", "correct-horse"),
                          self.login("bob", "b:b")], [200, 403, 200])

    def test_the_password_of_the_web_alone(self):
        self.assertEqual(self.web("password", "--set", "web-pass", "--only-web"), UPDATED)
        self.assertEqual(self.show("/settings/default", "password"), self.agent.password)
        self.assertEqual(self.web("password", "-d"), "Current password: web-pass\n")
        self.assertTrue(self.web("password", code=3).startswith("Allowed options:\n"))
        self.agent.password = "web-pass"
        self.agent.start()
        self.assertEqual([self.login("admin", "web-pass"), self.login("admin", "correct-horse")],
                         [200, 403])

    def test_an_agent_without_the_web_server_sees_what_was_installed(self):
        agent = self.enterContext(Agent(web=False))
        agent.start(wait=False)
        wait_for("the agent", 30, lambda: agent.nscp("status").returncode == 0)
        ran = agent.nscp("web", "install", "--password", "P")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        show = ("settings", "--show", "--path", "/modules", "--key", "WEBServer")
        self.assertEqual(agent.nscp(*show).stdout, "enabled")
        self.assertEqual(agent.stop(), 0)


if __name__ == "__main__":
    unittest.main()
