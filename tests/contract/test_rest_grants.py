"""Every role on every route of the REST API, and every form of credentials on every route: on the
newest version of each, since all share one table of grants (test_rest_openapi.py asks the others)."""
import unittest

from support.agent import Agent
from support.case import FORBIDDEN, TEXT, RestCase
from support.rest_roles import PASSWORDS, ROLES
from support.rest_routes import ASKS, OPEN, ROUTES, put

# What the roles may do, as the API's documents have it; `full` is that of admin.
GRANTS = {
    "admin": ["*"],
    "carla": ["public", "info.get", "info.get.version", "queries.list", "queries.get",
              "queries.execute", "aliases.list", "login.get", "modules.list"],
    "lena": ["legacy", "login.get"],
    "moni": ["public", "queries.execute", "aliases.list", "login.get", "metrics.get",
             "metrics.list", "openmetrics.list"],
    "lou": ["modules.load", "modules.get"],
    "alma": ["modules.*"],
    "nora": []}


def may(rules, need):
    """A rule's "*" allows what stands below; otherwise all words must be the same."""
    def covers(rule, words):
        for i, word in enumerate(rule):
            if word == "*":
                return len(words) > i
            if i >= len(words) or word != words[i]:
                return False
        return len(rule) == len(words)
    return any(covers(rule.split("."), need.split(".")) for rule in rules)


class EveryRoute(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=ROLES)).start()
        cls.connection = cls.agent.connect()
        cls.addClassCleanup(cls.connection.close)

    def rows(self):
        """(method, path, body, grant) of what may be called again and again"""
        for row in ROUTES:
            # These end the agent's work, or a token.
            if row.grant in (OPEN, ASKS) or row.path in ("/core/reload", "/login"):
                continue
            for version in row.versions[-1:] or ("",):
                call = next(c for c in row.calls if c.version in ("", version))
                path = (f"/api/{version}" if version else "") + put(call.path, {"v": version})
                yield row.method, path, call.sent(), row.grant

    def send(self, method, path, body, headers):
        status, body, found = self.agent.request(method, path, body=body, headers=headers,
                                                 credentials=None, connection=self.connection)
        return status, found["content-type"], body

    def test_each_role_reaches_what_its_grants_say_and_nothing_else(self):
        for user, rules in GRANTS.items():
            headers = {"Authorization": self.agent.basic(user, PASSWORDS.get(user))}
            for method, path, body, need in self.rows():
                with self.subTest(f"{user}: {method} {path}"):
                    answer = self.send(method, path, body, headers)
                    if may(rules, need):
                        self.assertNotEqual(answer[0], 403, answer)
                    else:
                        self.assertEqual(answer, (403, TEXT, FORBIDDEN))

    def test_each_form_of_credentials_opens_each_route_and_a_wrong_one_none(self):
        token = self.login()
        forms = {"Basic": ("Authorization", self.agent.basic(), self.agent.basic(password="no")),
                 "Bearer": ("Authorization", f"Bearer {token}", f"Bearer {token[::-1]}"),
                 "password": ("password", self.agent.password, "no"),
                 "token": ("TOKEN", token, token[::-1]),
                 "x-auth-token": ("X-Auth-Token", token, token[::-1])}
        for form, (name, right, wrong) in forms.items():
            for method, path, body, _ in self.rows():
                with self.subTest(f"{form}: {method} {path}"):
                    self.assertEqual(self.send(method, path, body, {name: wrong}),
                                     (403, TEXT, FORBIDDEN))
                    # the right one behind it clears the throttle's count
                    self.assertNotEqual(self.send(method, path, body, {name: right})[0], 403)


if __name__ == "__main__":
    unittest.main()
