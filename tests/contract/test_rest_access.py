"""Who may do what over the REST API: roles, allowed hosts, the throttle; and what the log says.
Every role and every form of credentials on every route: test_rest_grants.py."""
import http.client
import json
import os
import ssl
import time
import unittest

from support.agent import Agent, free_port, wait_for
from support.case import FORBIDDEN, HTML, JSON, RestCase
from support.rest_roles import PASSWORDS, ROLES

EXECUTE = "GET /api/v2/queries/check_ok/commands/execute"


class Roles(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(ini=ROLES)).start()

    def status(self, user, line, **options):
        method, path = line.split(" ", 1)
        headers = {"Authorization": self.agent.basic(user, PASSWORDS.get(user))}
        status, body, _ = self.agent.request(method, path, headers=headers, credentials=None,
                                             **options)
        if status == 403:
            self.assertEqual(body, FORBIDDEN)
        return status

    def check_role(self, user, allowed, denied):
        for line in allowed:
            with self.subTest(f"{user} may {line}"):
                self.assertEqual(self.status(user, line), 200)
        for line in denied:
            with self.subTest(f"{user} may not {line}"):
                self.assertEqual(self.status(user, line), 403)

    def test_client_runs_checks_and_reads_what_there_is(self):
        self.check_role("carla", (
            "GET /api", "GET /api/v1", "GET /api/v2/login", "GET /api/v1/info",
            "GET /api/v2/info/version", "GET /api/v2/modules", "GET /api/v1/queries",
            "GET /api/v2/queries/check_ok", EXECUTE, "GET /api/v2/aliases"), (
            "GET /api/v2/modules/CheckHelpers", "GET /api/v2/modules/CheckHelpers/commands/load",
            "GET /api/v1/modules/CheckHelpers/commands/unload", "GET /query/check_ok",
            "GET /api/v2/settings", "GET /api/v2/logs", "GET /api/v2/metrics",
            "POST /core/reload", "POST /console/exec?command=help"))

    def test_legacy_reaches_the_old_routes_alone(self):
        self.check_role("lena", (
            "GET /query/check_ok", "GET /api/v2/login", "GET /log/status"), (
            "GET /api", "GET /api/v2", "GET /api/v2/modules", "GET /api/v2/aliases", EXECUTE,
            "GET /api/v2/modules/CheckHelpers/commands/load", "GET /api/v2/settings",
            "POST /console/exec?command=help"))

    def test_monitoring_runs_checks_and_reads_metrics(self):
        self.check_role("moni", (
            "GET /api/v2", EXECUTE, "GET /api/v2/aliases", "GET /api/v2/metrics",
            "GET /api/v2/openmetrics"), (
            "GET /api/v2/queries", "GET /api/v2/modules", "GET /api/v2/info",
            "GET /query/check_ok", "GET /metrics"))

    def test_one_command_of_modules_is_granted_alone(self):
        load = "GET /api/v2/modules/CheckHelpers/commands/load"
        self.check_role("lou", (load, "GET /api/v2/modules/CheckHelpers"), (
            load.replace("load", "unload"), load.replace("load", "enable"),
            "GET /api/v2/modules"))
        self.assertEqual(self.status("lou", "PUT /api/v2/modules/CheckHelpers",
                                     body='{"loaded":true}'), 200)
        self.assertEqual(self.status("lou", "PUT /api/v2/modules/CheckHelpers",
                                     body='{"loaded":false}'), 403)

    def test_a_star_covers_what_stands_below(self):
        self.check_role("alma", (
            "GET /api/v2/modules", "GET /api/v2/modules/CheckHelpers",
            "GET /api/v2/modules/CheckHelpers/commands/load"), ("GET /api/v2/queries", EXECUTE))

    def test_without_role_or_password_nothing_is_allowed(self):
        self.check_role("nora", (), ("GET /api", "GET /api/v2/login", EXECUTE))
        for password in ("", "nopass", "full"):
            headers = {"Authorization": self.agent.basic("nopass", password)}
            self.refused("GET /api", headers=headers, credentials=None)

    def test_the_log_tells_user_role_and_missing_grant(self):
        self.assertEqual(self.status("carla", "GET /api/v2/settings"), 403)
        self.agent.wait_log("refused at the gate 'grant': GET /api/v2/settings: user 'carla' has "
                            "the role 'client', which lacks the grant 'settings.get': add it")

    def test_a_role_with_the_legacy_grant_is_warned_about_at_the_start(self):
        self.agent.wait_log("SECURITY: WEB role 'legacy' grants the 'legacy' permission")


class Hosts(RestCase):
    def test_an_address_that_is_not_allowed_gets_nothing_but_the_page_and_health(self):
        self.agent = self.enterContext(Agent(
            ini="[/settings/WEB/server]\nallowed hosts = 10.9.8.7, 192.168.0.0/16\n")).start()
        headers = {"X-Auth-Token": "x"}
        for line in ("GET /api", "GET /api/v2/login", EXECUTE, "GET /query/check_ok"):
            self.refused(line)
            self.refused(line, headers=headers, credentials=None)
        self.agent.wait_log("refused at the gate 'allowed hosts'")
        self.agent.wait_log("add 127.0.0.1 to 'allowed hosts'")
        self.assertEqual(self.ask("GET /", credentials=None)[:2], (200, HTML))
        self.assertEqual(self.ask("GET /core/isalive", credentials=None)[0], 200)

    def test_an_empty_list_lets_nobody_in_and_says_so(self):
        self.agent = self.enterContext(Agent(
            ini="[/settings/default]\nallowed hosts =\n")).start()
        self.refused("GET /api")
        self.agent.wait_log("allowed_hosts is empty - rejecting all connections")


class Listening(RestCase):
    SERVER = "[/settings/WEB/server]\n"

    def start(self, ini, **options):
        self.agent = self.enterContext(Agent(ini=self.SERVER + ini, modules=(), **options))
        return self.agent

    def test_both_families_on_a_port_with_the_s_of_old_files(self):
        port = free_port()
        self.start(f"port = {port}s\nbind to = [::]\nallowed hosts = 127.0.0.*, ::1/128\n",
                   port=port).start()
        for host, shown in (("127.0.0.1", "127.0.0.1"), ("::1", "[::1]")):
            connection = self.agent.connect(host=host)
            self.addCleanup(connection.close)
            body = self.json("GET /api", connection=connection)
            self.assertEqual(body["current_api"], f"https://{shown}:{port}/api/v2")
        self.agent.wait_log(f"Listening on https://[::]:{port}")

    def test_a_family_that_is_not_allowed_is_refused(self):
        self.start("bind to = [::]\nallowed hosts = ::1\n").start()
        self.refused("GET /api")
        connection = self.agent.connect(host="::1")
        self.addCleanup(connection.close)
        self.json("GET /api", connection=connection)
        self.agent.wait_log("add 127.0.0.1 to 'allowed hosts'")

    def test_without_tls_links_and_cookies_know_it(self):
        agent = self.start("certificate = /nonexistent/x.pem\nallow insecure = true\n")
        agent.start(wait=False).wait_log("Listening on http://")
        connection = http.client.HTTPConnection("127.0.0.1", agent.port, timeout=30)
        self.addCleanup(connection.close)
        connection.request("GET", "/api", headers={"Authorization": agent.basic()})
        response = connection.getresponse()
        self.assertEqual(json.loads(response.read())["current_api"],
                         f"http://127.0.0.1:{agent.port}/api/v2")
        for cookie in response.headers.get_all("Set-Cookie"):
            self.assertRegex(cookie, "; Path=/; HttpOnly; SameSite=Strict$")

    def test_a_missing_certificate_stops_the_listener_and_not_the_module(self):
        agent = self.start("certificate = /nonexistent/x.pem\n")
        agent.start(wait=False).wait_log("the web server does not listen: set 'certificate'")
        agent.wait_log("WEBServer is ready")
        with self.assertRaises(OSError):
            self.ask("GET /")

    def test_a_missing_authority_is_made_and_served(self):
        self.start("certificate = ${certificate-path}/ca.pem\n").start()
        self.agent.wait_log("/ca.pem (generating a default CA)")
        file = os.path.join(self.agent.folder, "certificate", "ca.pem")
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
        with open(file, encoding="ascii") as f:
            text = f.read()
        self.assertTrue(text.startswith("-----BEGIN PRIVATE KEY-----"))
        self.assertTrue(text.rstrip().endswith(self.served().strip()))
        self.json("GET /api")

    def served(self):
        """The certificate that the server shows, as PEM."""
        connection = self.agent.connect()
        self.addCleanup(connection.close)
        connection.connect()
        return ssl.DER_cert_to_PEM_cert(connection.sock.getpeercert(True))

    def test_a_key_may_have_a_file_of_its_own(self):
        agent = self.start("certificate = ${certificate-path}/own.crt\n"
                           "certificate key = ${certificate-path}/own.key\n")
        with Agent(modules=()) as other:
            other.start()
            with open(os.path.join(other.folder, "certificate", "certificate.pem"),
                      encoding="ascii") as f:
                key, certificate = f.read().split("-----END PRIVATE KEY-----\n")
        os.mkdir(os.path.join(agent.folder, "certificate"))
        for name, text in (("own.crt", certificate), ("own.key", key + "-----END PRIVATE KEY-----\n")):
            with open(os.path.join(agent.folder, "certificate", name), "w", encoding="ascii") as f:
                f.write(text)
        agent.start()
        self.assertEqual(self.served().split(), certificate.split())


class Throttle(RestCase):
    SECONDS = 2

    def test_too_many_failures_block_an_address_for_a_while(self):
        self.agent = self.enterContext(Agent(
            ini="[/settings/WEB/server]\nauth rate limit max failures = 3\n"
                f"auth rate limit block seconds = {self.SECONDS}\n")).start()
        token = self.login()
        icinga = {"User-Agent": "Icinga/check_nscp_api/2.14.0"}
        for headers in ({"password": "wrong"}, {"Authorization": "Bearer wrong"},
                        {"Authorization": self.agent.basic(password="wrong")}):
            self.refused("GET /api/v2", headers=headers, credentials=None)
        begin = time.monotonic()
        # right ones are refused now, in every form that is counted
        self.refused("GET /api/v2")
        self.refused("GET /api/v2", headers={"password": self.agent.password}, credentials=None)
        self.refused("GET /api/v2", headers={"Authorization": f"Bearer {token}"},
                     credentials=None)
        self.refused(f"GET /auth/token?password={self.agent.password}", headers=icinga,
                     credentials=None)
        blocked = time.monotonic() - begin < self.SECONDS
        self.agent.wait_log("refused at the gate 'throttle'")
        self.agent.wait_log("127.0.0.1 is now blocked")
        self.assertTrue(blocked, "the machine was too slow for this test")
        # a token in its own header is no guess and still works
        self.json("GET /api/v2", headers={"X-Auth-Token": token}, credentials=None)
        wait_for("the end of the block", self.SECONDS + 5,
                 lambda: self.agent.get("/api/v2")[0] == 200, pause=0.1)
        self.assertGreaterEqual(time.monotonic() - begin, self.SECONDS - 0.5)


class Anonymous(RestCase):
    GUESTS = "[/settings/WEB/server/roles]\nanonymous = public, info.get\n"

    def test_without_credentials_the_role_anonymous_decides_when_that_is_allowed(self):
        self.agent = self.enterContext(Agent(
            ini="[/settings/WEB/server]\nallow anonymous access = true\n" + self.GUESTS)).start()
        for line in ("GET /api", "GET /api/v2", "GET /api/v2/info"):
            status, kind, body = self.ask(line, credentials=None)
            self.assertEqual((status, kind), (200, JSON))
            self.assertTrue(json.loads(body))
        for line in ("GET /api/v2/info/version", EXECUTE, "GET /api/v2/login"):
            self.refused(line, credentials=None)
        self.refused("GET /api", headers={"password": "wrong"}, credentials=None)
        self.json("GET /api/v2/modules")

    def test_the_role_alone_opens_nothing(self):
        self.agent = self.enterContext(Agent(ini=self.GUESTS)).start()
        self.refused("GET /api", credentials=None)
        self.agent.wait_log("WEB role 'anonymous' is ignored")


if __name__ == "__main__":
    unittest.main()
