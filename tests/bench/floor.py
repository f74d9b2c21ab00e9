"""The page floor: a bare page that runs the same SQL and prints the same rows, with nothing in between."""

import html
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import psycopg

COLUMNS = "c.id, c.name, c.email, c.phone, c.city, s.name, t.name, u.name"
FROM = """customer c LEFT JOIN choice s ON s.id = c.segment_id LEFT JOIN choice t ON t.id = c.status_id
LEFT JOIN "user" u ON u.id = c.owner_id WHERE c.kind = 'contact' AND c.archived_at IS NULL AND c.inactive_at IS NULL"""
ORDERS = {"name": "c.sort_name, c.id", "city": "c.city, c.id", "updated": "c.updated_at DESC, c.id DESC"}
local = threading.local()


def page(url: str, path: str) -> str:
    """Return the list, or one customer, as HTML."""
    asked = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
    if not hasattr(local, "connection"):
        sqlite = url.startswith("sqlite")
        local.connection = sqlite3.connect(url.removeprefix("sqlite:///")) if sqlite else psycopg.connect(url)
        local.mark = "?" if sqlite else "%s"
    run = local.connection.cursor()
    if "id" in asked:
        row = run.execute(f"SELECT {COLUMNS} FROM {FROM} AND c.id = {local.mark}", [asked["id"]]).fetchone()
        return f"<h1>{html.escape(row[1])}</h1>" + "".join(f"<p>{html.escape(str(v or ''))}</p>" for v in row)
    where, values = "", []
    if text := asked.get("q"):
        where, values = f" AND c.sort_name LIKE {local.mark}", [f"%{text}%"]
    order, start = ORDERS[asked.get("sort", "name")], int(asked.get("start", 0))
    rows = run.execute(
        f"SELECT {COLUMNS} FROM {FROM}{where} ORDER BY {order} LIMIT 100 OFFSET {start}", values
    ).fetchall()
    local.connection.rollback()
    cells = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(v or ''))}</td>" for v in row[1:]) + "</tr>" for row in rows
    )
    links = "".join(f'<a href="/?sort={name}">{name}</a> ' for name in ORDERS)
    return f'{links}<a href="/?id={rows[0][0]}">open</a><table>{cells}</table>'


class Handler(BaseHTTPRequestHandler):
    """Answers every address with a page."""

    def do_GET(self) -> None:
        body = f"<!doctype html><title>floor</title>{page(sys.argv[1], self.path)}".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Handler).serve_forever()
