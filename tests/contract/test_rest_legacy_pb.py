"""POST /query.pb and POST /settings/query.pb: NSClient++'s own messages, by the numbers of their
fields alone."""
import unittest

from support.agent import Agent
from support.case import TEXT, RestCase
from support.protobuf import decode, encode

PROTOBUF = "application/x-protobuf"
OK, WARNING, UNKNOWN = 0, 1, 3
# Fields of a query's payload, and of an answer's.
ID, COMMAND, ALIAS, ARGUMENTS, RESULT, LINES = 1, 2, 3, 4, 4, 9
INI = """[/settings/WEB/server/roles]
legacy = legacy,login.get
[/settings/WEB/server/users/legacy]
password = p
role = legacy
[/settings/permissions]
enabled = true
[/settings/permissions/policies]
WEBServer:admin = *
WEBServer:legacy = CheckHelpers.check_ok
[/tour]
a = 1
[/tour/below]
b = 2
"""


class Messages(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.agent = cls.enterClassContext(Agent(modules=("CheckHelpers", "CheckDisk"), ini=INI)).start()

    def post(self, route, body, **options):
        status, kind, text = self.ask(f"POST {route}", body=body, **options)
        self.assertEqual((status, kind), (200, PROTOBUF), text)
        return decode(text.encode("utf-8", "surrogateescape"))

    def query(self, *payloads, header=(), **options):
        body = encode(([(1, list(header))] if header else []) + [(2, p) for p in payloads])
        message = self.post("/query.pb", body, **options)
        return [decode(p) for p in message.get(2, [])], message

    def line(self, answer, number=0):
        return decode(answer[LINES][number])

    def test_several_checks_are_answered_in_order_with_their_ids(self):
        answers, message = self.query(
            [(ID, 4), (COMMAND, "CHECK_WARNING"), (ALIAS, "w"), (ARGUMENTS, "message=a b")],
            [(ID, 2), (COMMAND, "check_ok"), (ARGUMENTS, b"message=\xe4")],
            [(COMMAND, "no_such")],
            header=[(3, "me"), (6, "you"), (16, "m-1")])
        self.assertEqual([a.get(ID, [0]) for a in answers], [[4], [2], [0]])
        self.assertEqual([a.get(RESULT, [OK]) for a in answers], [[WARNING], [OK], [UNKNOWN]])
        self.assertEqual(answers[0][COMMAND], [b"check_warning"])
        self.assertEqual(answers[0][ALIAS], [b"w"])
        self.assertEqual(self.line(answers[0])[1], [b"a b"])
        self.assertEqual(self.line(answers[1])[1], [b"\xe4"])
        self.assertEqual(self.line(answers[2])[1], [b"Unknown command(s): no_such"])
        self.assertEqual(decode(message[1][0]), {3: [b"you"], 6: [b"me"], 16: [b"m-1"]})

    def test_performance_data_keeps_its_numbers_and_their_absence(self):
        answers, message = self.query([
            (COMMAND, "check_files"), (ARGUMENTS, f"path={self.agent.folder}"),
            (ARGUMENTS, "pattern=nsclient.ini"), (ARGUMENTS, "warn=count > 7.5")])
        self.assertNotIn(1, message)
        perf = [decode(p) for p in self.line(answers[0])[2]]
        self.assertEqual([p[1] for p in perf], [[b"count"]])
        number = decode(perf[0][5][0])
        self.assertEqual(number[1], [1.0])
        self.assertEqual(decode(number[3][0]), {1: [7.0]})
        self.assertFalse({6, 7, 8, 9} & set(number))

    def test_the_user_is_the_one_that_asked(self):
        options = {"credentials": None, "headers": {
            "Authorization": self.agent.basic("legacy", "p")}}
        answers, _ = self.query([(COMMAND, "check_ok")], [(COMMAND, "check_warning")], **options)
        self.assertEqual([a.get(RESULT, [OK]) for a in answers], [[OK], [UNKNOWN]])
        self.assertEqual(self.line(answers[1])[1], [
            b"Permission denied: WEBServer:legacy is not allowed to run check_warning"])

    def test_what_is_no_message_is_the_one_failure(self):
        many = encode([(2, [(COMMAND, "check_ok")])] * 65)
        for route, bodies in (("/query.pb", (b"\xff\xff", b"", many)),
                              ("/settings/query.pb", (b"\xff\xff", b""))):
            for body in bodies:
                self.expect(f"POST {route}", 500, TEXT, "500 Query failed", body=body)
            self.refused(f"POST {route}", body=b"", credentials=None)
        for word in ("is not a QueryRequestMessage", "holds no query", "at most 64",
                     "is not a SettingsRequestMessage"):
            self.agent.wait_log(word)

    def settings(self, *payloads):
        message = self.post("/settings/query.pb", encode([(2, p) for p in payloads]))
        return [decode(p) for p in message[2]]

    @staticmethod
    def node(payload):
        return {k: v[0] for k, v in decode(decode(payload[11][0])[1][0]).items()}

    def test_settings_are_read_changed_and_masked(self):
        password = [(1, 7), (11, [(1, [(1, "/settings/default"), (2, "password")])])]
        value = [(11, [(1, [(1, "/tour"), (2, "a")])])]
        missing = [(11, [(1, [(1, "/tour"), (2, "z")]), (7, "default")])]
        found = self.settings(password, value, missing)
        self.assertEqual(found[0][1], [7])
        self.assertEqual(found[0][2], [b""])  # STATUS_OK
        self.assertEqual(self.node(found[0])[3], b"***")
        self.assertEqual(self.node(found[1]), {1: b"/tour", 2: b"a", 3: b"1"})
        self.assertEqual(self.node(found[2])[3], b"default")
        update = [(12, [(1, [(1, "/tour"), (2, "a"), (3, "new")])])]
        status = [(15, [])]
        changed, read, about = self.settings(update, value, status)
        self.assertEqual(changed[2], [b""])
        self.assertEqual(self.node(read)[3], b"new")
        self.assertEqual(decode(about[15][0])[2], [b"ini"])
        self.assertEqual(decode(about[15][0])[3], [1])
        self.settings([(12, [(1, [(1, "/tour"), (2, "a"), (3, "1")])])])

    def test_settings_are_listed_and_described(self):
        keys, paths = self.settings(
            [(11, [(1, [(1, "/tour")]), (2, 1), (6, 1)])], [(11, [(1, [(1, "/tour")]), (2, 1)])])
        nodes = [decode(n) for n in decode(keys[11][0])[3]]
        self.assertEqual([(n[1][0], n[2][0]) for n in nodes],
                         [(b"/tour", b"a"), (b"/tour/below", b"b")])
        nodes = [decode(n) for n in decode(paths[11][0])[3]]
        self.assertEqual([n[1][0] for n in nodes], [b"/tour/below"])
        (described,) = self.settings([(13, [(1, [(1, "/settings/default")]), (3, 1)])])
        found = {}
        for item in described[13]:
            item = decode(item)
            found[decode(item[1][0])[2][0]] = (decode(item[1][0]), decode(item[2][0]))
        node, info = found[b"password"]
        self.assertEqual((node[3], info[14], info[15]), ([b"***"], [1], [b"password"]))
        everything = self.ask("POST /settings/query.pb", body=encode(
            [(2, [(13, [(2, 1), (3, 1), (4, 1)])])]))[2]
        self.assertNotIn(self.agent.password, everything)
        self.assertNotIn("pbkdf2", everything)


if __name__ == "__main__":
    unittest.main()
