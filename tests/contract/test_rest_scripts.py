"""Scripts over the REST API: their lists, upload, contents and removal, and the same commands on
the command line."""
import os
import unittest

from support.agent import Agent
from support.case import TEXT, VERSIONS, RestCase

EXT = "CheckExternalScripts"
SECTION = "/settings/external scripts/scripts"
SCRIPT = "#!/bin/sh\necho 'OK: hällo|a=1'\n"
NO_MODULE = "No response from module, is the module loaded?"
ERRORS = "Command returned errors: "
REMOVED = ("Script definition has been removed don't forget to delete any artifact for: "
           "scripts/{}")
USERS = """[/settings/WEB/server/roles]
reader = scripts.list.runtimes, scripts.lists.ext, scripts.get.CheckExternalScripts
writer = scripts.add.ext, scripts.delete.CheckExternalScripts
[/settings/WEB/server/users/rita]
password = p
role = reader
[/settings/WEB/server/users/walt]
password = p
role = writer
"""


class Scripts(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(
            Agent(modules=(EXT, "LUAScript"), ini=USERS)).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"
        cls.folder = os.path.join(cls.agent.folder, "scripts")

    def put(self, path, body=SCRIPT, version="v2", **options):
        return self.ask(f"PUT /api/{version}/scripts/{path}", body=body.encode(), **options)

    def uploads(self):
        folder = os.path.join(self.agent.folder, "data", "uploads")
        return os.listdir(folder) if os.path.isdir(folder) else []

    def test_runtimes_are_the_loaded_modules(self):
        for version in VERSIONS:
            found = self.json(f"GET /api/{version}/scripts")
            self.assertEqual([r["name"] for r in found], ["ext", "lua"])
            for runtime, module in zip(found, (EXT, "LUAScript")):
                self.assertEqual(set(runtime), {"name", "module", "title", "runtime_url"})
                self.assertEqual(runtime["module"], module)
                self.assertTrue(runtime["title"])
                self.assertEqual(runtime["runtime_url"],
                                 f"{self.base}/api/{version}/scripts/{runtime['name']}")

    def test_a_script_goes_from_upload_to_removal(self):
        for version in VERSIONS:
            name, file = f"tour_{version}", f"scripts/tour_{version}.sh"
            scripts = f"/api/{version}/scripts/ext"
            self.assertNotIn(name, self.json(f"GET {scripts}"))
            self.assertEqual(self.put(f"ext/{file}", version=version),
                             (200, TEXT, f"Added {name} as {file}"))
            self.assertEqual(self.uploads(), [])
            self.assertIn(name, self.json(f"GET {scripts}"))
            self.assertNotIn(file, self.json(f"GET {scripts}?all=false"))
            self.assertIn(file, self.json(f"GET {scripts}?all=true"))
            self.expect(f"GET {scripts}/{name}", 200, TEXT, file)
            self.expect(f"GET {scripts}/{file}", 200, TEXT, SCRIPT)
            self.expect(f"DELETE {scripts}/{name}", 200, TEXT, REMOVED.format(f"{name}.sh"))
            self.assertNotIn(name, self.json(f"GET {scripts}"))
            self.expect(f"DELETE {scripts}/{file}", 200, TEXT, "Script file was removed")
            self.assertNotIn(file, self.json(f"GET {scripts}?all=true"))
            for method in ("GET", "DELETE"):
                self.expect(f"{method} {scripts}/{file}", 500, TEXT,
                            f"{ERRORS}Script not found: {file}")

    def test_an_upload_replaces_the_file_and_may_be_named_without_its_folder(self):
        self.assertEqual(self.put("ext/again.sh", "one"),
                         (200, TEXT, "Added again as scripts/again.sh"))
        self.assertEqual(self.put("ext/scripts%2Fagain.sh", "two"),
                         (200, TEXT, "Added again as scripts/again.sh"))
        self.expect("GET /api/v2/scripts/ext/scripts/again.sh", 200, TEXT, "two")
        self.assertTrue(os.access(os.path.join(self.folder, "again.sh"), os.X_OK))

    def test_the_definition_is_saved_and_the_module_enabled(self):
        self.put("ext/saved.sh")
        self.assertIn({"path": SECTION, "key": "saved", "value": "scripts/saved.sh"},
                      self.json("GET /api/v2/settings" + SECTION.replace(" ", "%20")))
        with open(self.agent.ini, encoding="utf-8") as f:
            text = f.read()
        self.assertIn(f"[{SECTION}]", text)
        self.assertIn("saved = scripts/saved.sh", text)
        self.assertTrue(self.agent.module(EXT)["enabled"])

    def test_libraries_are_not_listed(self):
        os.makedirs(os.path.join(self.folder, "lib"), exist_ok=True)
        os.makedirs(os.path.join(self.folder, "libs"), exist_ok=True)
        for name in ("lib/wrapper.vbs", "libs/x.sh"):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
                f.write("x")
        files = self.json("GET /api/v2/scripts/ext?all=true")
        self.assertIn("scripts/libs/x.sh", files)
        self.assertNotIn("scripts/lib/wrapper.vbs", files)

    def test_a_link_does_not_lead_out_of_the_folder(self):
        outside = os.path.join(self.agent.folder, "secret")
        os.makedirs(self.folder, exist_ok=True)
        with open(outside, "w", encoding="utf-8") as f:
            f.write("secret")
        os.symlink(outside, os.path.join(self.folder, "out.sh"))
        for method in ("GET", "DELETE"):
            self.expect(f"{method} /api/v2/scripts/ext/scripts/out.sh", 500, TEXT,
                        f"{ERRORS}Not allowed outside: {self.folder}")
        self.assertTrue(os.path.exists(outside))

    def test_names_that_could_lead_out_are_refused(self):
        for name in ("..%2Fx", "a%5C..%5Cx", "..", "%2Fetc%2Fpasswd", "c:%5Cx", "a%20b", "%2e%2e",
                     "a%2F", "x" * 129, "%C3%A4"):
            for method in ("GET", "PUT", "DELETE"):
                with self.subTest(f"{method} {name}"):
                    self.expect(f"{method} /api/v1/scripts/ext/{name}", 400, TEXT,
                                "Invalid script name")
        self.expect("GET /api/v2/scripts/a%20b", 400, TEXT, "Invalid module name")

    def test_runtime_and_module_name_are_the_same(self):
        self.put(f"{EXT}/both.sh")
        self.assertIn("both", self.json("GET /api/v2/scripts/ext"))
        self.assertEqual(self.json(f"GET /api/v2/scripts/{EXT}"),
                         self.json("GET /api/v2/scripts/ext"))

    def test_each_runtime_has_scripts_of_its_own(self):
        status, kind, body = self.put("lua/only_lua.lua", "-- nothing\n")
        self.assertEqual((status, kind), (200, TEXT), body)
        self.assertRegex(body, "^Added only_lua as ")
        self.assertIn("only_lua", self.json("GET /api/v2/scripts/lua"))
        self.assertNotIn("only_lua", self.json("GET /api/v2/scripts/ext"))

    def test_a_module_that_is_not_there_is_named_so(self):
        for line in ("GET /api/v2/scripts/py", "GET /api/v1/scripts/py/x", "PUT /api/v2/scripts/py/x",
                     "DELETE /api/v1/scripts/NoSuch/x"):
            self.expect(line, 500, TEXT, NO_MODULE)
        self.assertEqual(self.uploads(), [])
        self.agent.wait_log("running a command of NoSuch: no such module")
        # one that has no such command
        self.assertEqual(self.ask("GET /api/v2/scripts/WEBServer")[0], 500)

    def test_a_script_may_be_larger_than_other_bodies_and_has_a_bound(self):
        large = "x" * (3 * 1024 * 1024)
        self.assertEqual(self.put("ext/large.sh", large)[0], 200)
        status, _, body = self.ask("GET /api/v2/scripts/ext/scripts/large.sh")
        self.assertEqual((status, len(body)), (200, len(large)))
        # Announced, it is refused before it is sent.
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        connection.putrequest("PUT", "/api/v2/scripts/ext/larger.sh")
        connection.putheader("Authorization", self.agent.basic())
        connection.putheader("Content-Length", str(4 * 1024 * 1024 + 1))
        connection.endheaders()
        response = connection.getresponse()
        self.assertEqual(response.status, 413)
        self.assertRegex(response.read(), b"too large, the limit is 4194304 bytes")
        self.assertNotIn("larger", self.json("GET /api/v2/scripts/ext"))
        self.assertEqual(self.uploads(), [])

    def test_grants_name_what_is_done_and_to_which_module(self):
        self.put("ext/granted.sh")
        rita = {"headers": {"Authorization": self.agent.basic("rita", "p")}, "credentials": None}
        walt = {"headers": {"Authorization": self.agent.basic("walt", "p")}, "credentials": None}
        item = "/api/v2/scripts/ext/granted"
        self.assertIn("granted", self.json("GET /api/v2/scripts/ext", **rita))
        self.assertTrue(self.json("GET /api/v2/scripts", **rita))
        self.expect(f"GET {item}", 200, TEXT, "scripts/granted.sh", **rita)
        for line in (f"DELETE {item}", f"PUT {item}", "GET /api/v2/scripts/lua",
                     "GET /api/v2/scripts/lua/x"):
            self.refused(line, **rita)
        for line in ("GET /api/v2/scripts", "GET /api/v2/scripts/ext", f"GET {item}",
                     "PUT /api/v2/scripts/lua/x", "DELETE /api/v2/scripts/LUAScript/x"):
            self.refused(line, **walt)
        self.assertEqual(self.put("ext/granted.sh", **walt)[0], 200)
        self.assertEqual(self.ask(f"DELETE {item}", **walt)[0], 200)
        self.refused("GET /api/v2/scripts/ext", credentials=None)
        self.agent.wait_log("lacks the grant 'scripts.add.CheckExternalScripts'")

    def test_the_command_line_knows_the_same_scripts(self):
        self.put("ext/shared.sh")
        listed = self.agent.nscp("ext-scr", "list", "--query")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertIn("shared", listed.stdout.split())
        shown = self.agent.nscp("ext", "show", "--script", "shared")
        self.assertEqual(shown.stdout.strip(), "scripts/shared.sh")
        source = os.path.join(self.agent.folder, "shared.sh")
        with open(source, "w", encoding="utf-8") as f:
            f.write("new")
        again = self.agent.nscp("ext-scr", "add", "--script", "shared.sh", "--import", source)
        self.assertEqual(again.returncode, 3)
        self.assertIn("Script already exists specify --overwrite to replace the script",
                      again.stdout + again.stderr)
        self.expect("GET /api/v2/scripts/ext/scripts/shared.sh", 200, TEXT, SCRIPT)


class Policy(RestCase):
    def test_commands_may_be_forbidden_altogether(self):
        self.agent = self.enterContext(Agent(
            modules=(EXT,), ini="[/settings/permissions]\nallow exec = false\n")).start()
        denied = (ERRORS + "Permission denied: exec is globally disabled "
                  "(/settings/permissions/allow exec = false)")
        for line in ("GET /api/v2/scripts/ext", "GET /api/v1/scripts/ext/x",
                     "PUT /api/v2/scripts/ext/x", "DELETE /api/v1/scripts/ext/x"):
            self.expect(line, 500, TEXT, denied)
        self.assertEqual([r["name"] for r in self.json("GET /api/v2/scripts")], ["ext"])

    def test_the_policy_decides_for_each_user_and_command(self):
        self.agent = self.enterContext(Agent(
            modules=(EXT,),
            ini="[/settings/permissions]\nenabled = true\n[/settings/permissions/policies]\n"
                f"WEBServer:admin = {EXT}.list\n")).start()
        self.assertEqual(self.json("GET /api/v2/scripts/ext"), [])
        self.expect("GET /api/v2/scripts/ext/x", 500, TEXT, ERRORS + "Permission denied: "
                    "WEBServer:admin is not allowed to run show")


if __name__ == "__main__":
    unittest.main()
