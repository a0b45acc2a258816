"""Mail by Apprise on a real server: nothing of a page is a header or markup, and each failure has its cause."""

import email
import email.policy
import ssl
from dataclasses import replace
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from support.hostile_strings import LINES, MARKUP, strings
from support.receiving import closes, logged_in, mail_server, receiving, silence
from support.two_schemes import certified

from schedules.outbound import Delivered, Later, Outgoing, Refused, address, send

pytestmark = pytest.mark.slow  # each mail is sent by a process that loads Apprise
MESSAGE = Outgoing(
    id="5d" * 32,
    watch="房产",
    subject="已修改：=?utf-8?B?QmNjOg==?= \r\nBcc: thief@example.org\r\n\r\n<b>@all\u202e",
    text="旧：房地产税\n新：<script>alert(1)</script>\u202e\n见 https://s.example/a/1",
    html='<p>旧：<del>房地产税</del></p>\r\n<p>&lt;script&gt;\u202e</p>\n<a href="https://s.example/a/1">见</a>',
    url="https://s.example/a/1",
    payload={},
)
HEADER = [
    "Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To", "X-Application",
]  # fmt: skip


def sent(to: str, message: Outgoing = MESSAGE) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAIL", to)
        return send(address("env:MAIL", Path()), message)


def read(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: Any) -> tuple[str, str]:
    """The type and the text of a part, its lines ended by a newline alone."""
    return message.get_content_type(), message.get_content().replace("\r\n", "\n").rstrip("\n")


def made_visible(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\u202e", "[U+202E]")


def test_a_mail_says_what_happened_and_no_text_of_a_page_is_a_header() -> None:
    with mail_server() as server:
        assert (
            sent(f"mailto://{server.place}?from=a@example.org&to=b@example.org&name=%E5%AD%98%E6%A1%A3") == Delivered()
        )
    [got] = server.got
    assert (got.sender, got.to) == ("a@example.org", ["b@example.org"])
    mail = read(got.content)
    assert {name: value for name, value in mail.items() if name not in ("Date", "Content-Type")} == {
        "MIME-Version": "1.0",
        "X-Application": "thinker",
        "Auto-Submitted": "auto-generated",
        "Subject": "已修改：＝?utf-8?B?QmNjOg=＝?= Bcc: thief@example.org <b>@all[U+202E]",
        "From": "存档 <a@example.org>",
        "To": "b@example.org",
        "Message-ID": f"<{'5d' * 32}@127.0.0.1>",
    }
    assert [part(each) for each in mail.iter_parts()] == [
        ("text/plain", made_visible(MESSAGE.text)),
        ("text/html", made_visible(MESSAGE.html)),
    ]


@pytest.mark.shared
def test_no_string_of_attackers_makes_a_header_or_a_part_of_a_mail(shared: Path) -> None:
    texts = [*strings(shared, MARKUP, step=32), *strings(shared, LINES, step=1)]
    texts += [unquote(text) for text in strings(shared, ("crlf-injection",), step=1)]
    message = replace(MESSAGE, subject="".join(texts), text="\n".join(texts), html=escape("\n".join(texts)))
    with mail_server() as server:
        assert sent(f"mailto://{server.place}?from=a@example.org&to=b@example.org", message) == Delivered()
    [got] = server.got
    assert max(len(line) for line in got.content.split(b"\r\n")) <= 209  # its subject has 200 characters at most
    mail = read(got.content)
    assert sorted(mail.keys()) == HEADER
    assert mail["Subject"].splitlines() == [mail["Subject"]]
    assert "\u202e" not in mail["Subject"]
    assert [each.get_content_type() for each in mail.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert "<" not in part(mail.get_payload(1))[1]


def test_a_long_subject_is_folded_and_cut() -> None:
    with mail_server() as server:
        sent(f"mailto://{server.place}?from=a@example.org&to=b@example.org", replace(MESSAGE, subject="房" * 300))
    [got] = server.got
    assert read(got.content)["Subject"] == "房" * 200
    assert max(len(line) for line in got.content.split(b"\r\n")) < 100


def test_a_plain_mail_has_the_text_alone() -> None:
    with mail_server() as server:
        assert sent(f"mailto://{server.place}?from=a@example.org&to=b@example.org&format=text") == Delivered()
    [got] = server.got
    assert part(read(got.content)) == ("text/plain", made_visible(MESSAGE.text))


def test_a_password_opens_a_server_with_a_good_certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified(tmp_path))
    with mail_server(tls_context=context, require_starttls=True, authenticator=logged_in, auth_required=True) as server:
        to = f"mailtos://{{}}@{server.place}?from=a@example.org&to=b@example.org&user=anna@example.org"
        assert sent(to.format("anna:hunter2")) == Later("E-Mail: its certificate is refused", None)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert sent(to.format("anna:hunter2")) == Delivered()
        refused = "E-Mail: the mail server refuses the user name or the password (SMTP 535)"
        assert sent(to.format("anna:hunter3")) == Later(refused, None)
    assert [each.to for each in server.got] == [["b@example.org"]]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("451 hunter2 try later", "E-Mail: the mail server refuses the message (SMTP 451)"),
        ("554 hunter2 is spam", "E-Mail: the mail server refuses the message (SMTP 554)"),
    ],
)
def test_a_refused_mail_is_tried_later(reply: str, reason: str) -> None:
    with mail_server(reply) as server:
        assert sent(f"mailto://{server.place}?from=a@example.org&to=b@example.org") == Later(reason, None)


@pytest.mark.parametrize(
    ("to", "got"),
    [
        ("to=a@example.org,nobody@example.org,b@example.org", [["a@example.org"], ["b@example.org"]]),
        ("to=a@example.org&cc=nobody@example.org", [["a@example.org"]]),
    ],
)
def test_receivers_who_have_a_mail_do_not_get_it_again(to: str, got: list[list[str]]) -> None:
    with mail_server() as server:
        server.unknown = "nobody@example.org"
        outcome = sent(f"mailto://{server.place}?from=a@example.org&{to}")
    refused = "E-Mail: the mail server refuses the message (SMTP 550)"
    assert outcome == Refused(f"{refused}; some receivers have the message, others do not", partly=True)
    assert sorted(each.to for each in server.got) == got


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (silence, "E-Mail: it did not answer in time"),
        (closes, "E-Mail: it closed the connection"),
        (b"SSH-2.0-OpenSSH\r\n", "E-Mail: it answers as no mail server does"),
        (b"554 hunter2 go away\r\n", "E-Mail: the mail server refuses the message (SMTP 554)"),
    ],
)
def test_a_server_that_sends_no_mail_is_tried_later(reply: Any, reason: str) -> None:
    with receiving(reply, greets=True) as server:
        to = f"mailto://anna:hunter2@{server.place}?from=a@example.org&to=b@example.org&cto=0.5"
        assert sent(to) == Later(reason, None)
