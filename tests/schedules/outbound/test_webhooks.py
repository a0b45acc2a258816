"""A webhook is one signed POST, and every answer of a receiver, good or bad, has one outcome."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

import pytest
from support.receiving import OK, Reply, closes, drip, gigabytes, receiving, repeats, silence
from support.tables import every_row
from support.two_schemes import certified

from archive.files import PROGRAM
from schedules.outbound import Delivered, Later, Outcome, Outgoing, Refused, address, send
from schedules.outbound.webhooks import signature

KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
MESSAGE = Outgoing(
    "5d" * 32,
    "房产",
    "主题",
    "正文",
    "<p>正文</p>",
    "https://example.org/a/1",
    {"id": "5d" * 32, "text": "房地产税\u202e\ud800"},
)
NOT_HTTP = "it closed the connection, or its answer is not HTTP"
STAMP = "Sun, 06 Nov 1994 08:49:37 GMT"
LATER_STAMP = "Sun, 06 Nov 1994 08:51:37 GMT"


def sent(reply: Reply) -> Outcome:
    with receiving(reply) as receiver:
        return send(address(f"http://{receiver.place}/hook", Path()), MESSAGE)


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "Connection: close", "", ""]).encode()


def test_a_receiver_gets_the_payload_its_id_and_a_signature(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(f"# of the archive\n{SECRET}\n")
    with receiving() as receiver:
        to = address(f"http://{receiver.place}/hook/a%20b#file:secret.txt", tmp_path)
        assert send(to, MESSAGE) == Delivered()
    [got] = receiver.got
    header = {name.lower(): value for name, value in got.header.items()}
    moment = header.pop("webhook-timestamp")
    assert abs(time.time() - int(moment)) < 300
    signed = hmac.new(KEY, f"{'5d' * 32}.{moment}.".encode() + got.body, hashlib.sha256).digest()
    assert header == {
        "host": receiver.place,
        "connection": "close",
        "accept-encoding": "identity",
        "content-length": str(len(got.body)),
        "content-type": "application/json",
        "user-agent": PROGRAM,
        "webhook-id": "5d" * 32,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }
    assert got.asked == "POST /hook/a%20b"
    assert got.body.decode() == '{"id":"' + "5d" * 32 + '","text":"房地产税\u202e\\ud800"}'
    assert json.loads(got.body) == MESSAGE.payload


def test_a_secret_url_has_its_old_and_its_new_signing_secret_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving() as receiver:
        monkeypatch.setenv("HOOK", f"http://{receiver.place}/hook/3f2b1c0d9e8f7a6b5c?key=1 {SECRET} {SECRET}")
        assert send(address("env:HOOK", Path()), MESSAGE) == Delivered()
    [got] = receiver.got
    assert got.asked == "POST /hook/3f2b1c0d9e8f7a6b5c?key=1"
    old, new = got.header["webhook-signature"].split()
    assert old == new


@every_row(
    ("reply", "outcome"),
    [
        (OK, Delivered()),
        (head("200 OK", "Content-Length: 10000000000"), Delivered()),  # and closes in the middle
        (head("299 Odd"), Delivered()),
        (head("301 Moved", "Location: http://127.0.0.1:1/"), "HTTP 301: it redirects, which is not followed"),
        (head("307 Elsewhere", "Location: file:///etc/passwd"), "HTTP 307: it redirects, which is not followed"),
        (head("400 Bad"), Refused("HTTP 400")),
        (head("413 Large", "Retry-After: 5"), Refused("HTTP 413")),
        (head("422 Odd"), Refused("HTTP 422")),
        (head("401 Who"), Later("HTTP 401", None)),
        (head("404 Not Found"), Later("HTTP 404", None)),
        (head("410 Gone"), Refused("HTTP 410: the receiver says that this address is gone for good")),
        (head("429 Many", "Retry-After: 120"), Later("HTTP 429", 120.0)),
        (head("429 Many", f"Date: {STAMP}", f"Retry-After: {LATER_STAMP}"), Later("HTTP 429", 120.0)),
        (head("503 Busy", f"Date: {LATER_STAMP}", f"Retry-After: {STAMP}"), Later("HTTP 503", 0.0)),
        (head("503 Busy", "Retry-After: 99999999999999999999"), Later("HTTP 503", 604_800.0)),
        (head("503 Busy", "Retry-After: soon"), Later("HTTP 503", None)),
        (head("500 Broken"), Later("HTTP 500", None)),
        (gigabytes, Later("HTTP 503", None)),
        (b"SSH-2.0-OpenSSH_9.2\r\n", Later(NOT_HTTP, None)),
        (b"HTTP/1.1 200", Delivered()),
        (
            b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
            Later(NOT_HTTP, None),
        ),
        (closes, Later(NOT_HTTP, None)),
    ],
)
def test_an_answer_has_one_outcome(reply: Reply, outcome: Outcome | str) -> None:
    found = sent(reply)
    if isinstance(outcome, str):
        assert isinstance(found, Later)
        assert found.reason.startswith(outcome)
    else:
        assert found == outcome


@every_row("reply", [silence, drip, repeats])
def test_a_receiver_that_never_ends_is_left(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schedules.outbound.posting.SILENCE_SECONDS", 0.2)
    monkeypatch.setattr("schedules.outbound.posting.WHOLE_SECONDS", 0.4)
    assert isinstance(sent(reply), Later)


def test_a_certificate_is_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with receiving(certificate=certified(tmp_path)) as receiver:
        to = address(f"https://{receiver.place}/", tmp_path)
        assert send(to, MESSAGE) == Later("its certificate is refused: unable to get local issuer certificate", None)
        assert receiver.got == []
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert send(to, MESSAGE) == Delivered()


@every_row(
    ("secret", "reason"),
    [
        ("whsec_c2hvcnQ=", "the signing secret is not whsec_ and the base64 of 24 to 64 bytes"),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "the signing secret is not whsec_ and the base64 of 24 to 64 bytes"),
        ("whsec_!", "the signing secret is not whsec_ and the base64 of 24 to 64 bytes"),
        ("", "env:SIGNING: the variable is not set in the environment of this process"),
    ],
)
def test_without_its_signing_secret_nothing_is_sent(secret: str, reason: str) -> None:
    with receiving() as receiver, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING", secret)
        assert send(address(f"http://{receiver.place}/#env:SIGNING", Path()), MESSAGE) == Later(reason, None)
    assert receiver.got == []


def test_the_example_of_the_specification_has_its_signature() -> None:
    """https://github.com/standard-webhooks/standard-webhooks: the values that its libraries are tested with."""
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )
