"""The API's description held against the running agent: every operation is called, with and
without credentials, and its answer must be one that the description promises."""
import json
import os
import unittest

from support.agent import Agent, script_modules
from support.case import FORBIDDEN, JSON, TEXT, RestCase
from support.protobuf import encode

# What stands for a parameter of a path.
VALUES = {"name": "check_ok", "command": "execute", "path": "settings/default", "rest": "x",
          "runtime": "ext"}
MODULE_VALUES = {"name": "CheckHelpers", "command": "enable"}
# Bodies that are right; every other operation is called without one.
BODIES = {"NamedModuleUpdate": {"loaded": True, "name": "CheckHelpers"},
          "ModuleUpdate": {"loaded": True}, "LogEntry": {"message": "described"},
          "SettingsCommand": {"command": "save"},
          "SettingUpdates": [{"path": "/settings/x", "key": "a", "value": 1}],
          "SettingRemovals": {"path": "/settings/x", "key": "a"},
          # To the settings it is a request of no known kind.
          "ProtobufMessage": encode([(2, [(2, "check_ok")])]),
          "Script": b"#!/bin/sh\n"}
# The whole agent would be gone for the other tests.
NOT_CALLED = {"reloadAgent"}


def resolve(document, node):
    while "$ref" in node:
        at = document
        for step in node["$ref"].lstrip("#/").split("/"):
            at = at[step]
        node = at
    return node


def problem(document, schema, value, place="$"):
    """What is wrong with the value, or None."""
    schema = resolve(document, schema)
    if "oneOf" in schema:
        fitting = [s for s in schema["oneOf"] if problem(document, s, value) is None]
        return None if len(fitting) == 1 else f"{place}: fits {len(fitting)} of oneOf: {value!r}"
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool,
             "integer": int, "number": (int, float)}
    kind = schema.get("type")
    is_bool = isinstance(value, bool)
    if kind and (not isinstance(value, kinds[kind]) or (is_bool and kind != "boolean")):
        return f"{place}: no {kind}: {value!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{place}: {value!r} is none of {schema['enum']}"
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return f"{place}: {len(value)} items"
        found = [problem(document, schema["items"], v, f"{place}[{i}]")
                 for i, v in enumerate(value)]
        return next(filter(None, found), None)
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        missing = [name for name in schema.get("required", ()) if name not in value]
        if missing:
            return f"{place}: without {missing}"
        for name, member in value.items():
            wanted = known.get(name, others)
            if wanted is False:
                return f"{place}: unknown {name}"
            found = None if wanted is True else problem(document, wanted, member,
                                                        f"{place}.{name}")
            if found:
                return found
    return None


class Described(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(
            Agent(modules=("CheckHelpers", "CheckSystem", "CheckExternalScripts"),
                  manifests=script_modules())).start()
        for name in ("nscp.png", "assets/index.js", "assets/index.css"):
            file = os.path.join(cls.agent.folder, "web", name)
            os.makedirs(os.path.dirname(file), exist_ok=True)
            with open(file, "w", encoding="utf-8") as f:
                f.write("x")
        status, body, _ = cls.agent.get("/api/v2/openapi.json")
        assert status == 200, body
        cls.document = json.loads(body)

    def operations(self):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if operation["operationId"] in NOT_CALLED:
                    continue
                values = {**VALUES, **(MODULE_VALUES if "/modules/" in path else {}),
                          "script": f"scripts/{path[5:7]}.sh"}
                yield method.upper(), path.format(**values), operation

    def body_of(self, operation):
        if "requestBody" not in operation:
            return None
        body = BODIES[operation["requestBody"]["$ref"].rsplit("/", 1)[1]]
        return body if isinstance(body, bytes) else json.dumps(body)

    def check_answer(self, operation, status, content_type, body):
        self.assertIn(str(status), operation["responses"], body)
        content = resolve(self.document, operation["responses"][str(status)]).get("content")
        if content is None:
            self.assertEqual(body, "")
            return
        media = content_type.split(";")[0]
        self.assertIn(media, content)
        value = json.loads(body) if media == JSON else body
        self.assertIsNone(problem(self.document, content[media]["schema"], value))

    def test_each_operation_answers_the_admin_as_described(self):
        for version in ("v1", "v2"):
            self.ask(f"PUT /api/{version}/scripts/ext/scripts/{version}.sh", body=BODIES["Script"])
        for method, path, operation in self.operations():
            with self.subTest(f"{method} {path}"):
                answer = self.ask(f"{method} {path}", body=self.body_of(operation))
                self.check_answer(operation, *answer)
                if set(operation["responses"]) != {"404"} and not path.startswith("/auth/"):
                    self.assertEqual(answer[0], 200, answer)

    def test_metrics_are_described_in_both_their_forms(self):
        operation = self.document["paths"]["/api/v2/openmetrics"]["get"]
        for media in (TEXT, "application/openmetrics-text"):
            answer = self.ask("GET /api/v2/openmetrics", headers={"Accept": media})
            self.assertEqual(answer[1].split(";")[0], media)
            self.check_answer(operation, *answer)

    def test_each_operation_refuses_strangers_or_is_open_as_described(self):
        for method, path, operation in self.operations():
            with self.subTest(f"{method} {path}"):
                answer = self.ask(f"{method} {path}", body=self.body_of(operation),
                                  credentials=None)
                if operation.get("security") == []:
                    self.check_answer(operation, *answer)
                else:
                    self.assertEqual(answer, (403, TEXT, FORBIDDEN))

    def test_what_is_missing_or_malformed_is_answered_as_described(self):
        missing = {"name": "NoSuch", "command": "nosuch", "path": "no/such", "rest": "no",
                   "runtime": "NoSuch", "script": "no"}
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if operation["operationId"] in NOT_CALLED:
                    continue
                body = "{" if "requestBody" in operation else None
                line = f"{method.upper()} {path.format(**missing)}"
                with self.subTest(line):
                    answer = self.ask(line, body=body)
                    self.check_answer(operation, *answer)
                    # A script may hold anything.
                    if body and operation["operationId"].rstrip("V1") not in (
                            "deleteSettings", "putScript"):
                        wanted = 400 if "400" in operation["responses"] else 500
                        self.assertEqual(answer[0], wanted, answer)

    def test_every_scheme_of_the_description_opens_the_door(self):
        token = self.login()
        schemes = self.document["components"]["securitySchemes"]
        sent = {"basic": self.agent.basic(), "bearer": f"Bearer {token}",
                "passwordHeader": self.agent.password, "tokenHeader": token,
                "authTokenHeader": token}
        for name, value in sent.items():
            with self.subTest(name):
                headers = {schemes[name].get("name", "Authorization"): value}
                self.expect("GET /api/v2/login", 200, JSON, {"user": "admin", "key": token},
                            headers=headers, credentials=None) \
                    if name not in ("basic", "passwordHeader") else \
                    self.json("GET /api/v2/login", headers=headers, credentials=None)
        self.assertEqual(self.ask(f"GET /api/v2/info?TOKEN={token}", credentials=None, headers={
            "User-Agent": "Icinga/check_nscp_api/2.14.0"})[0], 200)

    def test_the_checker_of_this_test_finds_what_is_wrong(self):
        module = {"$ref": "#/components/schemas/ModuleCommand"}
        for value, found in (({"result": 0, "message": "x"}, None),
                             ({"result": 5, "message": "x"}, "none of"),
                             ({"result": 0}, "without"), ([], "no object"),
                             ({"result": 0, "message": 1}, "no string"),
                             ({"result": 0, "message": "x", "y": 1}, "unknown y")):
            with self.subTest(value):
                said = problem(self.document, module, value)
                self.assertTrue(said is None if found is None else found in said, said)


if __name__ == "__main__":
    unittest.main()
