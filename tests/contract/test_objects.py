"""Objects with parents and templates, and the spellings of [/modules], in a running agent: the rows of the
specification's B.7 and B.10. All combinations: workers/sdk/objects_test.cpp."""
import json
import unittest

from support.agent import Agent
from support.case import RestCase

INI = """[/settings/WEB/server/users/default]
role = client
[/settings/WEB/server/users/plain]
password = of-plain
[/settings/WEB/server/users/team]
is template = true
password = of-team
role = full
[/settings/WEB/server/users/member]
Parent = TEAM
[/settings/WEB/server/users/member2]
parent = team
role = client
alias = second
[/settings/WEB/server/users/round]
parent = about
role = client
password = of-round
[/settings/WEB/server/users/about]
parent = round
is template = true
[/modules]
mine = CheckHelpers
CheckSystem.dll = enabled
enabled = checkdisk
"""


class Objects(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=(), ini=INI)).start()

    def status(self, user, password, path="/api/v2/login"):
        headers = {"Authorization": self.agent.basic(user, password)}
        return self.agent.get(path, headers=headers, credentials=None)[0]

    def test_the_default_gives_its_role_to_all(self):
        self.assertEqual(200, self.status("plain", "of-plain", "/api/v2/queries"))
        self.assertEqual(403, self.status("plain", "of-plain", "/api/v2/settings"))
        self.assertEqual(403, self.status("default", ""))

    def test_a_template_lends_password_and_role_and_is_nobody(self):
        self.assertEqual(200, self.status("member", "of-team", "/api/v2/settings"))
        self.assertEqual(403, self.status("second", "of-team", "/api/v2/settings"))
        self.assertEqual(200, self.status("second", "of-team", "/api/v2/queries"))
        for nobody in ("team", "member2", "about"):
            self.assertEqual(403, self.status(nobody, "of-team"))

    def test_a_circle_of_parents_is_told_and_harms_nobody(self):
        self.assertEqual(200, self.status("round", "of-round"))
        self.agent.wait_log("its parents form a circle (round, about, round)")

    def test_every_spelling_loads_its_module(self):
        status, body, _ = self.agent.get("/api/v2/modules")
        self.assertEqual(200, status)
        loaded = {m["id"]: m["name"] for m in json.loads(body) if m["loaded"]}
        self.assertEqual({"WEBServer": "WEBServer", "mine": "CheckHelpers",
                          "CheckSystem": "CheckSystem", "CheckDisk": "CheckDisk"}, loaded)
        self.assertEqual((0, "hi"), self.agent.check("check_ok", "message=hi"))


if __name__ == "__main__":
    unittest.main()
