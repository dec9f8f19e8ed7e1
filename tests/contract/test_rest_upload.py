"""POST /api/{v}/modules/<name> with a zip: a module is sent, starts, is replaced and taken back."""
import io
import json
import os
import shutil
import stat
import unittest
import zipfile

from support.agent import SLACK, TEST_PROGRAMS, Agent, processes, wait_for
from support.case import JSON, TEXT, VERSIONS, RestCase

ALLOWED = """[/settings/core]
allow module install = true
[/settings/WEB/server/roles]
update = modules.get,modules.put,modules.load,login.get
post = modules.post,login.get
[/settings/WEB/server/users/update]
password = p
role = update
[/settings/WEB/server/users/post]
password = p
role = post
"""
ZIP = {"Content-Type": "application/zip"}


def manifest(name, program, query="uploaded", way=""):
    return {"name": name, "program": program, "contractMin": 1, "contractMax": 1,
            "arguments": [name] + ([way] if way else []), "queries": [{"name": query}]}


def package(files):
    """[(name, bytes or text, mode)]; a mode of None is a plain file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, mode in files:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode or stat.S_IFREG | 0o644) << 16
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class Uploads(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=ALLOWED)).start()
        # A script that becomes the worker: the worker itself is larger than a package.
        worker = os.path.join(TEST_PROGRAMS, "fake_worker")
        cls.program = f'#!/bin/sh\nexec {worker} "$@"\n'

    def good(self, name, query="uploaded", way=""):
        return package([(f"{name}.json", json.dumps(manifest(name, f"{name}/bin/run", query,
                                                             way)), None),
                        (f"{name}/bin/run", self.program, None),
                        (f"{name}/lib/notes.txt", "notes", None)])

    def send(self, name, body, version="v2", **options):
        options.setdefault("headers", ZIP)
        return self.ask(f"POST /api/{version}/modules/{name}", body=body, **options)

    def in_folder(self):
        return sorted(os.listdir(self.agent.modules_folder))

    def unload(self, name):
        self.ask(f"GET /api/v2/modules/{name}/commands/unload")
        os.remove(os.path.join(self.agent.modules_folder, name + ".json"))
        shutil.rmtree(os.path.join(self.agent.modules_folder, name))

    def test_a_package_is_unpacked_loaded_and_answers(self):
        for version in VERSIONS:
            with self.subTest(version):
                before = self.in_folder()
                self.assertEqual(self.send("Uploaded", self.good("Uploaded"), version),
                                 (200, JSON, ""))
                self.assertEqual(set(self.in_folder()) - set(before),
                                 {"Uploaded", "Uploaded.json"})
                module = self.json("GET /api/v2/modules/Uploaded")
                self.assertEqual((module["loaded"], module["enabled"]), (True, False))
                self.assertEqual(self.agent.check("uploaded")[0], 0)
                program = os.path.join(self.agent.modules_folder, "Uploaded/bin/run")
                self.assertEqual(stat.S_IMODE(os.stat(program).st_mode), 0o755)
                self.unload("Uploaded")
        self.agent.wait_log("install Uploaded (")
        audit = [a for a in self.agent.console().splitlines() if "install Uploaded" in a]
        self.assertIn("WEBServer:admin", audit[0])

    def test_a_loaded_module_is_replaced_and_stays_when_the_new_one_fails(self):
        self.assertEqual(self.send("Twice", self.good("Twice", "first"))[0], 200)
        self.assertEqual(self.agent.check("first")[0], 0)
        self.assertEqual(self.send("Twice", self.good("Twice", "second"))[0], 200)
        self.assertEqual(self.agent.check("second")[0], 0)
        self.assertIn("Unknown command", self.agent.check("first")[1])
        status, kind, text = self.send("Twice", self.good("Twice", "third", "refuse"))
        self.assertEqual((status, kind), (400, TEXT), text)
        self.assertIn("the package was removed again", text)
        self.assertEqual(self.agent.check("second")[0], 0)
        with open(os.path.join(self.agent.modules_folder, "Twice.json"), encoding="utf-8") as f:
            self.assertEqual(json.load(f)["queries"], [{"name": "second"}])
        self.unload("Twice")

    def test_what_does_not_start_leaves_nothing(self):
        before = self.in_folder()
        for way in ("refuse", "exit"):
            with self.subTest(way):
                status, kind, text = self.send("Never", self.good("Never", way=way))
                self.assertEqual((status, kind), (400, TEXT))
                self.assertTrue(text.startswith("Failed to upload module: "), text)
                self.assertEqual(self.in_folder(), before)
                self.expect("GET /api/v2/modules/Never", 404, TEXT, "Module not found: Never")
        wait_for("its processes to be gone", SLACK + 5, lambda: not any(
            "Never" in line for line in processes(self.agent.folder).values()))

    def test_bad_packages_are_refused_with_a_reason(self):
        text = json.dumps(manifest("Bad", "Bad/run"))
        good = [("Bad.json", text, None), ("Bad/run", self.program, None)]
        before = self.in_folder()
        rows = (
            (b"no zip", "no zip archive"), (b"", "empty"),
            (package(good)[:-30], "no zip archive"),
            (package(good[1:]), "needs a manifest"), (package(good[:1]), "not in the archive"),
            (package(good + [("../escaped", "x", None)]), "../escaped"),
            (package(good + [("/tmp/escaped", "x", None)]), "/tmp/escaped"),
            (package(good + [("Other.json", "{}", None)]), "Other.json"),
            (package(good + [("Bad/link", "/etc/passwd", stat.S_IFLNK | 0o777)]), "links"),
            (package(good + [(f"Bad/{i}", "", None) for i in range(256)]), "entries"),
            (package(good + [("Bad/zeros", bytes(33 << 20), None)]), "holds more than"),
            (package([("Bad.json", "{", None), good[1]]), "rule json"),
        )
        for body, reason in rows:
            with self.subTest(reason):
                status, kind, said = self.send("Bad", body)
                self.assertEqual((status, kind), (400, TEXT))
                self.assertIn("Failed to upload module: ", said)
                self.assertIn(reason, said)
                self.assertEqual(self.in_folder(), before)
        self.assertFalse(os.path.exists("/tmp/escaped"))
        status, _, said = self.send("CheckHelpers", package(
            [("CheckHelpers.json", json.dumps(manifest("CheckHelpers", "CheckHelpers/x")), None),
             ("CheckHelpers/x", "", None)]))
        self.assertEqual(status, 400)
        self.assertIn("does not replace it", said)
        self.assertEqual(self.agent.check("check_ok")[0], 0)

    def test_it_has_a_grant_of_its_own(self):
        for user, status in (("update", 403), ("post", 400)):
            self.assertEqual(self.send("X", b"no zip", credentials=None, headers={
                **ZIP, "Authorization": self.agent.basic(user, "p")})[0], status)
        self.assertEqual(self.send("X", b"no zip", credentials=None)[0], 403)

    def test_a_package_may_be_large_but_not_too_large(self):
        large = package([("Large.json", json.dumps(manifest("Large", "Large/run")), None),
                         ("Large/run", self.program, None),
                         ("Large/noise", os.urandom(2 << 20), None)])
        self.assertEqual(self.send("Large", large), (200, JSON, ""))
        self.unload("Large")
        self.assertEqual(self.agent.request(
            "POST", "/api/v2/modules/Large", headers={**ZIP, "Content-Length": str(8 << 20)},
            body=b"")[0], 413)


class SwitchedOff(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=())).start()

    def test_nothing_is_installed_and_the_setting_is_named(self):
        before = sorted(os.listdir(self.agent.modules_folder))
        status, kind, text = self.ask("POST /api/v2/modules/X", body=b"PK", headers=ZIP)
        self.assertEqual((status, kind), (400, TEXT))
        for word in ("switched off", "allow module install = true", "[/settings/core]"):
            self.assertIn(word, text)
        self.assertEqual(sorted(os.listdir(self.agent.modules_folder)), before)


if __name__ == "__main__":
    unittest.main()
