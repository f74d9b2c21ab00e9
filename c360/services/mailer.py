"""Mail out: by the SMTP server an operator names; without one nothing is sent and nobody is bothered."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from c360.core.config import settings

PATIENCE = 10
"""Seconds a server may take to answer."""


def is_on() -> bool:
    """Tell whether mail can be sent."""
    return bool(settings().smtp_url)


def send(to: str, subject: str, body: str) -> None:
    """Send a plain mail; raises what ``smtplib`` raises."""
    message = EmailMessage()
    message["From"], message["To"] = settings().mail_from, to
    message["Subject"] = " ".join(subject.split())
    message.set_content(body)
    server = urlsplit(settings().smtp_url)
    context = ssl.create_default_context()
    host = server.hostname or "localhost"
    if server.scheme == "smtps":
        link: smtplib.SMTP = smtplib.SMTP_SSL(host, server.port or 465, timeout=PATIENCE, context=context)
    else:
        link = smtplib.SMTP(host, server.port or 25, timeout=PATIENCE)
    with link:
        link.ehlo()
        if server.scheme == "smtp" and link.has_extn("starttls"):
            link.starttls(context=context)
            link.ehlo()
        if server.username:
            link.login(unquote(server.username), unquote(server.password or ""))
        link.send_message(message)
