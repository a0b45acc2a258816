"""The process in which Apprise sends one message: what it prints and logs, which may contain secrets, stays in it.

It reads a question as JSON from its standard input and writes the answer as JSON to its standard output. A server that
never ends, or answers without end, costs this process its time and memory, and not the one that asks.
"""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import signal
import sys
from email.header import Header
from pathlib import Path
from typing import Any

from schedules.outbound import inert
from schedules.outbound.addresses import MAIL, MISSING

EXTRA_ADDRESS_SPACE_BYTES = 256 << 20  # beyond that of the process when Apprise is loaded
MAX_ANSWER_BYTES = 1 << 20
UNKNOWN = "Apprise does not understand the address: https://appriseit.com/services/ has the form of each"
# Services that show the text that we hand over as it is; to all others it goes without signs of markup.
AS_IT_IS = ("dingtalk", "ntfy", "ntfys", "wecombot")
# The most bytes of a message where the service counts bytes; elsewhere Apprise knows the most characters.
MOST_BYTES = {"dingtalk": 19_985, "feishu": 19_985, "lark": 19_985, "ntfy": 4096, "ntfys": 4096, "wecombot": 2048}
MAX_TITLE_CHARACTERS = 200
LESS = "…"
# Causes in what Apprise logs, each with our words. Nothing else of a log leaves the process.
CAUSES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(found, re.IGNORECASE), words)
    for found, words in (
        (r"CERTIFICATE_VERIFY_FAILED", "its certificate is refused"),
        (r"\(535, ", "the mail server refuses the user name or the password (SMTP 535)"),
        (r"(?:\(|: |refused: )([245]\d\d)[, ] ?b?['\"]", "the mail server refuses the message (SMTP {})"),
        (r"\(-1, ", "it answers as no mail server does"),
        (r"STARTTLS extension not supported", "the mail server has no STARTTLS: try mailto:// or ?mode=ssl"),
        (r"WRONG_VERSION_NUMBER|\[SSL", "TLS failed: try another port or mode"),
        (r"\[Errno -\d+\]|NameResolutionError", "its name was not found"),
        (r"timed? ?out", "it did not answer in time"),
        (r"\[Errno (\d+)\]", "errno {}"),
        (r"unexpectedly closed|Connection aborted|RemoteDisconnected", "it closed the connection"),
    )
)


class Causes(logging.Handler):
    """Hears what Apprise logs, and keeps the first cause that it names."""

    found: str | None = None
    partly = False  # some of the receivers of a mail were refused, and the others have it

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        self.partly |= text.startswith("SMTP recipient ")
        self.hear(text)

    def hear(self, text: str) -> None:
        """Keep the cause in a text, in our own words, if it is the first one."""
        for pattern, words in CAUSES if self.found is None else ():
            if match := pattern.search(text):
                number = match[1] if pattern.groups else ""
                self.found = os.strerror(int(number)) if words.startswith("errno") else words.format(number)
                return


def main() -> None:
    """Answer the question on standard input."""
    question = json.loads(sys.stdin.buffer.read())
    signal.setitimer(signal.ITIMER_REAL, question["seconds"])  # SIGALRM's default action ends the process
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        os.dup2(nowhere, number)
    os.write(answers, json.dumps(_answer(question)).encode())
    os._exit(0)  # Apprise's threads, if it left one waiting, do not hold us


def _answer(question: dict[str, Any]) -> dict[str, object]:
    """`sent`: the service took the message; `reason`: why it did not; `partly`: some receivers have it all the same."""
    try:
        import apprise
    except ImportError:
        return {"sent": False, "partly": False, "reason": MISSING}
    causes = Causes(logging.DEBUG)
    logger = logging.getLogger("apprise")
    logger.handlers, logger.propagate = [causes], False
    logger.setLevel(logging.DEBUG)
    asset = apprise.AppriseAsset(
        app_id="thinker",
        app_desc="Thinker Archive",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        image_path_mask="",
        async_mode=False,
        http_redirects=False,
        pgp_autogen=False,
        pem_autogen=False,
        storage_mode="memory",
        default_service_retry=0,
    )
    service = apprise.Apprise.instantiate(question["url"], asset=asset)
    if not isinstance(service, apprise.NotifyBase):
        return {"sent": False, "partly": False, "reason": UNKNOWN}
    service.redirects = False  # also if the address asks for them
    _watch_requests(causes)
    _confine()
    taken: list[object] = []

    def note(receiver: object, per_message: bool = False) -> None:
        if not per_message:  # else it is a part of the message, such as an icon
            taken.append(receiver)

    service.mark_delivered = note  # type: ignore[assignment, method-assign]
    try:
        sent = service.notify(**_message(service, question))
    except Exception as error:
        causes.hear(f"{type(error).__name__}: {error}")
        sent = False
    reason = f"{service.service_name}: {causes.found or 'Apprise reports a failure without its cause'}"
    return {"sent": bool(sent), "partly": causes.partly or bool(taken), "reason": reason}


def _message(service: Any, question: dict[str, Any]) -> dict[str, str]:
    """The title and the body as the service shows them without harm, and the form of the body."""
    title, scheme = inert.in_one_line(question["subject"])[:MAX_TITLE_CHARACTERS], service.schema
    if scheme in MAIL:
        form = service.resolve_format("html").value
        text, html = inert.readable(question["text"]), inert.readable(question["html"])
        _as_mail(service, question["id"], text)
        return {"title": title, "body": html if form == "html" else text, "body_format": form}
    form = service.resolve_format("text").value
    harmless = inert.without_mentions if scheme in AS_IT_IS and form != "markdown" else inert.without_markup
    title = harmless(title)[: min(service.title_maxlen or MAX_TITLE_CHARACTERS, service.body_maxlen // 3)]
    most = MOST_BYTES.get(scheme, service.body_maxlen) - len(title.encode() if scheme in MOST_BYTES else title) - 8
    end = f"{LESS} {question['link']}".strip()
    body = inert.fitting(harmless(inert.readable(question["text"])), most, end, scheme in MOST_BYTES)
    # A text without markup is the same in Markdown, and Apprise leaves its addresses as they are.
    return {"title": title, "body": body, "body_format": "markdown" if form == "markdown" else "text"}


def _as_mail(service: Any, identity: str, text: str) -> None:
    """Give a mail our text beside its HTML, and its id for good: mailboxes that know it show a repetition once."""
    from apprise.plugins.email import base

    identified = f"<{identity}@{{}}>"
    vars(base).update(
        convert_between=lambda *_: text,
        make_msgid=lambda domain=None, **_: identified.format(domain or "localhost"),
        Header=lambda said, charset=None: Header(said, charset).encode(),  # in lines that are short enough (RFC 2047)
    )
    service.headers["Auto-Submitted"] = "auto-generated"  # so that no machine answers it (RFC 3834)


def _watch_requests(causes: Causes) -> None:
    """Bound what Apprise reads of an answer, and see refusals within one: DingTalk and WeCom send them as HTTP 200."""
    import requests

    given = requests.Session.send

    def send(session: Any, request: Any, **options: Any) -> Any:
        answer = given(session, request, **options | {"stream": True, "allow_redirects": False})
        content = b""
        for piece in answer.iter_content(65_536):
            content += piece
            if len(content) > MAX_ANSWER_BYTES:
                answer.close()
                break
        answer._content = content
        if not 200 <= answer.status_code < 300:
            causes.found = f"HTTP {answer.status_code}"
        elif code := _refusal(content):
            causes.found = f"it refuses the message with the code {code}"
            raise requests.RequestException
        return answer

    requests.Session.send = send  # type: ignore[assignment, method-assign]


def _refusal(content: bytes) -> int:
    """The `errcode` of an answer of DingTalk or WeCom; 0 if it took the message, or is another's answer."""
    try:
        found = json.loads(content)
    except ValueError:
        return 0
    code = found.get("errcode") if isinstance(found, dict) else None
    return code if isinstance(code, int) else 0


def _confine() -> None:
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.setrlimit(resource.RLIMIT_AS, (used + EXTRA_ADDRESS_SPACE_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
