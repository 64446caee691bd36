"""A hub with users, and browsers that sign in to it."""

import http.client
import json
from urllib.parse import parse_qs, urlsplit

from support import SECONDS, TemporaryDeployment

from deployment import free_port  # noqa: E402  (support adds its folder)

PASSWORD = "một câu dài dễ nhớ"


def connect(port, tls=None):
    if tls:
        return http.client.HTTPSConnection("127.0.0.1", port, timeout=SECONDS, context=tls)
    return http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)


class Browser:
    """A cookie, the page's token, and what a browser says of itself."""

    def __init__(self, port, tls=None):
        """`tls`: an SSL context, for a hub that speaks TLS."""
        self.port = port
        self.tls = tls
        self.cookie = self.csrf = self.token = None

    def ask(self, method, path, body=None, **fields):
        """Status and answer; JSON where it is."""
        headers = {"Cookie": self.cookie, "X-CSRF-Token": self.csrf if method not in ("GET", "HEAD") else None}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        headers |= {name.replace("_", "-"): value for name, value in fields.items()}
        headers = {name: value for name, value in headers.items() if value is not None}
        connection = connect(self.port, self.tls)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            goes_on = answer.headers["Content-Type"] == "text/event-stream"
            content = answer.readline() if goes_on else answer.read()
            self.headers = answer.headers
            if cookie := answer.headers["Set-Cookie"]:
                self.set_cookie = cookie
                self.cookie = cookie.split(";")[0]
            is_json = answer.headers["Content-Type"] == "application/json" and content
            return answer.status, json.loads(content) if is_json else content
        finally:
            connection.close()

    def sign_in(self, user, password=PASSWORD):
        status, answer = self.ask("POST", "/api/v1/session", {"user": user, "password": password})
        if status == 200:
            self.csrf = answer["csrf"]
        return status, answer

    def code(self, method, path, body=None, **fields):
        """Of a refusal."""
        status, answer = self.ask(method, path, body, **fields)
        return status, answer["error"]["code"] if status >= 400 else None


class AccessDeployment(TemporaryDeployment):
    def __init__(self, **more):
        super().__init__(**more)
        self.address(self.port, free_port(0))
        self.data = self.hub_folder / "data"

    def browser(self):
        return Browser(self.console_port)

    def machine(self):
        browser = self.browser()
        browser.token = self.token_file.read_text().strip()
        return browser

    def first_link(self):
        return self.hub.wait_line("first-user ").split()[1]

    def api(self):
        return "--api", f"http://127.0.0.1:{self.console_port}", "--token-file", self.token_file

    def change(self, action, user, role, *more):
        return json.loads(self.hubctl("user", action, user, "--role", role, *more, "--reason", "phân công công tác",
                                      "--key", self.administrators[0], "--data", self.data, *self.api(), "--json"))  # fmt: skip

    def invite(self, user):
        return self.hubctl("user", "invite", user, "--data", self.data).strip()

    def make_user(self, user, role, *more):
        self.change("grant", user, role, *more)
        status, _ = accept(self.browser(), self.invite(user))
        assert status == 200
        return self.signed_in(user)

    def signed_in(self, user):
        browser = self.browser()
        status, answer = browser.sign_in(user)
        assert status == 200, answer
        return browser

    def records(self, kind):
        dumped = self.hubctl("journal", "dump", "--data", self.data, "--json")
        return [record for record in map(json.loads, dumped.splitlines()) if record["kind"] == kind]


def token_of(link):
    return parse_qs(urlsplit(link.replace("/#/", "/")).query)["token"][0]


def accept(browser, link, password=PASSWORD, **more):
    return browser.ask("POST", "/api/v1/invitations/accept", {"token": token_of(link), "password": password, **more})
