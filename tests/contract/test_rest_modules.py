"""Modules over the REST API (/api/{v}/modules): the list and one module, with and without details;
load, unload, enable, disable and reload; updates by PUT and POST on the collection and on one;
which form the Accept header gets; who may do what."""
import json
import re
import unittest

from support.agent import Agent, fake_module
from support.case import JSON, TEXT, VERSIONS, RestCase

INI = """[/modules]
CheckSystem = disabled
"""
COMMANDS = ("load", "unload", "enable", "disable")


class Modules(RestCase):
    def setUp(self):
        self.agent = self.enterContext(Agent(ini=INI)).start()
        self.base = f"https://127.0.0.1:{self.agent.port}"

    def module(self, version, name="CheckSystem", **options):
        return self.json(f"GET /api/{version}/modules/{name}", **options)

    def names(self, version, query=""):
        return [module["name"] for module in self.json(f"GET /api/{version}/modules{query}")]

    def command(self, version, command, status=200, result=0, word="Success", name="CheckSystem"):
        message = f"{word} {command} {name}"
        line = f"GET /api/{version}/modules/{name}/commands/{command}"
        if version == "v1":
            self.expect(line, status, TEXT, message)
        else:
            self.expect(line, status, JSON if status == 200 else TEXT,
                        {"result": result, "message": message})

    def state(self, version, query=""):
        module = self.module(version)
        return module["loaded"], module["enabled"]

    def test_the_life_of_a_module(self):
        for version in VERSIONS:
            self.assertNotIn("CheckSystem", self.names(version))
            self.assertIn("CheckSystem", self.names(version, "?all=true"))
            self.assertEqual(self.state(version), (False, False))
            for command, state in (("load", (True, False)), ("load", (True, False)),
                                   ("enable", (True, True)), ("disable", (True, False)),
                                   ("unload", (False, False))):
                self.command(version, command)
                self.assertEqual(self.state(version), state, command)
            self.command(version, "unload", 500, 2, "Failed to")

    def test_a_module_is_described_in_full_whether_it_runs_or_not(self):
        for version in VERSIONS:
            for loaded in (False, True):
                if loaded:
                    self.command(version, "load")
                found = self.module(version)
                self.assertRegex(found["metadata"].pop("plugin_id"), r"^\d+$")
                urls = {f"{command}_url":
                        f"{self.base}/api/{version}/modules/CheckSystem/commands/{command}"
                        for command in COMMANDS}
                self.assertEqual(found, {
                    "name": "CheckSystem", "id": "CheckSystem", "loaded": loaded,
                    "enabled": False, "title": found["title"] if loaded else "",
                    "description": "Various system related checks, such as CPU load, process "
                                   "state and memory.",
                    "metadata": {"alias": ""}, **urls,
                    "module_url": f"{self.base}/api/v1/modules/CheckSystem/"})
                self.assertTrue(found["title"] or not loaded)
                self.assertEqual([m for m in self.json(f"GET /api/{version}/modules?all=true")
                                  if m["name"] == "CheckSystem"], [self.module(version)])
            self.command(version, "unload")

    def test_a_loaded_module_answers_and_an_unloaded_one_does_not(self):
        check = "GET /api/v2/queries/check_uptime/commands/execute"
        self.assertEqual(self.json(check)["lines"][0]["message"],
                         "Unknown command(s): check_uptime")
        self.command("v2", "load")
        self.assertIn("uptime", self.json(check)["lines"][0]["message"])
        self.command("v2", "unload")
        self.assertEqual(self.json(check)["result"], 3)

    def test_the_accept_header_chooses_the_form_of_a_command_on_v2(self):
        line = "GET /api/v2/modules/CheckSystem/commands/load"
        text = (200, TEXT, "Success load CheckSystem")
        for accept in ("*/*", "text/plain", "text/html,*/*"):
            self.assertEqual(self.ask(line, headers={"Accept": accept}), text, accept)
        for accept in (JSON, "text/html, application/json;q=0.9"):
            self.expect(line, 200, JSON, {"result": 0, "message": "Success load CheckSystem"},
                        headers={"Accept": accept})
        self.assertEqual(self.ask(line.replace("v2", "v1"), headers={"Accept": JSON}), text)

    def test_an_update_loads_and_unloads_whatever_the_content_type_says(self):
        curl = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "*/*"}
        for version in VERSIONS:
            for method in ("PUT", "POST"):
                for path, name in (("", '"name":"CheckSystem",'), ("/CheckSystem", "")):
                    line = f"{method} /api/{version}/modules{path}"
                    on, off = (f'{{{name}"loaded":{word},"enabled":7}}'
                               for word in ("true", "false"))
                    for body, answer in ((on, "Success load CheckSystem"), (on, "No change"),
                                         (off, "Success unload CheckSystem"),
                                         (off, "No change")):
                        self.expect(line, 200, TEXT, answer, body=body, headers=curl)
            self.assertEqual(self.state(version), (False, False))

    def test_an_update_on_v2_answers_in_json_by_default(self):
        for body, message in (('{"loaded":true}', "Success load CheckSystem"),
                              ('{"loaded":true}', "No change")):
            self.expect("PUT /api/v2/modules/CheckSystem", 200, JSON,
                        {"result": 0, "message": message}, body=body)

    def test_an_update_that_makes_no_sense_says_why(self):
        for version in VERSIONS:
            for path, body, status, word in (
                    ("/CheckSystem", "{", 400, "Problems parsing JSON"),
                    ("/CheckSystem", "", 400, "Problems parsing JSON"),
                    ("/CheckSystem", '{"loaded":true} x', 400, "Problems parsing JSON"),
                    ("/CheckSystem", "[]", 422, "object"), ("/CheckSystem", "7", 422, "object"),
                    ("/CheckSystem", "{}", 422, '"loaded"'),
                    ("/CheckSystem", '{"loaded":"true"}', 422, '"loaded"'),
                    ("/CheckSystem", '{"loaded":null}', 422, '"loaded"'),
                    ("/CheckSystem", '{"loaded":1}', 422, '"loaded"'),
                    ("", '{"loaded":true}', 422, '"name"'),
                    ("", '{"name":7,"loaded":true}', 422, '"name"'),
                    ("", '{"name":"CheckSystem"}', 422, '"loaded"'),
                    ("", '{"name":"../x","loaded":true}', 400, "Invalid module name"),
                    ("", '{"name":"NoSuch","loaded":true}', 404, "Module not found: NoSuch"),
                    ("/NoSuch", '{"loaded":true}', 404, "Module not found: NoSuch"),
                    ("/NoSuch", '{"loaded":false}', 404, "Module not found: NoSuch"),
                    ("/No%20Such", '{"loaded":true}', 400, "Invalid module name")):
                with self.subTest(f"{version} {path} {body}"):
                    found = self.ask(f"PUT /api/{version}/modules{path}", body=body)
                    self.assertEqual(found[:2], (status, TEXT), found)
                    self.assertIn(word, found[2])
        self.assertEqual(self.state("v2"), (False, False))

    def test_what_is_not_there_is_told_apart_from_what_failed(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/modules/NoSuch", 404, TEXT,
                        "Module not found: NoSuch")
            for name in ("No%20Such", "a" * 129, "x%2Fy"):
                self.expect(f"GET /api/{version}/modules/{name}", 400, TEXT,
                            "Invalid module name")
            for command in ("load", "unload", "reload"):
                self.command(version, command, 500, 2, "Failed to", name="NoSuch")
            self.expect(f"GET /api/{version}/modules/CheckSystem/commands/explode", 404, TEXT,
                        "unknown command: explode")

    def test_an_upload_that_is_no_package_is_refused_and_leaves_nothing_behind(self):
        for content_type in ("application/zip", "application/octet-stream"):
            for name in ("CheckSystem", "Uploaded"):
                status, kind, text = self.ask(f"POST /api/v2/modules/{name}", body=b"PK no zip",
                                              headers={"Content-Type": content_type})
                self.assertEqual((status, kind), (400, TEXT))
                self.assertIn("Failed to upload module: ", text)
        self.assertNotIn("Uploaded", self.names("v2", "?all=true"))
        self.command("v2", "load")

    def test_enabling_shows_at_once_and_is_written_by_save_alone(self):
        def written():
            with open(self.agent.ini, encoding="utf-8") as f:
                return re.findall(r"(?m)^CheckSystem *= *(\w+)$", f.read())
        self.command("v2", "enable")
        self.assertTrue(self.json("GET /api/v2/settings/status")["has_changed"])
        self.assertEqual(written(), ["disabled"])
        self.expect("POST /api/v2/settings/command", 200, JSON, {"status": "success"},
                    body='{"command":"save"}')
        self.assertEqual(written(), ["enabled"])


class Fakes(RestCase):
    """Modules that are not part of this agent, under their own names."""
    DESCRIPTIONS = {
        "CheckNSCP": "Use this module to check the health and status of NSClient++ it self",
        "LUAScript": "Loads and processes internal Lua scripts",
        "Scheduler": "Use this to schedule check commands and jobs in conjunction with for instance "
                     "passive monitoring through NSCA"}
    INI = """[/modules]
second = CheckNSCP
Scheduler = disabled
[/settings/WEB/server/roles]
getter = modules.get, modules.load
putter = modules.put, modules.unload
loader = modules.load, modules.unload
[/settings/WEB/server/users/getter]
password = getter-pass
role = getter
[/settings/WEB/server/users/putter]
password = putter-pass
role = putter
[/settings/WEB/server/users/loader]
password = loader-pass
role = loader
"""

    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(
            modules=("CheckNSCP", "LUAScript"), ini=cls.INI,
            manifests={name: fake_module(name, description=text)
                       for name, text in cls.DESCRIPTIONS.items()})).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"

    def test_an_instance_with_an_alias_is_listed_and_found_by_it(self):
        for version in VERSIONS:
            found = {m["id"]: m for m in self.json(f"GET /api/{version}/modules")}
            self.assertEqual(set(found), {"WEBServer", "CheckNSCP", "LUAScript", "second"})
            second = found["second"]
            self.assertEqual((second["name"], second["metadata"]["alias"]),
                             ("CheckNSCP", "second"))
            self.assertEqual(second["load_url"],
                             f"{self.base}/api/{version}/modules/second/commands/load")
            self.assertEqual(second["module_url"], f"{self.base}/api/v1/modules/CheckNSCP/")
            self.expect(f"GET /api/{version}/modules/second", 200, JSON, second)
            self.expect(f"GET /api/{version}/modules/CheckNSCP", 200, JSON, found["CheckNSCP"])

    def test_all_lists_what_is_loaded_first_and_then_what_could_be(self):
        for version in VERSIONS:
            short = self.json(f"GET /api/{version}/modules")
            everything = self.json(f"GET /api/{version}/modules?all=true")
            self.assertEqual(everything[:len(short)], short)
            rest = {m["name"]: m for m in everything[len(short):]}
            self.assertIn("Scheduler", rest)
            for module in rest.values():
                self.assertEqual((module["loaded"], module["enabled"], module["title"]),
                                 (False, False, ""))
                self.assertRegex(module["metadata"]["plugin_id"], r"^\d+$")
            ids = [m["metadata"]["plugin_id"] for m in everything]
            self.assertEqual(len(set(ids)), len(ids))
            # only the word true means it
            for other in ("all=false", "all=1", "all", "all=TRUE", "ALL=true"):
                self.expect(f"GET /api/{version}/modules?{other}", 200, JSON, short)

    def test_the_texts_that_clients_know(self):
        for name, text in self.DESCRIPTIONS.items():
            module = self.json(f"GET /api/v2/modules/{name}")
            self.assertEqual(module["description"], text)
            self.assertEqual(module["title"], name if module["loaded"] else "")

    def test_details_are_texts_and_come_only_when_they_are_asked_for(self):
        for version in VERSIONS:
            for path in ("/modules/CheckNSCP", "/modules/Scheduler"):
                plain = self.json(f"GET /api/{version}{path}")
                self.assertEqual(set(plain["metadata"]), {"alias", "plugin_id"})
                for other in ("details=false", "details", "details=1"):
                    self.expect(f"GET /api/{version}{path}?{other}", 200, JSON, plain)
                detailed = self.json(f"GET /api/{version}{path}?details=true")
                extra = detailed.pop("metadata")
                metadata = plain.pop("metadata")
                self.assertEqual(detailed, plain)
                self.assertLessEqual(metadata.items(), extra.items())
                self.assertLess({"state", "pid", "restarts", "last_end"}, set(extra))
                self.assertEqual({type(value) for value in extra.values()}, {str})
            listed = self.json(f"GET /api/{version}/modules?details=true&all=true")
            states = {m["id"]: m["metadata"]["state"] for m in listed}
            self.assertEqual((states["CheckNSCP"], states["Scheduler"]), ("running", "stopped"))

    def test_what_is_not_installed_cannot_be_enabled(self):
        # NSClient++ says that it has done so; a false success is worse than a difference.
        for version in VERSIONS:
            for command in ("enable", "disable"):
                message = f"Failed to {command} NoSuch"
                self.expect(f"GET /api/{version}/modules/NoSuch/commands/{command}", 500, TEXT,
                            message if version == "v1" else
                            f'{{"result":2,"message":"{message}"}}')
                self.expect(f"GET /api/{version}/modules/No%20Such/commands/{command}", 400, TEXT,
                            "Invalid module name")
        self.assertNotIn("NoSuch", [entry["key"] for entry in
                                    self.json("GET /api/v2/settings/modules")])

    def test_reload_replaces_the_process(self):
        for version, kind, answer in (("v1", TEXT, "Success reload LUAScript"),
                                      ("v2", JSON, {"result": 0,
                                                    "message": "Success reload LUAScript"})):
            before = self.agent.pid_of("LUAScript")
            self.expect(f"GET /api/{version}/modules/LUAScript/commands/reload", 200, kind, answer)
            self.assertNotEqual(self.agent.pid_of("LUAScript"), before)
        self.expect("GET /api/v1/modules/Scheduler/commands/reload", 500, TEXT,
                    "Failed to reload Scheduler")

    def test_the_accept_header_chooses_the_form_of_an_update_too(self):
        for method in ("PUT", "POST"):
            for path, name in (("", {"name": "LUAScript"}), ("/LUAScript", {})):
                body = json.dumps({"loaded": True, **name})
                for accept, kind in ((None, JSON), (JSON, JSON), ("text/html, application/json",
                                                                  JSON),
                                     ("*/*", TEXT), ("text/plain", TEXT)):
                    headers = {"Accept": accept} if accept else {}
                    self.expect(f"{method} /api/v2/modules{path}", 200, kind,
                                "No change" if kind == TEXT else
                                {"result": 0, "message": "No change"}, body=body, headers=headers)
                    self.expect(f"{method} /api/v1/modules{path}", 200, TEXT, "No change",
                                body=body, headers=headers)

    def test_an_update_needs_the_right_to_see_or_put_and_the_one_to_load_or_unload(self):
        for user, may in (("getter", {True}), ("putter", {False}), ("loader", set())):
            headers = {"Authorization": self.agent.basic(user, f"{user}-pass")}
            for version in VERSIONS:
                for loaded, name in ((True, "LUAScript"), (False, "Scheduler")):
                    for method in ("PUT", "POST"):
                        for path, named in (("", {"name": name}), (f"/{name}", {})):
                            line = f"{method} /api/{version}/modules{path}"
                            options = {"body": json.dumps({"loaded": loaded, **named}),
                                       "headers": headers, "credentials": None}
                            with self.subTest(f"{user} {line} {loaded}"):
                                if loaded in may:
                                    self.assertEqual(self.ask(line, **options)[0], 200)
                                else:
                                    self.refused(line, **options)
        # neither may send a package
        self.refused("POST /api/v2/modules/Uploaded", body=b"PK", credentials=None, headers={
            "Authorization": self.agent.basic("putter", "putter-pass"),
            "Content-Type": "application/zip"})


if __name__ == "__main__":
    unittest.main()
