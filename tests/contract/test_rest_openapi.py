"""The API's description held against the running agent, and both against the table of every route
in support/rest_routes.py: each is called for its success and for every error that is described,
with and without credentials, with and without its grant. The answers are compared with the table's
examples and with the description's schemas.
"""
import json
import os
import re
import unittest

from support.agent import Agent, fake_module, wait_for
from support.case import FORBIDDEN, JSON, TEXT, RestCase
from support.match import difference
from support.rest_routes import ASKS, ELSEWHERE, FILES, OPEN, ROUTES, filled, put

GRANTS = sorted({row.grant for row in ROUTES} - {OPEN, ASKS} | {"modules.unload", "console.exec"})
# Two users share out the grants, so that each of them has many and lacks just the others.
USERS = {"even": GRANTS[0::2], "odd": GRANTS[1::2]}
INI = "[/settings/WEB/server/roles]\n" + "".join(
    f"{user} = {', '.join(grants)}\n" for user, grants in USERS.items()) + "".join(
    f"[/settings/WEB/server/users/{user}]\npassword = {user}-pass\nrole = {user}\n"
    for user in USERS)
MANIFESTS = {
    "Mock": fake_module("Mock", queries=("fake_log",), description="Answers for tests",
                        channels=["NSCA"]),
    "CheckSystem": fake_module("CheckSystem", "counters"),
    "Broken": {"program": "/nonexistent/program"}}
MANIFESTS["Mock"]["queries"].append({"name": "mock_query",
                                     "description": "Mock query used during tests"})


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
        cls.agent = cls.enterClassContext(Agent(
            modules=("CheckHelpers", "Mock", "CheckSystem", "CheckExternalScripts"), manifests=MANIFESTS,
            ini=INI)).start()
        for name, text in FILES.items():
            path = os.path.join(cls.agent.folder, "web", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        status, body, _ = cls.agent.get("/api/v2/openapi.json")
        assert status == 200, body
        cls.document = json.loads(body)
        cls.connection = cls.agent.connect()
        cls.addClassCleanup(cls.connection.close)

    def rows(self):
        """(route, version or "", the path's prefix, the operation that describes it)"""
        for row in ROUTES:
            for version in row.versions or ("",):
                prefix = f"/api/{version}" if version else ""
                path = self.document["paths"].get(prefix + row.path, {})
                yield row, version, prefix, path.get(row.method.lower())

    def send(self, row, call, prefix, headers=(), credentials=None):
        path = put(prefix + call.path, {"password": self.agent.password, "v": prefix[5:]})
        status, body, found = self.agent.request(
            row.method, path, body=call.sent(), headers={**dict(call.headers), **dict(headers)},
            credentials=credentials, connection=self.connection)
        return status, found["content-type"], body

    def check_described(self, operation, status, content_type, body):
        self.assertIn(str(status), operation["responses"], body)
        content = resolve(self.document, operation["responses"][str(status)]).get("content")
        if content is None:
            self.assertEqual(body, "")
            return
        media = content_type.split(";")[0]
        self.assertIn(media, content)
        value = json.loads(body) if media == JSON else body
        self.assertIsNone(problem(self.document, content[media]["schema"], value))

    def check_example(self, call, version, status, content_type, body):
        self.assertEqual((status, content_type), (call.status, call.kind), body)
        example = filled(call.answer, {"base": f"https://127.0.0.1:{self.agent.port}",
                                       "v": version})
        is_text = isinstance(example, (str, re.Pattern))
        found = body if is_text else json.loads(body)
        self.assertIsNone(difference(example, found), body)

    def test_the_table_has_every_route_of_the_description_and_no_other(self):
        described = {(method.upper(), path) for path, methods in self.document["paths"].items()
                     for method in methods}
        known = {(row.method, prefix + row.path) for row, _, prefix, _ in self.rows()}
        self.assertEqual(described, known, "every route needs its row in "
                         "tests/support/rest_routes.py, with its answers and its errors")

    def test_the_table_has_every_answer_that_is_described(self):
        for row, version, prefix, operation in self.rows():
            with self.subTest(f"{row.method} {prefix}{row.path}"):
                called = {call.status for call in row.calls if call.version in ("", version)}
                if row.grant != OPEN:
                    called.add(403)
                line = f"{row.method} {row.path}"
                called |= {status for (where, status) in ELSEWHERE if where == line}
                self.assertEqual({int(status) for status in operation["responses"]}, called)

    def test_each_route_answers_as_the_table_and_the_description_say(self):
        for row, version, prefix, operation in self.rows():
            for call in row.calls:
                if call.version not in ("", version):
                    continue
                with self.subTest(f"{row.method} {prefix}{call.path} {call.body} {version}"):
                    answer = self.send(row, call, prefix,
                                       credentials=None if row.grant == OPEN else "admin")
                    self.check_example(call, version, *answer)
                    self.check_described(operation, *answer)
                    if row.path == "/core/reload":
                        self.agent.wait_log("audit: WEBServer:admin from 127.0.0.1: reload "
                                            "service: done")
                        wait_for("the gateway's next start", 15, self.agent.ready)
                        type(self).connection = self.agent.connect()
                        self.addClassCleanup(self.connection.close)

    def test_each_route_refuses_strangers_or_is_open_as_described(self):
        for row, version, prefix, operation in self.rows():
            with self.subTest(f"{row.method} {prefix}{row.path}"):
                self.assertEqual(operation.get("security") == [], row.grant == OPEN)
                if row.grant != OPEN:
                    for call in row.calls[:1]:
                        answer = self.send(row, call, prefix)
                        self.assertEqual(answer, (403, TEXT, FORBIDDEN))
                        self.check_described(operation, *answer)

    def test_each_route_wants_its_own_grant_and_no_other(self):
        logins = {user: {"Authorization": self.agent.basic(user, f"{user}-pass")}
                  for user in USERS}
        for row, version, prefix, _ in self.rows():
            # A logout takes away nothing but its own token; a reload is shown once, above.
            if row.grant in (OPEN, ASKS):
                continue
            for user, grants in USERS.items():
                call = next(c for c in row.calls if c.version in ("", version))
                may = row.grant in grants
                with self.subTest(f"{user}: {row.method} {prefix}{call.path}"):
                    if may and row.path == "/core/reload":
                        continue
                    answer = self.send(row, call, prefix, logins[user])
                    if may:
                        self.assertNotEqual(answer[0], 403, answer)
                    else:
                        self.assertEqual(answer, (403, TEXT, FORBIDDEN))

    def test_metrics_are_described_in_both_their_forms(self):
        operation = self.document["paths"]["/api/v2/openmetrics"]["get"]
        for media in (TEXT, "application/openmetrics-text"):
            answer = self.ask("GET /api/v2/openmetrics", headers={"Accept": media})
            self.assertEqual(answer[1].split(";")[0], media)
            self.check_described(operation, *answer)

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
