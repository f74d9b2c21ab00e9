"""The page floor: bare pages that run the same SQL and print the same rows, with nothing in between.

``python floor.py URL PORT FILE``: the file holds a pickled ``{name: [(statement, parameters)]}``, the app's own
statements as they went to the driver; ``/name`` runs them and prints what they answer, with a link to every other page.
``/save`` takes a form, writes one row and leads to ``/tab-0``.
"""

import html
import pickle
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import psycopg

local = threading.local()


def cursor(url: str) -> Any:
    """Return this thread's cursor."""
    if not hasattr(local, "connection"):
        sqlite = url.startswith("sqlite")
        local.connection = sqlite3.connect(url.removeprefix("sqlite:///")) if sqlite else psycopg.connect(url)
        if sqlite:
            local.connection.execute("PRAGMA journal_mode=WAL")
            local.connection.execute("PRAGMA synchronous=NORMAL")
            local.connection.execute("PRAGMA busy_timeout=5000")
    return local.connection.cursor()


def page(url: str, pages: dict[str, list[tuple[str, Any]]], name: str) -> str:
    """Return a page as HTML."""
    run, rows = cursor(url), []
    for statement, parameters in pages[name]:
        run.execute(statement, parameters)
        rows += run.fetchall() if run.description else []
    local.connection.rollback()
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(v if v is not None else ''))}</td>" for v in row) + "</tr>"
        for row in rows
    )
    links = "".join(f'<a href="/{other}">{other}</a> ' for other in pages)
    form = '<form method="post" action="/save"><input name="value"><button>save</button></form>'
    return f"<h1>{name}</h1>{links}{form}<table>{cells}<tr><td>end</td></tr></table>"


class Handler(BaseHTTPRequestHandler):
    """Answers every address with a page."""

    protocol_version = "HTTP/1.1"
    pages: dict[str, list[tuple[str, Any]]]
    saving: tuple[str, str]

    def do_GET(self) -> None:
        """Show a page."""
        name = self.path.strip("/")
        known = name in self.pages
        body = f"<!doctype html><title>floor</title>{page(sys.argv[1], self.pages, name) if known else ''}".encode()
        self.send_response(200 if known else 404)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        """Write the one value and lead to the page that shows it."""
        sent = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        statement, key = self.saving
        cursor(sys.argv[1]).execute(statement, (sent["value"][0], key))
        local.connection.commit()
        self.send_response(303)
        self.send_header("location", "/tab-0")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Handler.pages, Handler.saving = pickle.loads(Path(sys.argv[3]).read_bytes())
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
