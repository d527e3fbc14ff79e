"""The explorer's server: this machine alone, by the standard library.

It binds to 127.0.0.1. Every question carries a secret that the page has from the fragment of its address, which browsers send to nobody; the page itself, its
style and its script hold no secret. The Host header must name this server (a name that is rebound to 127.0.0.1 does not), an Origin must be its own, and a
content security policy lets the page load from here alone and run no script but its own. Questions are JSON of bounded size and are read by
`symkern.app.questions`; nothing in them is run.
"""

from __future__ import annotations

import json
import secrets
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from typing import Any

from symkern.app.background import Background
from symkern.app.questions import answer
from symkern.errors import InvalidArgument, SymkernError
from symkern.typeset.mathml import STYLE

_MOST_BYTES = 1 << 16
#: Seconds that a connection may be silent, and that a question about a job waits for news.
_SILENT, _NEWS = 30, 10
_FILES = {
    "/": ("explorer.html", "text/html"),
    "/explorer.js": ("explorer.js", "text/javascript"),
    "/explorer.css": ("explorer.css", "text/css"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {frames}"
)
#: Where a notebook on this machine may show the page.
_NOTEBOOKS = "http://127.0.0.1:* http://localhost:* https://127.0.0.1:* https://localhost:*"
HOST = "127.0.0.1"


class Server:
    """The page and its answers on a port of this machine, until it is closed.

    Args:
        port: the port; 0 for any that is free.
        framed: whether pages of this machine, notebooks, may show it in a frame.
        background: what computes; a new one where none is given.

    Raises:
        InvalidArgument: a port that cannot be had.
    """

    def __init__(
        self, port: int = 0, framed: bool = False, background: Background | None = None
    ) -> None:
        self.secret = secrets.token_urlsafe(32)
        self.policy = _POLICY.format(frames=_NOTEBOOKS if framed else "'none'")
        self.background = Background() if background is None else background
        try:
            self._http = _Http((HOST, port), self)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            rule = "must be a port of this machine that is free"
            raise InvalidArgument("port", rule, f"{port}: {reason}") from None
        self.port: int = self._http.server_address[1]
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.1,), daemon=True)
        self._thread.start()
        self.background.start()

    @property
    def address(self) -> str:
        """Where the page is, with its secret."""
        return f"http://{HOST}:{self.port}/#{self.secret}"

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a Host header may say."""
        return f"{HOST}:{self.port}", f"localhost:{self.port}"

    def wait(self) -> None:
        """Until it is closed, or interrupted."""
        while self._thread.is_alive():
            self._thread.join(0.5)

    def close(self) -> None:
        """End the server and what it computes."""
        self._http.shutdown()
        self._http.server_close()
        self.background.close()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False
    request_queue_size = 32

    def __init__(self, place: tuple[str, int], owner: Server) -> None:
        self.owner = owner
        super().__init__(place, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks off is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: _Http
    server_version = "symkern"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = _SILENT

    # -- what may come in -----------------------------------------------------------------

    def _is_allowed(self) -> bool:
        """Whether host and origin are this server; refuses otherwise."""
        owner = self.server.owner
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0].lower() not in owner.hosts:
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this is another host")
        origins = self.headers.get_all("Origin") or []
        if any(origin.lower() not in {f"http://{host}" for host in owner.hosts} for origin in origins):  # fmt: skip
            return self._refuse(HTTPStatus.FORBIDDEN, "this is another origin")
        return True

    def _refuse(self, status: HTTPStatus, message: str) -> bool:
        self.close_connection = True
        self._send(status, json.dumps({"error": {"message": message, "field": "", "position": None}}), "application/json")  # fmt: skip
        return False

    def do_GET(self) -> None:
        """The page, its style, its script."""
        if not self._is_allowed():
            return
        found = _FILES.get(self.path)
        if found is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is nothing here")
            return
        name, kind = found
        text = files(__package__).joinpath(name).read_text(encoding="utf-8")
        self._send(HTTPStatus.OK, STYLE + text if name.endswith(".css") else text, kind)

    def do_POST(self) -> None:
        """A question."""
        if not self._is_allowed():
            return
        given = self.headers.get("X-Symkern-Secret", "")
        if not secrets.compare_digest(given.encode(), self.server.owner.secret.encode()):
            self._refuse(HTTPStatus.FORBIDDEN, "the secret in the page's address is not that of this explorer")  # fmt: skip
            return
        if self.headers.get_content_type() != "application/json":
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "questions are JSON")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or int(length) > _MOST_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"questions have at most {_MOST_BYTES} bytes")  # fmt: skip
            return
        try:
            asked = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            self._refuse(HTTPStatus.BAD_REQUEST, "questions are JSON")
            return
        if not isinstance(asked, dict):
            self._refuse(HTTPStatus.BAD_REQUEST, "a question is an object")
            return
        try:
            told = self._answered(asked)
        except SymkernError as error:
            told = {"error": {"message": str(error), "field": "", "position": None}}
        self._send(HTTPStatus.OK, json.dumps(told), "application/json")

    def _answered(self, asked: dict[str, Any]) -> dict[str, Any]:
        background = self.server.owner.background
        match self.path:
            case "/answer":  # what takes no time
                if asked.get("question") not in ("start", "read"):
                    raise InvalidArgument("question", "must be start or read here", f"it is {str(asked.get('question'))[:80]!r}")  # fmt: skip
                return answer(asked)
            case "/ask":
                return {"job": background.ask(asked)}
            case "/job":
                return background.wait(_number(asked), _NEWS if asked.get("wait") else 0)
            case "/stop":
                return background.stop(_number(asked))
        raise InvalidArgument("address", "must be /answer, /ask, /job or /stop", f"it is {self.path[:80]!r}")  # fmt: skip

    # -- what goes out --------------------------------------------------------------------

    def _send(self, status: HTTPStatus, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", self.server.owner.policy),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Nothing is logged: addresses are the reader's own."""


def _number(asked: dict[str, Any]) -> int:
    number = asked.get("job")
    if not isinstance(number, int) or isinstance(number, bool):
        raise InvalidArgument("job", "must be the number of a job", f"it is {str(number)[:40]}")
    return number
