"""A provider of sign-ons on loopback: OpenID Connect as far as the hub asks for it, and whatever goes wrong there."""

import base64
import hashlib
import html
import json
import subprocess
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLIENT, SECRET = "hub", "bí mật + của trung tâm"
HUGE_BYTES = 10 << 20
SILENCE_SECONDS = 20.0


def base64url(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Key:
    """RS256, by openssl."""

    def __init__(self, folder, name):
        self.name = name
        self.file = folder / f"{name}.pem"
        self._run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.file)

    def _run(self, *words, given=None):
        return subprocess.run(["openssl", *map(str, words)], input=given, capture_output=True, check=True).stdout

    def jwk(self):
        modulus = bytes.fromhex(self._run("rsa", "-in", self.file, "-noout", "-modulus").decode().strip().split("=")[1])
        return {"kty": "RSA", "kid": self.name, "use": "sig", "n": base64url(modulus), "e": "AQAB"}

    def sign(self, claims):
        parts = [base64url(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": self.name}, claims)]
        return ".".join([*parts, base64url(self._run("dgst", "-sha256", "-sign", self.file, given=".".join(parts).encode()))])


class Provider:
    """`user` is who signs in; `claims` are laid over those of the token. `trouble`: path to "silent" or "huge". On another
    address than the hub's it is another site for browsers."""

    def __init__(self, folder, host="127.0.0.1"):
        self.key = Key(folder, "key-1")
        self.published = [self.key]
        self.user, self.claims, self.trouble = "van-thu.ubnd", {}, {}
        self.asked = []  # paths, in order
        self.codes = {}  # code: what the browser brought
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer((host, 0), Handler)
        self.server.daemon_threads = True
        self.issuer = f"http://{host}:{self.server.server_port}/realm"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request):
        path = urllib.parse.urlsplit(request.path).path.removeprefix("/realm")
        self.asked.append(path)
        body = request.rfile.read(int(request.headers["Content-Length"] or 0)).decode()
        trouble = self.trouble.get(path)
        if trouble == "silent":
            time.sleep(SILENCE_SECONDS)
            return
        if path == "/authorize":
            return self.show_form(request)
        status, answer = 200, b" " * HUGE_BYTES
        if trouble != "huge":
            status, answer = self.route(path, body, request.headers["Authorization"])
        try:
            self.send(request, status, "application/json", answer)
        except OSError:
            pass  # it was enough for the hub

    @staticmethod
    def send(request, status, kind, answer):
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)

    def show_form(self, request):
        """For a real browser: a page whose link leads back."""
        origin = "{0.scheme}://{0.netloc}".format(urllib.parse.urlsplit(self.issuer))
        back = self.visit(origin + request.path, whole=True)
        self.send(request, 200, "text/html", f'<a id="enter" href="{html.escape(back)}">{self.user}</a>'.encode())

    def route(self, path, body, authorization):
        if path == "/.well-known/openid-configuration":
            return 200, json.dumps({
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }).encode()  # fmt: skip
        if path == "/keys":
            return 200, json.dumps({"keys": [key.jwk() for key in self.published]}).encode()
        if path == "/token":
            return self.redeem(dict(urllib.parse.parse_qsl(body)), authorization)
        return 404, b"{}"

    def visit(self, location, whole=False):
        """What a person's browser does there: a code for what it brought, by the address that it is sent back to; its path, or the `whole`."""
        assert location.startswith(f"{self.issuer}/authorize?"), location
        brought = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        code = f"code-{len(self.codes)}"
        self.codes[code] = brought
        back = brought["redirect_uri"] if whole else urllib.parse.urlsplit(brought["redirect_uri"]).path
        return f"{back}?{urllib.parse.urlencode({'code': code, 'state': brought['state'], 'session_state': 'x'})}"

    def redeem(self, fields, authorization):
        basic = base64.b64encode(f"{CLIENT}:{urllib.parse.quote(SECRET, safe='')}".encode()).decode()
        brought = self.codes.pop(fields.get("code"), None)
        challenge = base64url(hashlib.sha256(fields.get("code_verifier", "").encode()).digest())
        if authorization != f"Basic {basic}":
            return 401, b'{"error": "invalid_client"}'
        if (
            brought is None
            or fields["grant_type"] != "authorization_code"
            or fields["redirect_uri"] != brought["redirect_uri"]
            or (brought["code_challenge"], brought["code_challenge_method"]) != (challenge, "S256")
        ):
            return 400, b'{"error": "invalid_grant"}'
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": brought["client_id"], "sub": "17", "iat": now, "exp": now + 300,
                  "nonce": brought["nonce"], "preferred_username": self.user}  # fmt: skip
        token = self.key.sign({**claims, **self.claims})
        return 200, json.dumps({"access_token": "x", "token_type": "Bearer", "id_token": token}).encode()
