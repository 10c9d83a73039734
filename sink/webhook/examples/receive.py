"""Receives claimwire's webhooks with nothing but Python's standard library.

    CLAIMWIRE_SECRET=whsec_… python3 receive.py 8000
"""

import base64, hashlib, hmac, json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ["CLAIMWIRE_SECRET"].removeprefix("whsec_"))
seen: set[str] = set()  # keep it in your database


def verify(headers, body: bytes) -> bool:
    """Says whether a message comes from claimwire and is no older than five minutes."""
    msg_id, sent = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not sent.isdigit() or abs(time.time() - int(sent)) > 300:
        return False
    want = hmac.new(SECRET, f"{msg_id}.{sent}.".encode() + body, hashlib.sha256).digest()
    want = "v1," + base64.b64encode(want).decode()
    return any(hmac.compare_digest(want, s) for s in headers.get("webhook-signature", "").split())


def say(line: str):
    sys.stdout.write(line + "\n")  # in one piece: messages come beside each other
    sys.stdout.flush()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not verify(self.headers, body):
            return self.answer(401)
        if self.headers["webhook-id"] not in seen:
            message = json.loads(body)
            if message["type"] == "stream.gap":
                say(f"read the list again: {message['data']['restart']}")
            else:
                say(f"{message['type']} {message['data']['change']['claim']['text']}")
            seen.add(self.headers["webhook-id"])
        self.answer(204)  # only now: an error before it has the message sent again

    def answer(self, status):
        self.send_response(status)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
