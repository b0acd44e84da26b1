"""A development time-stamping authority as a server on this machine, while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from genlabel.credentials.timestamps.development_tsa import MAX_QUERY, TimeAuthority
from genlabel.credentials.timestamps.token import QUERY, REPLY

_PATIENCE = 5.0
"""Seconds for which a connection may be silent."""


@contextmanager
def time_server(authority: TimeAuthority | Callable[[bytes], bytes]) -> Iterator[str]:
    """The address at which `authority` answers, on loopback only and on a free port.

    In place of an authority it takes a function from question to answer: for tests of what happens
    when somebody lies.
    """
    answer = authority.answer if isinstance(authority, TimeAuthority) else authority

    class Handler(BaseHTTPRequestHandler):
        timeout = _PATIENCE

        def do_POST(self) -> None:  # the name that http.server looks for
            length = self.headers.get("Content-Length", "")
            if self.headers.get_content_type() != QUERY:
                self.send_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            elif not length.isdecimal() or int(length) > MAX_QUERY:
                self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            else:
                reply = answer(self.rfile.read(int(length)))
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", REPLY)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            """Tests have enough to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
