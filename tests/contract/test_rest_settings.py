"""Settings over the REST API (/api/{v}/settings, descriptions, status, diff, command): reading,
putting, the three forms of deleting, masking, and what save, load and reload do."""
import json
import unittest

from support.agent import PASSWORD, Agent, wait_for
from support.case import JSON, TEXT, VERSIONS, RestCase
from support.match import Each, difference

TOUR = "/settings/tour"
SECRET = "a-secret-of-the-file"
INI = f"""[{TOUR}]
first = 1
second = two words
[{TOUR}/below]
third = 3
[/settings/WEB/server/users/carla]
password = {SECRET}
role = client
"""
SAVED = [{"path": TOUR, "key": "first", "value": "1"},
         {"path": TOUR, "key": "second", "value": "two words"},
         {"path": TOUR + "/below", "key": "third", "value": "3"}]


class SettingsCase(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=INI)).start()

    def setUp(self):
        self.command("load")  # what the test before has left in memory is dropped

    def command(self, word, version="v2"):
        self.expect(f"POST /api/{version}/settings/command", 200, JSON, {"status": "success"},
                    body=json.dumps({"command": word}))

    def put(self, path, items, version="v2", keys=1):
        self.expect(f"PUT /api/{version}/settings{path}", 200, JSON,
                    {"status": "success", "keys": keys}, body=json.dumps(items))

    def delete(self, rest, keys, body=None, recursive=True, version="v2"):
        self.expect(f"DELETE /api/{version}/settings{rest}", 200, JSON,
                    {"status": "success", "keys": keys, "recursive": recursive},
                    body=None if body is None else json.dumps(body))

    def values(self, path=TOUR, version="v2"):
        return {f"{item['path']}:{item['key']}": item["value"]
                for item in self.json(f"GET /api/{version}/settings{path}")}

    def changes(self, query=f"?path={TOUR}", version="v2"):
        found = self.json(f"GET /api/{version}/settings/diff{query}")
        self.assertEqual(set(found), {"entries", "count"})
        self.assertEqual(found["count"], len(found["entries"]))
        for entry in found["entries"]:
            self.assertEqual(set(entry), {"path", "key", "old_value", "new_value", "change_type",
                                          "is_sensitive"})
        return [(e["change_type"], f"{e['path']}:{e['key']}", e["old_value"], e["new_value"])
                for e in found["entries"]]

    def has_changed(self):
        return self.json("GET /api/v2/settings/status")["has_changed"]


class Reading(SettingsCase):
    def test_a_path_gives_what_stands_there_and_below_in_the_files_order(self):
        for version in VERSIONS:
            for path in (TOUR, TOUR + "/", "/" + TOUR, "/settings/TOUR"):
                self.expect(f"GET /api/{version}/settings{path}", 200, JSON, SAVED)
            self.expect(f"GET /api/{version}/settings{TOUR}/below", 200, JSON, SAVED[2:])
            self.expect(f"GET /api/{version}/settings/no/such", 200, JSON, [])
            # a key without a value in the file is no entry, whatever its default
            self.assertNotIn("/settings/WEB/server:threads",
                             self.values("/settings/WEB/server", version))

    def test_a_path_with_blanks_may_be_escaped(self):
        self.put("/settings/check%20helpers/alias", {"key": "x", "value": "check_ok"})
        self.assertEqual(self.values("/settings/check%20helpers"),
                         {"/settings/check helpers/alias:x": "check_ok"})

    def test_status_names_the_store(self):
        for version in VERSIONS:
            self.expect(f"GET /api/{version}/settings/status", 200, JSON, {
                "context": f"ini://{self.agent.ini}", "type": "ini", "has_changed": False})

    def test_passwords_are_masked_in_every_spelling_and_place(self):
        for version in VERSIONS:
            for path in ("/settings/default", "/settings/Default", "/SETTINGS/DEFAULT"):
                found = {key.split(":")[1]: value
                         for key, value in self.values(path, version).items()}
                self.assertEqual(found, {"allowed hosts": "127.0.0.1", "password": "***"})
            everything = "".join(self.ask(f"GET /api/{version}{path}")[2] for path in (
                "/settings", "/settings/descriptions?recursive=true", "/settings/diff"))
            for secret in (PASSWORD, SECRET, "pbkdf2"):
                self.assertNotIn(secret, everything)


class Descriptions(SettingsCase):
    KEY = {"path": str, "key": str, "value": str, "type": str, "title": str, "description": str,
           "icon": str, "sample_usage": str, "default_value": str, "is_advanced_key": bool,
           "is_sample_key": bool, "is_template_key": bool, "is_object": bool,
           "plugins": Each(str)}

    def described(self, path, version="v2"):
        return {(item["path"], item["key"]): item
                for item in self.json(f"GET /api/{version}/settings/descriptions{path}")}

    def test_each_key_has_all_fields_and_the_folders_have_a_type_of_their_own(self):
        for version in VERSIONS:
            found = self.described("?recursive=true", version)
            for (path, key), item in found.items():
                example = {k: v for k, v in self.KEY.items() if key or k != "value"}
                self.assertIsNone(difference(example, item), path)
                wanted = ("string", "int", "bool", "file", "password", "") if key else ("folder",)
                self.assertIn(item["type"], wanted)
            web = "/settings/WEB/server"
            port = found[web, "port"]
            self.assertEqual([port[k] for k in ("type", "value", "default_value", "plugins")],
                             ["string", str(self.agent.port), "8443", ["WEBServer"]])
            threads = found[web, "threads"]
            self.assertEqual([threads[k] for k in ("type", "value")], ["int", "10"])
            self.assertEqual(found[web, "allow insecure"]["type"], "bool")
            self.assertTrue(found[web + "/users", ""]["is_object"])
            self.assertFalse(found[web, ""]["is_object"])

    def test_what_nobody_registered_is_advanced_and_has_no_type(self):
        item = self.described(TOUR)[TOUR, "first"]
        self.assertEqual([item[k] for k in ("type", "value", "is_advanced_key", "plugins")],
                         ["", "1", True, []])

    def test_a_default_that_is_secret_is_masked_as_the_value_is(self):
        item = self.described("/settings/default")["/settings/default", "password"]
        self.assertEqual((item["type"], item["value"]), ("password", "***"))
        self.assertIn(item["default_value"], ("", "***"))
        item = self.described("/settings/WEB/server/users?recursive=true")[
            "/settings/WEB/server/users/carla", "password"]
        self.assertEqual(item["value"], "***")

    def test_samples_show_an_object_of_each_kind_and_only_on_demand(self):
        users = "/settings/WEB/server/users"
        for version in VERSIONS:
            plain = self.described("?recursive=true", version)
            self.assertFalse([k for k, item in plain.items() if item["is_sample_key"]])
            found = self.described("?recursive=true&samples=true", version)
            samples = {k: item for k, item in found.items() if item["is_sample_key"]}
            self.assertEqual(set(found) - set(samples), set(plain))
            self.assertLess({(users + "/sample", key) for key in ("", "password", "role")},
                            set(samples))
            password = samples[users + "/sample", "password"]
            self.assertEqual([password[k] for k in ("type", "value", "plugins")],
                             ["password", "", ["WEBServer"]])
            self.assertEqual(samples[users + "/sample", ""]["type"], "folder")
        # Looking leaves nothing behind.
        self.assertEqual(self.json(f"GET /api/v2/settings{users}/sample"), [])

    def test_the_beginning_of_a_path_selects_and_nothing_found_is_404(self):
        for version in VERSIONS:
            whole = self.described("/settings/default?recursive=true", version)
            for part in ("/settings/defa", "/SETTINGS/Def"):
                self.assertEqual(self.described(part + "?recursive=true", version), whole)
            self.assertEqual(set(self.described(TOUR + "?recursive=false", version)),
                             {(TOUR, ""), (TOUR, "first"), (TOUR, "second")})
            for path in ("/no/such?recursive=true", "/settings/defa?recursive=false",
                         "?recursive=false"):
                self.expect(f"GET /api/{version}/settings/descriptions{path}", 404, TEXT,
                            "Key not found: " + path.split("?")[0])


class Changing(SettingsCase):
    def test_a_value_is_read_back_at_once_and_is_a_difference_until_it_is_saved(self):
        for version in VERSIONS:
            self.put(TOUR, [{"key": "first", "value": "one"}, {"key": "new", "value": "x = y"},
                            {"path": TOUR + "/other", "key": "k", "value": "v"}], version, 3)
            self.assertEqual(self.values(version=version), {
                f"{TOUR}:first": "one", f"{TOUR}:second": "two words", f"{TOUR}:new": "x = y",
                f"{TOUR}/below:third": "3", f"{TOUR}/other:k": "v"})
            self.assertTrue(self.has_changed())
            whole = [("modified", f"{TOUR}:first", "1", "one"),
                     ("added", f"{TOUR}:new", "", "x = y"),
                     ("path_added", f"{TOUR}/other:", "", ""),
                     ("added", f"{TOUR}/other:k", "", "v")]
            self.assertEqual(self.changes(version=version), whole)
            self.assertEqual(self.changes(""), whole)
            self.assertEqual(self.changes(f"?path={TOUR}&recursive=false"), whole[:2])
            self.assertEqual(self.changes(f"?path={TOUR}/other"), whole[2:])
            self.assertEqual(self.changes("?path=/settings/default"), [])
            self.command("load", version)
            self.expect(f"GET /api/{version}/settings{TOUR}", 200, JSON, SAVED)
            self.assertEqual((self.changes(""), self.has_changed()), ([], False))

    def test_the_path_of_the_body_comes_first_then_the_urls(self):
        for path in ("", "/settings/elsewhere"):
            self.put(path, {"path": TOUR, "key": "first", "value": "2"})
            self.assertEqual(self.values()[f"{TOUR}:first"], "2")
        self.put(TOUR, {"path": "", "key": "first", "value": "3"})
        self.assertEqual(self.values()[f"{TOUR}:first"], "3")
        self.assertEqual(self.values("/settings/elsewhere"), {})

    def test_an_empty_or_missing_value_removes_the_key(self):
        for item in ({"key": "first", "value": ""}, {"key": "second"}):
            self.put(TOUR, item)
        self.assertEqual(self.values(), {f"{TOUR}/below:third": "3"})
        self.assertEqual(self.changes(), [("removed", f"{TOUR}:first", "1", ""),
                                          ("removed", f"{TOUR}:second", "two words", "")])

    def test_numbers_and_booleans_are_values_and_fields_not_known_are_ignored(self):
        for value, text in ((123, "123"), (1.5, "1.5"), (True, "true"), (False, "false")):
            self.put(TOUR, {"key": "first", "value": value, "what": ["ever"]})
            self.assertEqual(self.values()[f"{TOUR}:first"], text)

    def test_what_makes_no_sense_changes_nothing_and_says_why(self):
        put, delete = f"PUT /api/{{}}/settings{TOUR}", f"DELETE /api/{{}}/settings{TOUR}"
        value = "The field \"value\" must be a string, a number or a boolean"
        good = '{"key":"first","value":"changed"}'
        for line, body, status, text in (
                (put, "{", 400, "Problems parsing JSON"), (put, "", 400, "Problems parsing JSON"),
                (put, '{"value":"1"}', 400, "Key is required"),
                (put, '{"key":"","value":"1"}', 400, "Key is required"),
                (put, f"[{good},1]", 400, "Expected an object in the array"),
                (put, "1", 400, "Expected an object or an array of objects"),
                (put, '"x"', 400, "Expected an object or an array of objects"),
                (put, f'[{good},{{"key":"a","value":[]}}]', 422, value),
                (put, '{"key":"a","value":{}}', 422, value),
                (put, '{"key":"a","value":null}', 422, value),
                (put, '{"key":7,"value":"1"}', 422, "The field \"key\" must be a string"),
                (put, '{"key":"a","path":7}', 422, "The field \"path\" must be a string"),
                (delete, "{", 400, "Problems parsing JSON"),
                (delete, "[1]", 400, "Expected an object in the array"),
                (delete, "1", 400, "Expected an object or an array of objects"),
                (delete, '[{"key":"first"},{"key":7}]', 422, "The field \"key\" must be a string"),
                ("DELETE /api/{}/settings", "[{}]", 400,
                 "DELETE entry requires either a path or a key"),
                ("DELETE /api/{}/settings", "", 400,
                 "DELETE requires a path; pass ?key= to remove a single key"),
                ("POST /api/{}/settings/command", "{", 400, "Problems parsing JSON"),
                ("POST /api/{}/settings/command", "{}", 422,
                 "The field \"command\" must be save, load or reload"),
                ("POST /api/{}/settings/command", '{"command":7}', 422,
                 "The field \"command\" must be save, load or reload"),
                ("POST /api/{}/settings/command", '{"command":"explode"}', 404,
                 "Unknown command: explode")):
            for version in VERSIONS:
                with self.subTest(f"{line} {body}"):
                    self.expect(line.format(version), status, TEXT, text, body=body)
        self.expect(f"GET /api/v2/settings{TOUR}", 200, JSON, SAVED)
        self.assertFalse(self.has_changed())

    def test_a_secret_difference_is_masked_and_an_empty_one_stays_empty(self):
        self.put("/settings/default", {"key": "password", "value": "another-secret"})
        self.put("/settings/WEB/server/users/dora", {"key": "password", "value": "third-secret"})
        found = self.json("GET /api/v2/settings/diff")
        by_path = {e["path"]: (e["old_value"], e["new_value"], e["is_sensitive"])
                   for e in found["entries"] if e["key"] == "password"}
        self.assertEqual(by_path, {"/settings/default": ("***", "***", True),
                                   "/settings/WEB/server/users/dora": ("", "***", True)})
        # writing the mask back means: as it is
        self.command("load")
        self.put("/settings/default", {"key": "password", "value": "***"})
        self.assertFalse(self.has_changed())


class Deleting(SettingsCase):
    def test_one_key_by_the_query(self):
        for version in VERSIONS:
            self.delete(TOUR + "?key=first", 1, version=version)
            self.assertEqual(self.values(), {f"{TOUR}:second": "two words",
                                             f"{TOUR}/below:third": "3"})
            self.assertEqual(self.changes(), [("removed", f"{TOUR}:first", "1", "")])
            self.command("load")

    def test_a_whole_path_with_and_without_what_is_below(self):
        for version in VERSIONS:
            # keys and paths, the deepest first
            self.delete(TOUR, 5, version=version)
            self.expect(f"GET /api/{version}/settings{TOUR}", 200, JSON, [])
            self.assertEqual([(change, key) for change, key, _, _ in self.changes()], [
                ("removed", f"{TOUR}/below:third"), ("path_removed", f"{TOUR}/below:"),
                ("removed", f"{TOUR}:first"), ("removed", f"{TOUR}:second"),
                ("path_removed", f"{TOUR}:")])
            self.command("load")
            self.delete(TOUR + "?recursive=false", 3, recursive=False, version=version)
            self.assertEqual(self.values(), {f"{TOUR}/below:third": "3"})
            self.command("load")

    def test_entries_of_a_body(self):
        everything = {f"{item['path']}:{item['key']}" for item in SAVED}
        for rest, body, keys, gone in (
                ("", {"path": TOUR, "key": "first"}, 1, {f"{TOUR}:first"}),
                ("", [{"path": TOUR, "key": "first"}, {"path": TOUR + "/below"}], 3,
                 {f"{TOUR}:first", f"{TOUR}/below:third"}),
                # without a path the URL's counts
                (TOUR, [{"key": "first"}, {"key": "second"}], 2,
                 {f"{TOUR}:first", f"{TOUR}:second"}),
                (TOUR, [{}], 5, everything), (TOUR, {}, 5, everything),
                (TOUR + "?recursive=false", {}, 3, {f"{TOUR}:first", f"{TOUR}:second"})):
            for version in VERSIONS:
                with self.subTest(f"{rest} {body}"):
                    self.delete(rest, keys, body, "recursive" not in rest, version)
                    self.assertEqual(set(self.values()), everything - gone)
                    self.command("load")

    def test_removing_what_was_never_there_is_shown_as_removed(self):
        self.delete(TOUR + "?key=never", 1)
        self.delete(TOUR, 1, {"key": "nor that"})
        self.assertEqual(self.changes(), [("removed", f"{TOUR}:never", "", ""),
                                          ("removed", f"{TOUR}:nor that", "", "")])
        self.command("load")
        self.delete("/settings/no/such", 0)
        self.assertFalse(self.has_changed())


class Commands(RestCase):
    def setUp(self):
        self.agent = self.enterContext(Agent(ini=INI)).start()

    def command(self, word, version="v2"):
        self.expect(f"POST /api/{version}/settings/command", 200, JSON, {"status": "success"},
                    body=json.dumps({"command": word}))

    def text(self):
        with open(self.agent.ini, encoding="utf-8") as f:
            return f.read()

    def put(self, key, value):
        self.assertEqual(self.ask(f"PUT /api/v2/settings{TOUR}", body=json.dumps(
            {"key": key, "value": value}))[0], 200)

    def test_save_writes_the_changes_alone_and_load_forgets_them(self):
        before = self.text()
        for version in VERSIONS:
            self.put("first", f"saved by {version}")
            self.put("dropped", "1")
            self.assertEqual(self.ask(f"DELETE /api/v2/settings{TOUR}?key=dropped")[0], 200)
            self.assertIn("first = 1" if version == "v1" else "first = saved by v1", self.text())
            self.command("save", version)
            self.assertIn(f"first = saved by {version}", self.text())
            self.expect(f"GET /api/{version}/settings/diff", 200, JSON,
                        {"entries": [], "count": 0})
            self.assertFalse(self.json("GET /api/v2/settings/status")["has_changed"])
        self.assertEqual(self.text(), before.replace("first = 1", "first = saved by v2"))
        # a section that nobody knows is said to be one, and leaves nothing when it goes
        before = self.text()
        self.assertEqual(self.ask("PUT /api/v2/settings/settings/brand/new", body=json.dumps(
            {"key": "k", "value": "v"}))[0], 200)
        self.command("save")
        self.assertEqual(self.text(), before + "\n; in flight - TODO\n[/settings/brand/new]\n\nk = v\n")
        self.assertEqual(self.ask("DELETE /api/v2/settings/settings/brand/new")[0], 200)
        self.command("save")
        self.assertEqual(self.text().rstrip("\n"), before.rstrip("\n"))
        self.put("first", "forgotten")
        # what somebody else has written meanwhile is read
        with open(self.agent.ini, "a", encoding="utf-8") as f:
            f.write("[/settings/other]\nk = v\n")
        self.command("load")
        self.expect("GET /api/v2/settings/settings/other", 200, JSON,
                    [{"path": "/settings/other", "key": "k", "value": "v"}])
        self.assertIn("saved by v2", self.ask(f"GET /api/v2/settings{TOUR}")[2])

    def test_reload_comes_after_its_answer_keeps_the_port(self):
        with open(self.agent.ini, "a", encoding="utf-8") as f:
            f.write("[/settings/check helpers/alias]\nfresh = check_ok\n")
        self.command("reload")
        def fresh():
            try:
                return self.agent.check("fresh")[0] == 0
            except (OSError, AssertionError):
                return False
        wait_for("the new alias", 15, fresh)


if __name__ == "__main__":
    unittest.main()
