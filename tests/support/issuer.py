"""A small real OpenID Connect issuer on loopback: discovery, keys, codes with PKCE, tokens.

It signs with real keys and checks what an issuer checks; `spoil` lets a test make it a bad one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "k1"})  # made once: it takes a while


class Issuer:
    def __init__(self, clock):
        self.clock = clock
        self.key = KEY
        self.client_id = "hedgerow-test"
        self.claims = {"sub": "account-1"}
        self.codes = {}
        self.spoil = lambda claims, header: None
        self.asked = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def browser(self, url):
        """What a person's browser does: go there, and follow the way back."""

        def visit():
            with httpx2.Client(timeout=10) as client:
                back = client.get(url)
                if "location" in back.headers:
                    client.get(back.headers["location"])

        thread = threading.Thread(target=visit)
        thread.start()
        return thread

    def token(self, nonce, **changes):
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": self.url,
            "aud": self.client_id,
            "nonce": nonce,
            "iat": now,
            "exp": now + 600,
        }
        claims |= self.claims | changes
        header = {"alg": "RS256", "kid": self.key.kid}
        self.spoil(claims, header)
        return jwt.encode(header, claims, self.key)

    def _handler(issuer):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                parts = urlsplit(self.path)
                said = {k: v[0] for k, v in parse_qs(parts.query).items()}
                if parts.path == "/.well-known/openid-configuration":
                    self.say(issuer.published())
                elif parts.path == "/keys":
                    issuer.asked.append("keys")
                    self.say({"keys": [issuer.key.as_dict(private=False)]})
                elif parts.path == "/authorize":
                    code = secrets.token_urlsafe(16)
                    issuer.codes[code] = said
                    back = {"code": code, "state": said["state"], "iss": issuer.url}
                    self.send_response(302)
                    self.send_header("location", f"{said['redirect_uri']}?{urlencode(back)}")
                    self.end_headers()

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {k: v[0] for k, v in parse_qs(body).items()}
                begun = issuer.codes.pop(form.get("code"), None)
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                if (
                    begun is None
                    or challenge != begun["code_challenge"]
                    or form["redirect_uri"] != begun["redirect_uri"]
                    or form["client_id"] != begun["client_id"]
                ):
                    self.say({"error": "invalid_grant"}, 400)
                    return
                self.say({"id_token": issuer.token(begun["nonce"]), "token_type": "Bearer"})

            def say(self, what, status=200):
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(what).encode())

            def log_message(self, *_):
                pass

        return Handler

    def published(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": self.url + "/authorize",
            "token_endpoint": self.url + "/token",
            "jwks_uri": self.url + "/keys",
        }


@contextmanager
def running(clock):
    made = Issuer(clock)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        thread.join(10)
        made.server.server_close()
