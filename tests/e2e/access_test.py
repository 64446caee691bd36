"""Users of a real hub's HTTP interface: the first one by a link, roles by signed statements, sessions, tokens, and what
each of them may and may not do, route by route."""

import json
import socket
import sqlite3
import time
import unittest

from access_support import PASSWORD, AccessDeployment, accept
from console_test import example, routes
from support import SECONDS, hubctl, notice, until

from deployment import SetupError  # noqa: E402  (support adds its folder)

SENDER, RECIPIENT, STRANGER = "toa-an.huyen", "btg.huyen", "hdnd.huyen"
BODY_BYTES_MAX = 64 << 10
WRONG_PASSWORDS_MAX = 5
TOKEN_SECONDS = 3
TOKEN_NAME_BYTES_MAX = 64

# Who has which permission; whoever is not named has none. The machine's own token is `machine`.
MAY = {
    "session": {"operator", "compliance", "administrator", "viewer"},
    "status": {"operator", "compliance", "administrator", "machine"},
    "documents": {"operator", "compliance", "viewer", "machine"},
    "metadata": {"operator", "compliance", "machine"},
    "configuration": {"operator", "compliance", "administrator", "machine"},
    "reports": {"compliance", "machine"},
    "evidence": {"compliance", "machine"},
    "actions": {"operator", "administrator", "machine"},
    "bodies": {"administrator", "machine"},
    "users": {"administrator"},
    "names": {"operator", "compliance", "administrator", "viewer", "machine"},
    "overreach": {"compliance", "viewer", "machine"},
}
ASKERS = ("nobody", "viewer", "operator", "compliance", "administrator", "machine")
# What a route answers to who may, when the request says nothing more: 200 but for these.
ANSWERS = {
    ("POST", "/api/v1/orders"): 409,
    ("POST", "/api/v1/readings"): 409,
    ("POST", "/api/v1/session"): 400,
    ("POST", "/api/v1/invitations/accept"): 400,
    ("GET", "/api/v1/reports/overreach"): 400,  # it wants to know of which party
    ("GET", "/api/v1/sign-on"): 404,  # without a provider
    ("GET", "/api/v1/sign-on/callback"): 404,
}


class FirstStart(unittest.TestCase):
    def setUp(self):
        self.hub = AccessDeployment()
        self.addCleanup(self.hub.close)

    def test_first_start_prints_a_link_that_makes_the_first_user_once(self):
        self.hub.start_hub()
        unused = self.hub.first_link()
        self.assertEqual(self.hub.stop(), [0])
        self.hub.start_hub()
        link = self.hub.first_link()  # nobody used the first one: another is printed, and the first is of no use
        browser = self.hub.browser()
        self.assertTrue(link.startswith(f"http://127.0.0.1:{self.hub.console_port}/#/invitation?token="))
        for attempt, status, code in (
            (lambda: accept(browser, unused, user="quan-tri"), 404, "invitation-unknown"),
            (lambda: accept(browser, link, "ngắn quá", user="quan-tri"), 400, "password-unfit"),
            (lambda: accept(browser, link, user="Quản trị"), 400, "user-name-invalid"),
            (lambda: accept(browser, link), 400, "user-name-invalid"),
        ):
            answered, answer = attempt()
            self.assertEqual((answered, answer["error"]["code"]), (status, code))
        self.assertEqual(accept(browser, link, user="quan-tri"), (200, {"user": "quan-tri"}))
        status, session = browser.sign_in("quan-tri")
        self.assertEqual((status, session["roles"]), (200, ["administrator"]))
        for flag in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(flag, browser.set_cookie)
        self.assertEqual(accept(browser, link, user="other")[0], 404)
        [record] = self.hub.records("role-changed")
        self.assertEqual(record["fields"]["actor"], "hub:first-start")
        self.assertEqual(self.hub.stop(), [0])
        self.hub.start_hub()
        with self.assertRaises(Exception):
            self.hub.hub.wait_line("first-user ", 0.5)
        self.assertEqual(browser.ask("GET", "/api/v1/session")[0], 200)  # and a session outlives a restart
        self.assertEqual((self.hub.data / "access.db").stat().st_mode & 0o777, 0o600)

    def test_a_role_that_a_key_handed_out_ends_the_first_start(self):
        self.hub.start_hub()
        link = self.hub.first_link()
        self.hub.change("grant", "quan-tri", "administrator")
        for user in ("quan-tri", "ke-la"):
            status, answer = accept(self.hub.browser(), link, user=user)
            self.assertEqual((status, answer["error"]["code"]), (409, "first-user-exists"))


class Access(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = AccessDeployment()
        cls.addClassCleanup(cls.hub.close)
        cls.hub.start_hub()
        for party in (SENDER, RECIPIENT, STRANGER):
            cls.hub.start_adapter(party)
        cls.sent = cls.send(SENDER, "01-thong-tin-truoc-xet-xu")
        cls.other = cls.send(STRANGER, "03-thong-tin-hang-quy")
        cls.hub.start_ledger()
        cls.users = {
            role: cls.hub.make_user(f"nguoi-{role}", role, *more)
            for role, more in (("operator", ()), ("compliance", ()), ("administrator", ()), ("viewer", ("--party", SENDER)))
        }
        cls.users |= {"nobody": cls.hub.browser(), "machine": cls.hub.machine()}

    @classmethod
    def send(cls, party, name):
        dropped = cls.hub.drop(party, notice(name))
        position = cls.hub.accepted(party, dropped)["position"]
        cls.hub.receipt(party, dropped, RECIPIENT)
        return position

    def test_each_route_answers_each_role_as_the_table_says(self):
        self.assertEqual({p for p in routes().values() if p != "open"}, set(MAY))
        for (method, path), permission in routes().items():
            at = example(path).replace("/documents/1", f"/documents/{self.sent}").replace("nobody", "nguoi-viewer")
            at = at.replace("/tile/entries/0/", "/tile/entries/")
            for asker in ASKERS:
                with self.subTest(method=method, path=path, asker=asker):
                    browser = self.users[asker]
                    ends = (method, path) == ("DELETE", "/api/v1/session")
                    if ends and asker not in ("nobody", "machine"):
                        browser = self.hub.signed_in(f"nguoi-{asker}")
                    status, answer = browser.ask(method, at, {} if method == "POST" else None)
                    if permission == "open" or asker in MAY[permission]:
                        of_its_own = asker == "viewer" and path.endswith("/overreach")
                        self.assertEqual(status, 200 if of_its_own else ANSWERS.get((method, path), 200), answer)
                        continue
                    expected = (401, "token-required") if asker == "nobody" else (403, "role-insufficient")
                    self.assertEqual((status, answer["error"]["code"]), expected)
                    if status == 403:
                        self.assertEqual(answer["error"]["facts"]["permission"], permission)

    def test_a_session_changes_nothing_without_its_pages_token_or_for_another_site(self):
        host = f"127.0.0.1:{self.hub.console_port}"
        for (method, path), permission in routes().items():
            if method == "GET":
                continue
            browser = self.users["administrator"]
            at = example(path)
            with self.subTest(method=method, path=path):
                for fields in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}):
                    self.assertEqual(browser.code(method, at, {}, **fields), (403, "origin-foreign"))
                if permission in ("open",):
                    continue
                for wrong in (None, "", "0" * 64, self.users["operator"].csrf):
                    answer = browser.code(method, at, {}, **{"X-CSRF-Token": wrong})
                    self.assertEqual(answer, (403, "csrf-token-wrong"))
        status, answer = browser.ask("POST", "/api/v1/users/nguoi-viewer/invitation", {}, Origin=f"http://{host}",
                                     Sec_Fetch_Site="same-origin")  # fmt: skip
        self.assertEqual(status, 200, answer)

    def test_a_role_that_is_taken_back_acts_on_the_next_request(self):
        browser = self.hub.make_user("tam-thoi", "operator")
        self.assertEqual(browser.ask("GET", "/api/v1/documents")[0], 200)
        self.hub.change("grant", "tam-thoi", "compliance")
        self.assertEqual(browser.ask("GET", "/api/v1/session")[1]["roles"], ["operator", "compliance"])
        self.hub.change("revoke", "tam-thoi", "operator")
        self.assertEqual(browser.code("POST", "/api/v1/orders", {}), (403, "role-insufficient"))
        self.hub.change("revoke", "tam-thoi", "compliance")
        self.assertEqual(browser.code("GET", "/api/v1/documents"), (401, "token-required"))
        self.assertEqual(self.hub.browser().sign_in("tam-thoi")[0], 401)
        self.hub.change("grant", "tam-thoi", "operator")  # the same name is another account now
        self.assertEqual(browser.ask("GET", "/api/v1/documents")[0], 401)
        self.assertEqual(self.hub.browser().sign_in("tam-thoi")[0], 401)

    def test_a_statement_about_a_role_is_good_for_once(self):
        printed = hubctl("user", "grant", "lap-lai", "--role", "operator", "--reason", "thử", "--key",
                         self.hub.administrators[0], "--data", self.hub.data)  # fmt: skip
        machine, statement = self.users["machine"], json.loads(printed.stdout)
        self.assertEqual(machine.ask("POST", "/api/v1/orders", statement)[0], 200)
        self.assertEqual(machine.code("POST", "/api/v1/orders", statement), (409, "role-order-stale"))
        self.hub.change("revoke", "lap-lai", "operator")
        self.assertEqual(machine.code("POST", "/api/v1/orders", statement), (409, "role-order-stale"))
        with self.assertRaises(SetupError) as refused:
            self.hub.change("revoke", "lap-lai", "operator")
        self.assertIn("role-unchanged", str(refused.exception))

    def test_wrong_passwords_lock_the_account_and_tell_nothing(self):
        self.hub.make_user("bi-khoa", "operator")
        browser = self.hub.browser()
        unknown = browser.sign_in("khong-co")
        for _ in range(WRONG_PASSWORDS_MAX):
            self.assertEqual(browser.sign_in("bi-khoa", "sai mật khẩu rồi"), unknown)
        self.assertEqual(browser.sign_in("bi-khoa"), unknown)  # right, and locked
        self.assertEqual((unknown[0], unknown[1]["error"]["code"]), (401, "sign-in-refused"))
        self.assertEqual(accept(browser, self.hub.invite("bi-khoa"))[0], 200)  # an administrator's way out
        self.assertEqual(browser.sign_in("bi-khoa")[0], 200)

    def test_who_signs_out_is_out_and_a_new_password_ends_every_session(self):
        browser = self.hub.make_user("ra-vao", "operator")
        other = self.hub.signed_in("ra-vao")
        cookie = browser.cookie
        self.assertEqual(browser.ask("DELETE", "/api/v1/session")[0], 200)
        browser.cookie = cookie
        self.assertEqual(browser.ask("GET", "/api/v1/session")[0], 401)
        self.assertEqual(other.ask("GET", "/api/v1/session")[0], 200)
        first, second = self.hub.invite("ra-vao"), self.hub.invite("ra-vao")
        self.assertEqual(accept(self.hub.browser(), first)[0], 404)  # the newer one is good
        self.assertEqual(accept(self.hub.browser(), second, "một câu khác hẳn")[0], 200)
        self.assertEqual(other.ask("GET", "/api/v1/session")[0], 401)
        self.assertEqual(self.hub.browser().sign_in("ra-vao")[0], 401)
        self.assertEqual(self.hub.browser().sign_in("ra-vao", "một câu khác hẳn")[0], 200)

    def test_a_viewer_sees_what_its_party_sent_or_got_and_not_that_there_is_more(self):
        viewer, operator = self.users["viewer"], self.users["operator"]
        self.assertEqual(len(operator.ask("GET", "/api/v1/documents")[1]["documents"]), 2)
        for query in ("", f"?party={STRANGER}", f"?sender={STRANGER}", f"?recipient={RECIPIENT}", "?state=delivered"):
            documents = viewer.ask("GET", f"/api/v1/documents{query}")[1]["documents"]
            self.assertLessEqual({d["position"] for d in documents}, {self.sent}, query)
            deliveries = viewer.ask("GET", f"/api/v1/deliveries{query}")[1]["deliveries"]
            self.assertLessEqual({d["position"] for d in deliveries}, {self.sent}, query)
        self.assertEqual(len(viewer.ask("GET", "/api/v1/documents")[1]["documents"]), 1)
        self.assertEqual(len(viewer.ask("GET", "/api/v1/deliveries")[1]["deliveries"]), 1)
        self.assertEqual(viewer.ask("GET", f"/api/v1/documents/{self.sent}")[0], 200)
        trace = operator.ask("GET", f"/api/v1/documents/{self.other}")[1]
        for what in (self.other, trace["document"]["id"], trace["deliveries"][0]["id"]):
            hidden, missing = (viewer.ask("GET", f"/api/v1/documents/{w}") for w in (what, "999999"))
            self.assertEqual((hidden[0], missing[0]), (404, 404))
            self.assertEqual(str(hidden[1]).replace(str(what), "?"), str(missing[1]).replace("999999", "?"))

    def test_a_viewer_learns_who_read_documents_of_its_own_party_and_of_no_other(self):
        viewer = self.users["viewer"]
        for query in ("", f"?party={SENDER}", f"?party={RECIPIENT}"):
            status, mine = viewer.ask("GET", f"/api/v1/reports/overreach{query}")
            self.assertEqual(status, 200, mine)
            self.assertTrue(mine["unused"])
            for one in mine["unused"]:
                self.assertIn(SENDER, (one["sender"], one["recipient"]))
            (field,) = mine["unneeded"]
            self.assertEqual((field["field"], field["sender"], field["documents"]), ("court", SENDER, 1))
            documents = viewer.ask("GET", field["records"])[1]["documents"]
            self.assertEqual([document["position"] for document in documents], [self.sent])
        self.assertEqual(viewer.code("GET", "/api/v1/reports/deliveries"), (403, "role-insufficient"))
        self.assertEqual(viewer.code("GET", "/api/v1/audit"), (403, "role-insufficient"))
        names = viewer.ask("GET", "/api/v1/names")[1]
        self.assertIn(SENDER, {one["id"] for one in names["parties"]})

    def test_a_recipients_viewer_sees_both_documents(self):
        viewer = self.hub.make_user("xem-btg", "viewer", "--party", RECIPIENT)
        documents = viewer.ask("GET", "/api/v1/documents")[1]["documents"]
        self.assertEqual({d["position"] for d in documents}, {self.sent, self.other})

    def test_a_token_has_its_scope_as_far_as_its_users_roles_go_and_ends(self):
        self.hub.make_user("chuong-trinh", "operator")

        def new(scope, expires, name="giám sát"):
            return hubctl("token", "new", "--user", "chuong-trinh", "--name", name, "--scope", scope, "--expires",
                          expires, "--data", self.hub.data, "--json")  # fmt: skip

        def at(seconds):
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))

        for scope, expires, code in (
            ("status", at(-1), "token-expiry-invalid"),
            ("status", at(367 * 86400), "token-expiry-invalid"),
            ("all", at(60), "token-scope-invalid"),
        ):
            self.assertEqual(json.loads(new(scope, expires).stdout)["error"]["code"], code)
        self.assertEqual(new("status", at(60), "x" * TOKEN_NAME_BYTES_MAX).returncode, 0)
        self.assertEqual(new("status", at(60), "x" * (TOKEN_NAME_BYTES_MAX + 1)).returncode, 2)
        made = json.loads(new("status,evidence", at(3600)).stdout)
        program = self.hub.browser()
        program.token = made["token"]
        self.assertEqual(program.ask("GET", "/metrics")[0], 200)
        self.assertEqual(program.code("GET", "/api/v1/documents"), (403, "role-insufficient"))  # not its scope
        self.assertEqual(program.code("GET", "/tile/entries/000.p/1"), (403, "role-insufficient"))  # not its user's role
        listed = json.loads(self.hub.hubctl("token", "list", "--data", self.hub.data, "--json"))["tokens"]
        self.assertNotIn(made["token"], json.dumps(listed))
        self.assertIn(made["id"], [token["id"] for token in listed])
        self.hub.hubctl("token", "revoke", made["id"], "--data", self.hub.data)
        self.assertEqual(program.code("GET", "/metrics"), (401, "token-required"))
        program.token = json.loads(new("status", at(TOKEN_SECONDS)).stdout)["token"]
        until("the token to expire", lambda: program.ask("GET", "/metrics")[0] == 401)
        program.token = json.loads(new("status", at(3600)).stdout)["token"]
        self.assertEqual(program.ask("GET", "/metrics")[0], 200)
        self.hub.change("revoke", "chuong-trinh", "operator")
        self.assertEqual(program.code("GET", "/metrics"), (401, "token-required"))

    def test_hostile_requests_are_refused_and_others_are_served_on(self):
        browser, administrator = self.hub.browser(), self.users["administrator"]
        for path in ("/api/v1/users/../../keys/api-token", "/api/v1/users/..%2f..%2fkeys/invitation",
                     "/api/v1/users/%2e%2e/invitation/", "/api/v1/session/", "/api/v1/session%00",
                     "/api/v1/invitations/../session", "/console/../../access.db", "/console/..%2faccess.db"):  # fmt: skip
            for method in ("GET", "POST"):
                self.assertIn(administrator.ask(method, path)[0], (404, 405), path)
        self.assertEqual(administrator.code("POST", "/api/v1/users/nobody/invitation"), (404, "user-unknown"))
        for path in ("/api/v1/session", "/api/v1/invitations/accept"):
            for body in ([], "x", {"user": 1}, {"user": "a", "password": "b", "more": 1}, {"user": {"$ne": ""}, "password": ""}):
                self.assertEqual(browser.code("POST", path, body), (400, "request-malformed"))
            self.assertEqual(browser.code("POST", path, {"user": "x" * BODY_BYTES_MAX})[0], 413)
        self.assertEqual(browser.sign_in("nguoi-operator", "x" * (BODY_BYTES_MAX // 2))[0], 401)
        for cookie in ("hub-session=", "hub-session=../../etc", "hub-session=" + "0" * 64, "hub-session=" + "g" * 64, ";;=;"):
            self.assertEqual(browser.ask("GET", "/api/v1/session", Cookie=cookie)[0], 401)
        for authorization in ("Bearer", "Bearer ", "Basic " + "0" * 64, "Bearer " + "0" * 64, "0" * 64):
            self.assertEqual(browser.ask("GET", "/api/v1/session", Authorization=authorization)[0], 401)

    def test_a_slow_sign_in_is_cut_and_others_are_served_on(self):
        head = b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"
        with socket.create_connection(("127.0.0.1", self.hub.console_port), timeout=SECONDS) as slow:
            slow.sendall(head)
            self.assertEqual(self.users["operator"].ask("GET", "/api/v1/session")[0], 200)
            began = time.monotonic()
            self.assertEqual(slow.recv(1), b"")
            self.assertLess(time.monotonic() - began, 15)

    def test_what_was_handed_out_stands_in_journal_and_ledger(self):
        records = self.hub.records("role-changed")
        granted = [r["fields"] for r in records if r["fields"]["user"] == "nguoi-viewer"]
        self.assertEqual((granted[0]["party"], granted[0]["reason"]), (SENDER, "phân công công tác"))
        self.assertRegex(granted[0]["actor"], r"^administrator:[0-9a-f]{32}$")

        def rows():
            with sqlite3.connect(f"file:{self.hub.ledger_file}?mode=ro", uri=True) as ledger:
                return ledger.execute("SELECT role, party FROM users WHERE name = 'nguoi-viewer'").fetchall()

        self.assertEqual(until("the ledger", rows), [("viewer", SENDER)])
        listed = json.loads(self.hub.hubctl("user", "list", "--data", self.hub.data, "--json"))
        asked = self.users["administrator"].ask("GET", "/api/v1/users")[1]
        self.assertEqual(listed["users"], asked["users"])

    def test_passwords_and_secrets_stand_nowhere_in_the_clear(self):
        texts = b"".join(path.read_bytes() for path in sorted(self.hub.data.glob("access.db*")))
        texts += (self.hub.logs / "hubd.log").read_bytes()
        for secret in (PASSWORD, self.users["operator"].cookie.split("=")[1], self.users["operator"].csrf):
            self.assertNotIn(secret.encode(), texts)
        self.assertIn(b"$argon2id$", texts)


if __name__ == "__main__":
    unittest.main()
