"""Chats by Apprise: the bytes that reach a chat's own host contain nothing that it reads as markup or mention."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from apprise.manager_plugins import NotificationManager
from support.hostile_strings import LINES, MARKUP, strings
from support.receiving import Reply, drip, gigabytes, receiving, silence
from support.tables import every_row
from support.two_schemes import certified

from schedules.outbound import Delivered, Later, Outcome, Outgoing, address, send
from schedules.outbound.addresses import CHATS, MAIL
from schedules.outbound.apprise_process import AS_IT_IS, MOST_BYTES, Causes

MESSAGE = Outgoing(
    id="5d" * 32,
    watch="房产",
    subject="已修改：<!channel> @所有人 *甲*\r\nX-Evil: 1",
    text="- 旧：房地产税\n+ 新：<!here> <at user_id='all'></at> @all [看](https://evil.example/) &lt;\u202e\n"
    "见 https://s.example/x_1",
    html="<p>不用</p>",
    url="https://s.example/x_1",
    payload={},
)
# The subject and the text of a service that shows texts as they are, and of one that reads some signs as markup.
PLAIN = "已修改：＜!channel> ＠所有人 *甲* X-Evil: 1"
PLAIN_TEXT = (
    "- 旧：房地产税\n+ 新：＜!here> ＜at user_id='all'>＜/at> ＠all [看](https://evil.example/) &lt;[U+202E]\n"
    "见 https://s.example/x_1"
)
WIDE = "已修改：＜!channel＞ ＠所有人 ＊甲＊ X-Evil: 1"
WIDE_TEXT = (
    "－ 旧：房地产税\n"
    "＋ 新：＜!here＞ ＜at user＿id='all'＞＜/at＞ ＠all ［看］(https://evil.example/) ＆lt;［U+202E］\n"
    "见 https://s.example/x_1"
)
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ?footer=no"
CALLS = ("@channel", "<!channel>", "<!subteam^S1>", "@所有人", '<at user_id="all">甲</at>', "=1+1", "\t@SUM(1)", "-2+3")
Captured = pytest.CaptureFixture[str]
OK = b'HTTP/1.1 200 OK\r\nContent-Length: 23\r\nConnection: close\r\n\r\n{"errcode":0,"ok":true}'
REFUSED = "the mail server refuses"
REFUSES = "WeCom Bot: it refuses the message with the code"
NO_CAUSE = "Feishu: Apprise reports a failure without its cause"
UNKNOWN = "Apprise does not understand the address: https://appriseit.com/services/ has the form of each"
WECOM = "wecombot://3f2b1c0d-9e8f-4a6b-8c3f-hunter2"


def answer(status: str, body: bytes = b"", *fields: str) -> bytes:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *fields, "Connection: close", "", ""]
    return "\r\n".join(head).encode() + body


def sent(to: str, reply: Reply, folder: Path, message: Outgoing = MESSAGE) -> tuple[Outcome, list[str], list[Any]]:
    """The outcome, and the paths and bodies that reached the host of the chat."""
    hosts = ("hooks.slack.com", "*.feishu.cn", "*.dingtalk.com", "*.weixin.qq.com", "*.telegram.org", "discord.com",
             "*.googleapis.com")  # fmt: skip
    certificate = certified(folder, *hosts)
    with receiving(reply, certificate, proxy=True) as host, pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHAT", to)
        patch.setenv("HTTPS_PROXY", f"http://{host.place}")
        patch.setenv("REQUESTS_CA_BUNDLE", str(folder / "ca.pem"))
        outcome = send(address("env:CHAT", Path()), message)
    return outcome, [each.asked for each in host.got], [json.loads(each.body) for each in host.got]


def shown(body: Any) -> list[str]:
    """The titles and texts of a body, at any depth."""
    if not isinstance(body, dict):
        return [text for each in body for text in shown(each)] if isinstance(body, list) else []
    own = [text for name, text in body.items() if name in ("title", "text", "content") and isinstance(text, str)]
    return own + shown(list(body.values()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("to", "reply", "path", "body"),
    [
        (
            SLACK,
            answer("200 OK", b"ok"),
            "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            {"mrkdwn": False, "attachments": [{"title": WIDE, "text": WIDE_TEXT, "color": "#3AA3E3"}]},
        ),
        (
            f"{SLACK}&blocks=yes",
            answer("200 OK", b"ok"),
            "/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            {
                "attachments": [
                    {
                        "blocks": [
                            {"type": "header", "text": {"type": "plain_text", "text": WIDE, "emoji": True}},
                            {"type": "section", "text": {"type": "plain_text", "text": WIDE_TEXT}},
                        ],
                        "color": "#3AA3E3",
                    }
                ]
            },
        ),
        (
            "feishu://abc123def",
            OK,
            "/open-apis/bot/v2/hook/abc123def/",
            {"msg_type": "text", "content": {"text": f"{WIDE}\r\n{WIDE_TEXT}"}},
        ),
        (
            "feishu://abc123def?format=markdown",
            OK,
            "/open-apis/bot/v2/hook/abc123def/",
            {
                "msg_type": "interactive",
                "card": {
                    "config": {"wide_screen_mode": True},
                    "header": {"title": {"tag": "plain_text", "content": WIDE}, "template": "blue"},
                    "elements": [{"tag": "div", "text": {"tag": "lark_md", "content": WIDE_TEXT}}],
                },
            },
        ),
        (WECOM, OK, None, {"msgtype": "text", "text": {"content": f"{PLAIN}\r\n{PLAIN_TEXT}"}}),
        (
            "dingtalk://abcdef123456/",
            OK,
            "/robot/send?access_token=abcdef123456",
            {
                "msgtype": "text",
                "at": {"atMobiles": [], "isAtAll": False},
                "text": {"content": f"{PLAIN}\r\n{PLAIN_TEXT}"},
            },
        ),
        (
            "tgram://123456789:abcdefg_hijklmnop/12315544/",
            OK,
            "/bot123456789:abcdefg_hijklmnop/sendMessage",
            {
                "disable_notification": False,
                "disable_web_page_preview": True,
                "parse_mode": "HTML",
                "text": f"<b>{WIDE}</b>\r\n" + WIDE_TEXT.replace("\n", "\r\n"),
                "chat_id": 12315544,
            },
        ),
        (
            "discord://123456789/abcdefghijklmnop",
            OK,
            "/api/webhooks/123456789/abcdefghijklmnop",
            {"tts": False, "wait": True, "content": f"{WIDE}\r\n{WIDE_TEXT}"},
        ),
        (
            "gchat://space/key/token",
            OK,
            "/v1/spaces/space/messages?token=token&key=key",
            {"text": f"*{WIDE}*\n{WIDE_TEXT}"},
        ),
        ("ntfys://ntfy.telegram.org/topic", OK, "/", {"topic": "topic", "title": PLAIN, "message": PLAIN_TEXT}),
    ],
)  # fmt: skip
def test_no_text_of_a_page_is_markup_or_a_mention(to: str, reply: bytes, path: str, body: Any, tmp_path: Path) -> None:
    outcome, asked, bodies = sent(to, reply, tmp_path)
    for each in bodies:
        for attachment in each.get("attachments", ()):
            attachment.pop("ts", None)
    assert (outcome, bodies) == (Delivered(), [body])
    assert path is None or asked == [f"POST {path}"]


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("to", [SLACK, f"{SLACK}&blocks=yes", "feishu://abc", "feishu://abc?format=markdown"])
def test_no_string_of_attackers_acts_in_a_card(to: str, shared: Path, tmp_path: Path) -> None:
    texts = [*CALLS, *strings(shared, LINES, step=1), *strings(shared, MARKUP, step=16)]
    _, _, [card] = sent(to, OK, tmp_path, replace(MESSAGE, subject=" ".join(texts), text="\n".join(texts)))
    found = [each.replace("\r\n", "\n") for each in shown(card)]
    assert max(map(len, found)) > (2000 if "blocks" in to else 5000)
    assert [sorted(set("\r\x00\x1b\u202e<>@`*|[]\\") & set(each)) for each in found] == [[]] * len(found)
    assert re.findall(r"^[ \t]*[-+=].*", "\n".join(found), re.MULTILINE) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("to", "reply", "reason"),
    [
        (WECOM, answer("200 OK", b'{"errcode":93000,"errmsg":"hunter2"}'), f"{REFUSES} 93000"),
        (WECOM, answer("429 Many", b"hunter2", "Retry-After: 5"), "WeCom Bot: HTTP 429"),
        (WECOM, answer("500 hunter2"), "WeCom Bot: HTTP 500"),
        (WECOM, answer("302 Moved", b"", "Location: https://open.feishu.cn/hunter2"), "WeCom Bot: HTTP 302"),
        (f"{WECOM}?redirect=yes", answer("302 Moved", b"", "Location: https://open.feishu.cn/"), "WeCom Bot: HTTP 302"),
        (WECOM, gigabytes, "WeCom Bot: HTTP 503"),
        (f"{WECOM}?rto=0.3", silence, "WeCom Bot: it did not answer in time"),
        (WECOM, drip, "it did not answer in time, or its answer has no end"),
        ("feishu://hunter2", answer("200 OK", b'{"code":9499,"msg":"hunter2"}'), NO_CAUSE),
        ("nosuch://hunter2", OK, UNKNOWN),
        ("feishu://hunter2!", OK, UNKNOWN),
    ],
)  # fmt: skip
def test_a_failure_has_a_cause_and_no_secret(
    to: str, reply: Reply, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Captured
) -> None:
    if reply is drip:
        monkeypatch.setattr("schedules.outbound.by_apprise.SECONDS", 3.0)
    outcome, asked, _ = sent(to, reply, tmp_path)
    assert outcome == Later(reason, None)
    assert len(asked) <= 1
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
def test_a_long_message_is_cut_to_what_the_chat_takes(tmp_path: Path) -> None:
    _, _, [body] = sent(WECOM, OK, tmp_path, replace(MESSAGE, text="房地产税\n" * 2000))
    content = body["text"]["content"]
    assert content.startswith(f"{PLAIN}\r\n房地产税\n")
    assert content.endswith("房地产税\n… https://s.example/x_1")
    assert 1900 < len(content.encode()) <= 2048


def test_without_apprise_one_line_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "apprise.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("CHAT", "slack://T/A/hunter2")
    missing = Later("mail and chats need the extra [alerts]: pip install apprise", None)
    assert send(address("env:CHAT", tmp_path), MESSAGE) == missing


@every_row(
    ("logged", "cause"),
    [
        ("Socket Exception: [Errno 111] Connection refused for hunter2", "Connection refused"),
        (
            "HTTPSConnectionPool(host='h'): /hook/hunter2 (Caused by [Errno -2] Name)",
            "its name was not found",
        ),
        (
            "Socket Exception: (535, b'5.7.8 hunter2')",
            "the mail server refuses the user name or the password (SMTP 535)",
        ),
        ("SMTP recipient hunter2 was refused: 550 b'no'", f"{REFUSED} the message (SMTP 550)"),
        ("hunter2: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "its certificate is refused"),
        ("hunter2: [SSL: WRONG_VERSION_NUMBER] wrong", "TLS failed: try another port or mode"),
        ("The Feishu token specified (hunter2) is invalid.", None),
        ("Payload: {'text': 'hunter2'}", None),
    ],
)
def test_of_a_log_only_a_known_cause_is_kept(logged: str, cause: str | None) -> None:
    causes = Causes()
    causes.hear(logged)
    causes.hear("Socket Exception: timed out")
    assert causes.found == (cause or "it did not answer in time")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_apprise_knows_the_services_that_we_name() -> None:
    named = {*MAIL, *AS_IT_IS, *MOST_BYTES, *(each.partition(":")[0] for each in CHATS.values())}
    assert named - set(NotificationManager().schemas()) == set()
