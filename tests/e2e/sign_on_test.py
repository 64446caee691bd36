"""Single sign-on at a real hub, with a stub of a provider: who gets in, who doesn't and why, and what a provider that is
silent, huge or wrong can do."""

import json
import re
import sqlite3
import subprocess
import threading
import time
import unittest
from urllib.parse import parse_qs, urlsplit

from access_support import AccessDeployment
from provider_stub import CLIENT, SECRET, Key, Provider
from support import SECONDS, binaries, until

USER = "van-thu.ubnd"
QUESTION_SECONDS = 5
BEGIN, CALLBACK = "/api/v1/sign-on", "/api/v1/sign-on/callback"


class SignOnDeployment(AccessDeployment):
    def __init__(self, provider_host="127.0.0.1"):
        super().__init__()
        self.provider = Provider(self.temporary, provider_host)
        self.secret_file = self.hub_folder / "client-secret"
        self.secret_file.write_text(SECRET + "\n")
        self.secret_file.chmod(0o600)
        self.hub_yaml = self.hub_folder / "hub.yaml"
        self.set_sign_on()

    def set_sign_on(self, **more):
        keys = {
            "issuer": self.provider.issuer,
            "client_id": CLIENT,
            "client_secret_file": "client-secret",
            "redirect": f"http://127.0.0.1:{self.console_port}{CALLBACK}",
            **more,
        }
        told = ", ".join(f'{name}: "{value}"' for name, value in keys.items() if value is not None)
        lines = self.hub_yaml.read_text().splitlines()
        lines[-1] = f'console: {{listen: "127.0.0.1:{self.console_port}", sign_on: {{{told}}}}}'
        self.hub_yaml.write_text("\n".join(lines) + "\n")

    def close(self, keep=False):
        self.provider.close()
        return super().close(keep)

    def begin(self, browser):
        status, answer = browser.ask("GET", BEGIN)
        assert status == 302, answer
        return browser.headers["Location"]

    def sign_on(self, browser):
        """From the button to the end; status and, of a refusal, its code."""
        return self.end(browser, self.provider.visit(self.begin(browser)))

    def end(self, browser, address):
        status, answer = browser.ask("GET", address)
        found = re.search(rb'data-code="([a-z-]+)"', answer)
        return status, found[1].decode() if found else None


class SignOn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.hub = SignOnDeployment()
        cls.addClassCleanup(cls.hub.close)
        cls.hub.start_hub()
        cls.hub.change("grant", USER, "operator")

    def setUp(self):
        provider = self.hub.provider
        provider.user, provider.claims, provider.trouble = USER, {}, {}
        self.provider, self.browser = provider, self.hub.browser()

    def rows(self, event):
        with sqlite3.connect(f"file:{self.hub.data}/access.db?mode=ro", uri=True) as store:
            return store.execute("SELECT user, detail, count FROM access_log WHERE event = ? ORDER BY id", (event,)).fetchall()

    def test_the_browser_is_sent_with_what_must_come_back(self):
        location = self.hub.begin(self.browser)
        brought = {name: value[0] for name, value in parse_qs(urlsplit(location).query).items()}
        self.assertEqual((brought["response_type"], brought["client_id"]), ("code", CLIENT))
        self.assertEqual((brought["scope"], brought["code_challenge_method"]), ("openid profile", "S256"))
        self.assertNotIn(self.browser.cookie.split("=")[1], location)
        for flag in ("HttpOnly", "SameSite=Lax", "Path=/api/v1/sign-on", "Max-Age=600"):
            self.assertIn(flag, self.browser.set_cookie)

    def test_whom_the_provider_names_and_a_role_is_given_to_gets_a_session(self):
        self.assertEqual(self.hub.sign_on(self.browser), (302, None))
        self.assertEqual(self.browser.headers["Location"], "/")
        for flag in ("hub-session=", "HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(flag, self.browser.set_cookie)
        status, session = self.browser.ask("GET", "/api/v1/session")
        self.assertEqual((status, session["user"], session["roles"]), (200, USER, ["operator"]))
        self.assertIn((USER, "sign-on", 1), self.rows("signed-in"))
        self.browser.csrf = session["csrf"]
        self.assertEqual(self.browser.ask("DELETE", "/api/v1/session")[0], 200)
        self.assertEqual(self.hub.sign_on(self.hub.browser()), (302, None))

    def test_a_name_without_a_role_is_refused_in_both_languages(self):
        self.provider.user = "<b>nguoi-la</b>"
        address = self.provider.visit(self.hub.begin(self.browser))
        status, page = self.browser.ask("GET", address)
        self.assertEqual(status, 403)
        text = page.decode()
        self.assertIn('data-code="sign-on-user-unknown"', text)
        self.assertIn("&lt;b&gt;nguoi-la&lt;/b&gt;", text)
        self.assertNotIn("<b>", text)
        self.assertIn('<section lang="vi">', text)
        self.assertIn('<section lang="en">', text)
        self.assertNotIn("hub-session", self.browser.cookie)
        self.assertEqual(self.rows("sign-on-user-unknown")[-1][0], "")

    def test_a_role_that_was_taken_back_ends_the_sign_on_too(self):
        self.hub.change("grant", "tam-thoi", "operator")
        self.provider.user = "tam-thoi"
        self.assertEqual(self.hub.sign_on(self.browser)[0], 302)
        self.hub.change("revoke", "tam-thoi", "operator")
        self.assertEqual(self.browser.ask("GET", "/api/v1/session")[0], 401)
        self.assertEqual(self.hub.sign_on(self.hub.browser()), (403, "sign-on-user-unknown"))

    def test_a_foreign_or_used_state_is_refused_and_the_provider_not_asked(self):
        address = self.provider.visit(self.hub.begin(self.browser))
        asked = len(self.provider.asked)
        for browser, at in (
            (self.hub.browser(), address),  # another browser: whoever is sent such a link is not signed in by it
            (self.browser, address),  # and the state was its one time
            (self.browser, f"{CALLBACK}?code=code-0&state={'0' * 64}"),
            (self.browser, f"{CALLBACK}?code=code-0"),
            (self.browser, CALLBACK),
            (self.browser, f"{CALLBACK}?state=%zz&code=%00"),
        ):
            self.assertEqual(self.hub.end(browser, at), (400, "sign-on-stale"))
        self.assertEqual(self.provider.asked[asked:], [])
        self.assertEqual(len(self.rows("sign-on-stale")), 1)  # one row that counts

    def test_a_state_or_code_that_is_played_back_is_refused(self):
        address = self.provider.visit(self.hub.begin(self.browser))
        attempt = self.browser.cookie
        self.assertEqual(self.hub.end(self.browser, address), (302, None))
        self.browser.cookie = attempt
        self.assertEqual(self.hub.end(self.browser, address), (400, "sign-on-stale"))
        code = parse_qs(urlsplit(address).query)["code"][0]
        state = parse_qs(urlsplit(self.hub.begin(self.browser)).query)["state"][0]
        self.assertEqual(self.hub.end(self.browser, f"{CALLBACK}?code={code}&state={state}"), (403, "sign-on-denied"))

    def test_what_the_provider_refuses_is_told(self):
        state = parse_qs(urlsplit(self.hub.begin(self.browser)).query)["state"][0]
        status, page = self.browser.ask("GET", f"{CALLBACK}?error=access_denied%3Cscript%3E&state={state}")
        self.assertEqual(status, 403)
        self.assertIn("access_denied&lt;script&gt;", page.decode())

    def test_what_is_no_error_code_comes_neither_onto_the_page_nor_into_the_log(self):
        for said in ("a%0Asigned%20on:%20nobody", "%22", "x" * 201, ""):
            state = parse_qs(urlsplit(self.hub.begin(self.browser)).query)["state"][0]
            status, page = self.browser.ask("GET", f"{CALLBACK}?error={said}&state={state}")
            self.assertEqual(status, 403)
            self.assertIn("no error code", page.decode())
            self.assertNotIn("nobody", page.decode())

    def test_tokens_of_others_for_others_or_of_other_times_are_refused(self):
        now = int(time.time())
        for claims in ({"iss": "http://127.0.0.1:1/realm"}, {"aud": "other"}, {"exp": now - 120}, {"iat": now + 600}, {"nonce": "x"}):
            self.provider.claims = claims
            self.assertEqual(self.hub.sign_on(self.hub.browser()), (403, "sign-on-token-invalid"), claims)
        forger = Key(self.hub.temporary, "forger")
        forger.name, self.provider.key = self.provider.key.name, forger
        self.addCleanup(setattr, self.provider, "key", self.provider.published[0])
        self.provider.claims = {}
        self.assertEqual(self.hub.sign_on(self.browser), (403, "sign-on-token-invalid"))

    def test_ways_to_sign_in_are_told_to_everybody(self):
        self.assertEqual(self.browser.ask("GET", "/api/v1/session/ways"), (200, {"password": True, "sign_on": True}))


class Provided(unittest.TestCase):
    """One hub each: what is known of the provider is kept."""

    def setUp(self):
        self.hub = SignOnDeployment()
        self.addCleanup(self.hub.close)
        self.provider = self.hub.provider

    def start(self):
        self.hub.start_hub()
        self.hub.change("grant", USER, "operator")

    def test_a_new_key_is_asked_for_once_and_not_for_every_token(self):
        self.start()
        self.assertEqual(self.hub.sign_on(self.hub.browser()), (302, None))
        self.assertEqual(self.hub.sign_on(self.hub.browser()), (302, None))
        self.assertEqual(self.provider.asked.count("/keys"), 1)
        self.provider.key = Key(self.hub.temporary, "key-2")
        for _ in range(3):  # named, never published, and asked for within a minute of the last time
            self.assertEqual(self.hub.sign_on(self.hub.browser()), (403, "sign-on-token-invalid"))
        self.assertEqual(self.provider.asked.count("/keys"), 1)
        self.assertEqual(self.provider.asked.count("/.well-known/openid-configuration"), 1)

    def test_a_provider_that_is_down_silent_or_huge_is_told_and_others_are_served(self):
        self.provider.trouble = {"/.well-known/openid-configuration": "huge"}
        self.start()
        browser = self.hub.browser()
        self.assertEqual(self.hub.end(browser, BEGIN), (503, "sign-on-provider-failed"))
        asked = len(self.provider.asked)
        self.assertEqual(self.hub.end(browser, BEGIN), (503, "sign-on-provider-failed"))  # remembered for some seconds
        self.assertEqual(len(self.provider.asked), asked)
        self.provider.trouble = {}
        until("the provider to be asked again", lambda: self.hub.end(browser, BEGIN)[0] == 302)
        for trouble in ("huge", "silent"):
            address = self.provider.visit(self.hub.begin(browser))
            self.provider.trouble = {"/token": trouble}
            began = time.monotonic()
            self.assertEqual(self.hub.end(browser, address), (503, "sign-on-provider-failed"))
            self.assertLess(time.monotonic() - began, QUESTION_SECONDS + 3)
            self.provider.trouble = {}
        self.provider.close()
        address = self.provider.visit(self.hub.begin(browser))  # from what is known
        self.assertEqual(self.hub.end(browser, address), (503, "sign-on-provider-failed"))
        self.assertEqual(browser.ask("GET", "/healthz")[0], 200)

    def test_others_are_served_while_a_provider_is_silent(self):
        self.start()
        slow, other = self.hub.browser(), self.hub.browser()
        address = self.provider.visit(self.hub.begin(slow))
        self.provider.trouble = {"/token": "silent"}
        waiting = threading.Thread(target=self.hub.end, args=(slow, address))
        waiting.start()
        began = time.monotonic()
        for _ in range(20):
            self.assertEqual(other.ask("GET", "/healthz")[0], 200)
        self.assertLess(time.monotonic() - began, QUESTION_SECONDS - 1)
        waiting.join()

    def test_unfit_settings_are_refused_in_their_place(self):
        def refused():
            command = [binaries() / "hubd", "check", "--config", self.hub.hub_yaml, "--json"]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
            return json.loads(done.stdout)["error"]["facts"] if done.returncode == 1 else None

        self.assertIsNone(refused())
        for key, value in (
            ("issuer", "http://id.example"),
            ("issuer", "id.example"),
            ("issuer", "https://id.example/?x"),
            ("redirect", "http://hub.example" + CALLBACK),
            ("redirect", "https://hub.example/other"),
            ("client_id", None),
            ("scope", "openid"),
        ):
            self.hub.set_sign_on(**{key: value})
            self.assertEqual(refused()["path"], f"/console/sign_on/{key}")
        self.hub.set_sign_on()
        self.hub.secret_file.chmod(0o644)
        self.assertEqual(refused()["file"], str(self.hub.secret_file))
        self.hub.set_sign_on(client_secret_file=None)
        self.assertIsNone(refused())


if __name__ == "__main__":
    unittest.main()
