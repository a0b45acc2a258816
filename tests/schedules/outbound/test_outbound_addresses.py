"""An address is kept and shown without secrets, and an error about one repeats none."""

import os
import sys
from pathlib import Path

import pytest
from support.tables import every_row

from schedules.outbound import Later, Outgoing, address, send
from schedules.outbound.addresses import SecretError

FOLDER = Path("/srv/archive")
HIDDEN = "write it into a file that only you can read and name file:PATH, or into a variable and name env:NAME"
HIDE = f"what may be a secret, and others can read commands: {HIDDEN}"
NO_SCHEME = "the address has no scheme: give https://example.org/hook or the like, file:PATH or env:NAME"
NO_USER = "a user name or password in the address is not sent: sign with a secret instead"
OF_SLACK = "hooks.slack.com takes only messages of its own form: write the address as Apprise does, slack://A/B/C"
PLACE = "after # stands the place of its signing secret: #env:NAME or #file:PATH"
MESSAGE = Outgoing("0" * 64, "w", "s", "t", "<p>t</p>", "", {})


@every_row(
    ("value", "store", "shown"),
    [
        ("https://example.org/hook", None, "https://example.org/…"),
        (" http://127.0.0.1:8080/ ", "http://127.0.0.1:8080/", "http://127.0.0.1/…"),
        ("https://example.org/thinker-2024/2026-12-01", None, "https://example.org/…"),
        ("https://example.org/hook#env:SIGNING", None, "https://example.org/…"),
        (
            "https://example.org/hook#file:signing.txt",
            "https://example.org/hook#file:/srv/archive/signing.txt",
            "https://example.org/…",
        ),
        ("env:MAIL_2", None, "env:MAIL_2"),
        ("file:mail.txt", "file:/srv/archive/mail.txt", "file:/srv/archive/mail.txt"),
        ("file:../a b/mail.txt", "file:/srv/a b/mail.txt", "file:/srv/a b/mail.txt"),
        ("file:/run/secrets/mail", None, "file:/run/secrets/mail"),
        ("mailto://localhost?from=a@example.org&to=b@example.org", None, "mailto://localhost/…"),
        ("mailtos://anna@smtp.example.org:465/?to=b@example.org&mode=ssl", None, "mailtos://smtp.example.org/…"),
    ],
)
def test_an_address_is_kept_as_it_can_be_read_again(value: str, store: str | None, shown: str) -> None:
    kept = address(value, FOLDER)
    assert (kept.store, kept.shown) == (store or value, shown)
    assert address(kept.store, Path("/elsewhere")) == kept


@every_row(
    ("value", "error"),
    [
        ("https://anna:hunter2@example.org/", f"https://example.org/…: it contains {HIDE}"),
        ("https://example.org/?key=hunter2", f"https://example.org/…: it contains {HIDE}"),
        ("https://example.org/in/hunter2AbCdEfGhIj", f"https://example.org/…: it contains {HIDE}"),
        ("https://example.org/0b6f2c1e-0000-0000-0000-00aa22abcdef", f"https://example.org/…: it contains {HIDE}"),
        ("https://hooks.slack.com/services/T0/B0/hunter2", f"https://hooks.slack.com/…: {OF_SLACK}, and {HIDDEN}"),
        ("https://example.org/#hunter2", f"https://example.org/…: {PLACE}"),
        ("slack://hunter2/B0/C0", f"slack://…: the address of a channel contains {HIDE}"),
        ("mailtos://anna:hunter2@example.org?to=b@example.org", f"mailtos://…: it contains {HIDE}"),
        ("mailto://example.org?pass=hunter2", f"mailto://…: it contains {HIDE}"),
        ("https://exam ple.org/hunter2", "https://…: white space or a control character: write it as %20 and the like"),
        ("https://[hunter2", "the address is malformed: give https://example.org/hook or the like"),
        ("https://example.org:hunter2/", "the address is malformed: give https://example.org/hook or the like"),
        ("https:hunter2", NO_SCHEME),
        ("hunter2", NO_SCHEME),
        ("https:///hunter2", "https://…: the address has no host"),
        ("env:hunter2=1", "env: needs the name of a variable of letters, digits and _, such as env:THINKER_MAIL"),
        ("file:", "file: needs the path of a file, such as file:mail.txt"),
        ("file:///etc/hunter2", "file: needs the path of a file, such as file:mail.txt"),
        ("file:~nobody-here/mail.txt", "file: '~nobody-here' is the folder of no user: write the whole path"),
        ("", NO_SCHEME),
    ],
)  # fmt: skip
def test_a_wrong_address_is_one_line_that_repeats_no_secret(value: str, error: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        address(value, FOLDER)
    assert str(raised.value) == error


@every_row(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"", "it is empty: write the address into it"),
        (b"# only a comment\n", "it is empty: write the address into it"),
        (b"\xff\xfe", "it is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_read_is_tried_later(content: bytes | None, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "hook.txt"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)
    assert send(address(f"file:{file}", FOLDER), MESSAGE) == Later(f"file:{file}: {reason}", None)


def test_a_file_may_begin_with_a_byte_order_mark_and_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "hook.txt").write_bytes(b"\xef\xbb\xbfhttps://example.org/hook\r\n")
    assert address("file:hook.txt", tmp_path).read() == ("https://example.org/hook", ())
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SecretError, match="it is a pipe or a device, not a file"):
        address("file:pipe", tmp_path).read()


@every_row(
    ("content", "reason"),
    [
        ("https://anna:hunter2@example.org/", NO_USER),
        ("https://hooks.slack.com/services/T0/B0/hunter2", OF_SLACK),
        ("http://[hunter2", "the address is malformed"),
        ("http:///hunter2", "the address has no host"),
        ("http://127.0.0.1:1/hunter2", "Connection refused"),
        ("http://127.0.0.1:1/房hunter2", "Connection refused"),
        ("http://hunter2.invalid/", "its name was not found"),
        ("http://hunter2..example/", "its name was not found"),
        ("hunter2", "env:HOOK: it is no address: a scheme, :// and the rest, as https://example.org/hook"),
    ],
)  # fmt: skip
def test_a_failure_repeats_no_secret(content: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOOK", content)
    assert send(address("env:HOOK", FOLDER), MESSAGE) == Later(reason, None)


@every_row("value", ["mailto://localhost?to=a@example.org", "env:CHAT", "file:chat.txt"])
def test_without_apprise_an_address_says_how_to_install_it(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    monkeypatch.setenv("CHAT", "slack://T/A/hunter2")
    (tmp_path / "chat.txt").write_text("slack://T/A/hunter2")
    with pytest.raises(ValueError, match=r".") as raised:
        address(value, tmp_path)
    assert str(raised.value) == "mail and chats need the extra [alerts]: pip install apprise"
    (tmp_path / "chat.txt").write_text("https://example.org/hunter2")
    assert address("file:chat.txt", tmp_path).store == f"file:{tmp_path}/chat.txt"
