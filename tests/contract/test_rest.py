"""Finding the REST API and getting in (/api, /api/{v}, info, login, /auth/*): links, credentials,
cookies, the method override, and what is served without credentials."""
import json
import os
import shutil
import unittest

from support.agent import Agent, wait_for
from support.case import FORBIDDEN, HTML, JSON, TEXT, VERSIONS, RestCase

RESOURCES = ("scripts", "modules", "queries", "aliases", "settings", "logs", "info", "tags")


class Tour(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent()).start()
        cls.base = f"https://127.0.0.1:{cls.agent.port}"


class Discovery(Tour):
    def test_the_api_names_its_versions(self):
        self.expect("GET /api", 200, JSON, {
            "current_api": f"{self.base}/api/v2", "legacy_api": f"{self.base}/api/v1",
            "beta_api": f"{self.base}/api/v2"})

    def test_each_version_links_to_its_own_resources(self):
        for version in VERSIONS:
            links = {f"{name}_url": f"{self.base}/api/{version}/{name}" for name in RESOURCES}
            for path in (f"/api/{version}", f"/api/{version}/", f"//api//{version}"):
                self.expect(f"GET {path}", 200, JSON, links)

    def test_links_carry_the_host_as_it_was_asked(self):
        body = self.json("GET /api", headers={"Host": "monitor.example:1234"})
        self.assertEqual(body["current_api"], "https://monitor.example:1234/api/v2")

    def test_info_tells_the_name_that_clients_look_for_and_the_version(self):
        for version in VERSIONS:
            info = self.json(f"GET /api/{version}/info")
            self.assertEqual(set(info), {"name", "version", "version_url"})
            self.assertEqual(info["name"], "NSClient++")
            self.assertRegex(info["version"], r"\d+\.\d+")
            self.assertEqual(info["version_url"], f"{self.base}/api/v1/info/version")
            self.expect(f"GET /api/{version}/info/version", 200, JSON,
                        {"version": info["version"]})

    def test_what_is_not_there_is_404_and_says_what_was_asked(self):
        missing = '[500] Document not found: invalid handler for "{}" in {}'
        for line, body in (
                ("GET /api/v2/nothing", missing.format("GET:/nothing", "/api/v2")),
                ("GET /api/v1/nothing/at/all", missing.format("GET:/nothing/at/all", "/api/v1")),
                ("GET /api/v3", missing.format("GET:/v3", "/api")),
                ("PUT /api/v2/info", missing.format("PUT:/info", "/api/v2")),
                ("OPTIONS /api/v2", missing.format("OPTIONS:", "/api/v2")),
                ("GET /invalid", "Document not found"),
                ("DELETE /query/check_ok", "Document not found")):
            with self.subTest(line):
                self.expect(line, 404, TEXT, body)

    def test_the_page_and_the_health_routes_need_no_credentials(self):
        for path in ("/", "/modules/x", "/queries", "/settings/", "/logs"):
            with self.subTest(path):
                status, kind, body = self.ask(f"GET {path}", credentials=None)
                self.assertEqual((status, kind), (200, HTML))
                self.assertRegex(body, r"(?s)<!DOCTYPE html>.*<title>.*nscp web install-ui")
        self.assertEqual(self.ask("GET /index.html", credentials=None)[:2], (200, HTML))
        for path, kind in (("/settings.old", HTML),
                           ("/deep/x.html", HTML), ("/assets/nosuch.css", "text/css"),
                           ("/assets/nosuch.js", "application/javascript")):
            with self.subTest(path):
                self.assertEqual(self.ask(f"GET {path}", credentials=None)[:2], (200, kind))
        for path in ("/assets/../../etc/x.js", "/%2e%2e/x.js"):
            self.expect(f"GET {path}", 500, TEXT, f"Invalid path: {path}", credentials=None)
        self.expect("GET /assets/index.js", 404, TEXT, "Not found: /assets/index.js",
                    credentials=None)
        self.expect("GET /core/isalive", 200, JSON, '{"status" : "ok"}', credentials=None)
        self.expect("GET /health/live", 200, JSON, {"status": "ok"}, credentials=None)
        self.expect("GET /health/ready", 200, JSON, {"status": "ready"}, credentials=None)

    def test_an_installed_user_interface_is_served_at_once(self):
        folder = os.path.join(self.agent.folder, "web")
        self.addCleanup(shutil.rmtree, folder)
        files = {"index.html": "<html>own</html>", "nscp.png": "picture",
                 "assets/index.js": "script", "assets/index.css": "style", "other.js": "secret"}
        for name, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        for path in ("", "/queries/check_ok", "/login"):
            self.expect(f"GET {path}/", 200, HTML, files["index.html"], credentials=None)
        self.assertEqual(self.ask("GET /other.js", credentials=None)[2], files["index.html"])
        for name, kind in (("nscp.png", "image/png"), ("assets/index.css", "text/css"),
                           ("assets/index.js", "application/javascript")):
            status, body, headers = self.agent.get(f"/{name}", credentials=None)
            self.assertEqual((status, body, headers["content-type"], headers["cache-control"]),
                             (200, files[name], kind, "max-age=3600"))

    def test_no_header_invites_other_sites_in(self):
        _, _, headers = self.agent.get("/api", headers={"Origin": "https://elsewhere.example"})
        self.assertFalse([name for name in headers if name.startswith("access-control")])
        self.assertEqual(headers["x-content-type-options"], "nosniff")
        self.assertTrue(headers["x-request-id"])


class Login(Tour):
    def test_basic_gives_a_token_which_works_in_every_place_for_tokens(self):
        for version in VERSIONS:
            body = self.json(f"GET /api/{version}/login")
            self.assertEqual(set(body), {"user", "key"})
            self.assertEqual(body["user"], "admin")
            self.assertRegex(body["key"], r"^[0-9A-Za-z]{32}$")
            for headers in ({"Authorization": "Bearer " + body["key"]},
                            {"authorization": "bearer " + body["key"]},
                            {"X-Auth-Token": body["key"]}, {"TOKEN": body["key"]}):
                self.expect(f"GET /api/{version}/login", 200, JSON, body, headers=headers,
                            credentials=None)

    def test_the_password_header_means_the_user_admin(self):
        for name in ("password", "Password"):
            body = self.json("GET /api/v2/login", credentials=None,
                             headers={name: self.agent.password})
            self.assertEqual(body["user"], "admin")

    def test_logging_out_revokes_that_token_alone(self):
        for version in VERSIONS:
            token, other = self.login(), self.login()
            self.assertNotEqual(token, other)
            headers = {"Authorization": "Bearer " + token}
            self.expect(f"DELETE /api/{version}/login", 200, JSON, {"status": "ok"},
                        headers=headers, credentials=None)
            self.refused(f"GET /api/{version}/login", headers=headers, credentials=None)
            self.json(f"GET /api/{version}/login", credentials=None,
                      headers={"Authorization": "Bearer " + other})

    def test_cookies_are_set_for_this_server_alone_and_are_no_credentials(self):
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        connection.request("GET", "/api/v2/login", headers={"Authorization": self.agent.basic()})
        response = connection.getresponse()
        token = json.loads(response.read())["key"]
        rules = "; Path=/; HttpOnly; Secure; SameSite=Strict"
        self.assertEqual(sorted(response.headers.get_all("Set-Cookie")),
                         [f"token={token}{rules}", f"uid=admin{rules}"])
        self.refused("GET /api/v2", headers={"Cookie": f"token={token}; uid=admin"},
                     credentials=None)

    def test_whatever_is_wrong_the_answer_is_the_same_403(self):
        token = self.login()
        for gate, headers in (
                ("no credentials", {}),
                ("password", {"Authorization": self.agent.basic(password="wrong")}),
                ("password", {"Authorization": self.agent.basic(user="nobody")}),
                ("password", {"Authorization": self.agent.basic(password="")}),
                ("password", {"Authorization": "Basic !!!"}),
                ("password", {"Authorization": "Digest x"}),
                ("password", {"password": "wrong"}),
                ("token", {"Authorization": "Bearer " + token[::-1]}),
                ("password", {"Authorization": "Bearer"}),
                ("token", {"X-Auth-Token": "x"}), ("token", {"TOKEN": "x"})):
            with self.subTest(f"{gate} {headers}"):
                before = self.agent.console().count(f"refused at the gate '{gate}'")
                status, body, answered = self.agent.get("/api/v2/info", headers=headers,
                                                        credentials=None)
                self.assertEqual((status, answered["content-type"], body),
                                 (403, TEXT, FORBIDDEN))
                self.assertNotIn("www-authenticate", answered)
                self.assertNotIn("set-cookie", answered)
                wait_for(f"the gate '{gate}' in the log", 10, lambda: self.agent.console().count(
                    f"refused at the gate '{gate}'") == before + 1)
                self.agent.wait_log(f"request {answered['x-request-id']} from 127.0.0.1 refused")
                self.json("GET /api/v2/info")  # so that the throttle does not join in

    def test_no_credential_reaches_the_log(self):
        secret = "a-very-secret-word"
        self.refused("GET /api/v2", headers={"password": secret}, credentials=None)
        self.refused(f"GET /api/v2?TOKEN={secret}", credentials=None)
        self.agent.wait_log("a token in the query string")
        self.json("GET /api/v2")
        console = self.agent.console()
        self.assertNotIn(secret, console)
        self.assertNotIn(self.agent.password, console)

    def test_one_header_replaces_the_method_and_others_do_not(self):
        name = "X-HTTP-Method-Override"
        for wrong in ("X", "X-H", "X-HTTP", "X-HTTP-Method", name + "-Extra"):
            token = self.login()
            self.json("GET /api/v2/login", credentials=None,
                      headers={"Authorization": "Bearer " + token, wrong: "DELETE"})
        for right in (name, name.lower()):
            token = self.login()
            bearer = {"Authorization": "Bearer " + token}
            self.expect("GET /api/v2/login", 200, JSON, {"status": "ok"},
                        headers={**bearer, right: "DELETE"}, credentials=None)
            self.refused("GET /api/v2/login", headers=bearer, credentials=None)

    def test_two_overriding_headers_cancel_each_other(self):
        token = self.login()
        for values, ends in ((("DELETE", "DELETE"), False), (("", "DELETE"), True)):
            connection = self.agent.connect()
            self.addCleanup(connection.close)
            connection.putrequest("GET", "/api/v2/login")
            connection.putheader("Authorization", "Bearer " + token)
            for value in values:
                connection.putheader("X-HTTP-Method-Override", value)
            connection.endheaders()
            body = json.loads(connection.getresponse().read())
            self.assertEqual(body, {"status": "ok"} if ends else {"user": "admin", "key": token})


class LegacyLogin(Tour):
    ICINGA = {"User-Agent": "Icinga/check_nscp_api/2.14.0"}

    def icinga(self, line, agent=None):
        method, path = line.split(" ", 1)
        headers = {"User-Agent": agent} if agent else self.ICINGA
        return self.agent.request(method, path, headers=headers, credentials=None)

    def test_icinga_gets_a_token_uses_it_in_the_query_and_gives_it_back(self):
        for method in ("GET", "POST"):
            status, body, headers = self.icinga(
                f"{method} /auth/token?password={self.agent.password}")
            self.assertEqual((status, headers["content-type"]), (200, JSON))
            token = headers["__token"]
            self.assertEqual(json.loads(body), {"status": "ok", "auth token": token})
            for name in ("TOKEN", "__TOKEN"):
                path = f"GET /query/check_ok?message=hi&{name}={token}"
                for agent in ("icinga/check_nscp_api/dev", "Icinga/check_nscp_api/3.0.0-rc1"):
                    status, body, _ = self.icinga(path, agent)
                    self.assertEqual(status, 200)
                    self.assertEqual(json.loads(body)["payload"][0]["lines"][0]["message"], "hi")
                for agent in ("curl/8.0", "MyIcingaProbe/1.0", "Mozilla/5.0"):
                    self.assertEqual(self.icinga(path, agent)[:2], (403, FORBIDDEN))
            status, body, headers = self.icinga(f"{method} /auth/logout?token={token}")
            self.assertEqual((status, headers["__token"]), (200, ""))
            self.assertEqual(json.loads(body), {"status": "ok", "auth token": ""})
            self.assertEqual(self.icinga(f"GET /query/check_ok?TOKEN={token}")[0], 403)

    def test_all_others_are_told_that_this_is_gone(self):
        for line in (f"GET /auth/token?password={self.agent.password}", "POST /auth/logout"):
            status, body, headers = self.icinga(line, "curl/8.0")
            self.assertEqual((status, headers["content-type"]), (410, JSON))
            self.assertEqual(json.loads(body)["status"], "error")
            self.assertRegex(json.loads(body)["message"], "(?i)removed|legacy|query parameter")
            self.assertNotIn("__token", headers)

    def test_a_wrong_password_is_the_common_403(self):
        status, body, headers = self.icinga("GET /auth/token?password=wrong")
        self.assertEqual((status, headers["content-type"], body), (403, TEXT, FORBIDDEN))
        self.json("GET /api/v2")


if __name__ == "__main__":
    unittest.main()
