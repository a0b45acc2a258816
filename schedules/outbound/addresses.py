"""Addresses of receivers as an operator writes them: a URL without secrets, `env:NAME` or `file:PATH`."""

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

MAX_FILE_BYTES = 8192
WEBHOOKS = ("http", "https")
MISSING = "mail and chats need the extra [alerts]: pip install apprise"
MAIL = ("mailto", "mailtos")
SIGNING = "whsec_"  # the beginning of a signing secret, by Standard Webhooks
# The parameters of a mail address that hold no secret.
PUBLIC_PARAMETERS = {"from", "to", "cc", "bcc", "name", "reply", "smtp", "mode"}
# Chats that give out an https address: they take their own messages alone, which Apprise writes at these addresses.
CHATS = {
    "hooks.slack.com": "slack://A/B/C",
    "open.feishu.cn": "feishu://TOKEN",
    "open.larksuite.com": "lark://TOKEN",
    "oapi.dingtalk.com": "dingtalk://TOKEN",
    "qyapi.weixin.qq.com": "wecombot://KEY",
    "api.telegram.org": "tgram://TOKEN/CHAT",
    "discord.com": "discord://ID/TOKEN",
}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
# A part of a path that reads as a key: a UUID, or sixteen and more letters and digits, both among them.
_KEY = re.compile(
    r"[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}|(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{16,}", re.IGNORECASE | re.ASCII
)
_HIDE = "write it into a file that only you can read and name file:PATH, or into a variable and name env:NAME"
_SECRET = f"what may be a secret, and others can read commands: {_HIDE}"


class SecretError(ValueError):
    """A secret of an address cannot be read or used now; the text says why, without it."""


@dataclass(frozen=True)
class Address:
    """A receiver. store: how it is kept; it contains no secret, and `address` reads it again."""

    store: str

    @property
    def shown(self) -> str:
        """The address for people, in lists and errors: of a URL its host alone, for a path may be a secret."""
        if self.store.startswith(("env:", "file:")):
            return self.store
        parts = urlsplit(self.store)
        return f"{parts.scheme}://{parts.hostname}/…"

    def read(self) -> tuple[str, tuple[str, ...]]:
        """The URL to send to, and the secrets that sign messages; both may be secret. Raises SecretError."""
        place = self.store
        if not place.startswith(("env:", "file:")):
            url, _, signing = place.partition("#")
            return url, tuple(_words(signing)) if signing else ()
        url, *secrets = _words(place)
        return url, tuple(secrets)


def address(value: str, folder: Path) -> Address:
    """The receiver that `--to` or thinker.toml names. folder: a relative `file:` begins there.

    An http(s) URL may name its signing secret as `#env:NAME` or `#file:PATH`. Variables and files may be missing yet.
    Raises ValueError, whose text never repeats a secret, also when what the address needs is not installed.
    """
    found = _parsed(value.strip(), folder)
    with suppress(SecretError):
        if found.read()[0].partition("://")[0].lower() not in WEBHOOKS and find_spec("apprise") is None:
            raise ValueError(MISSING)
    return found


def _parsed(value: str, folder: Path) -> Address:
    """The receiver of an address by its form alone. Raises ValueError."""
    if value.startswith(("env:", "file:")):
        return Address(_place(value, folder))
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError("the address is malformed: give https://example.org/hook or the like") from None
    scheme = parts.scheme
    if not value.lower().startswith(f"{scheme}://") or not _SCHEME.fullmatch(scheme):
        raise ValueError("the address has no scheme: give https://example.org/hook or the like, file:PATH or env:NAME")
    if _UNSAFE.search(value):
        raise ValueError(f"{scheme}://…: white space or a control character: write it as %20 and the like")
    if scheme in WEBHOOKS:
        if not host:
            raise ValueError(f"{scheme}://…: the address has no host")
        return Address(_webhook(parts, host, folder))
    if scheme in MAIL:
        return Address(_mail(value, parts))
    raise ValueError(f"{scheme}://…: the address of a channel contains {_SECRET}")


def wrong_webhook(url: str) -> str | None:
    """The reason that an http(s) URL is no webhook of ours, without its secrets; None if it is one."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "the address is malformed"
    if not host or _UNSAFE.search(url):
        return "the address has no host" if not host else "the address contains white space or a control character"
    if "@" in parts.netloc:
        return "a user name or password in the address is not sent: sign with a secret instead"
    if host in CHATS:
        return f"{host} takes only messages of its own form: write the address as Apprise does, {CHATS[host]}"
    return None


def _webhook(parts: SplitResult, host: str, folder: Path) -> str:
    """The form in which a webhook is kept. Raises ValueError if its URL has what may be a secret."""
    shown = f"{parts.scheme}://{host}/…"
    secret = "@" in parts.netloc or parts.query or _KEY.search(parts.path)
    if host in CHATS:
        raise ValueError(f"{shown}: {wrong_webhook(parts.geturl())}, and {_HIDE}")
    if secret:
        raise ValueError(f"{shown}: it contains {_SECRET}")
    url = parts._replace(fragment="").geturl()
    if not parts.fragment:
        return url
    if not parts.fragment.startswith(("env:", "file:")):
        raise ValueError(f"{shown}: after # stands the place of its signing secret: #env:NAME or #file:PATH")
    return f"{url}#{_place(parts.fragment, folder)}"


def _mail(value: str, parts: SplitResult) -> str:
    """The form in which a mail address without a password is kept. Raises ValueError for one that may have one."""
    unknown = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)} - PUBLIC_PARAMETERS
    if parts.password is not None or parts.fragment or unknown:
        raise ValueError(f"{parts.scheme}://…: it contains {_SECRET}")
    return value


def _place(value: str, folder: Path) -> str:
    """The place of a secret as it is kept: a file by its whole path. Raises ValueError if it is malformed."""
    kind, _, rest = value.partition(":")
    if kind == "env":
        if not _NAME.fullmatch(rest):
            raise ValueError("env: needs the name of a variable of letters, digits and _, such as env:THINKER_MAIL")
        return value
    if not rest or "\x00" in rest or "\n" in rest or rest.startswith("//"):
        raise ValueError("file: needs the path of a file, such as file:mail.txt")
    try:
        path = Path(rest).expanduser()
    except RuntimeError:
        user = rest.partition("/")[0][:40]
        raise ValueError(f"file: {user!r} is the folder of no user: write the whole path") from None
    return f"file:{Path(os.path.abspath(folder / path))}"  # noqa: PTH100 (links stay)


def _words(place: str) -> list[str]:
    """The words at the place of a secret, without lines that begin with #; at least one. Raises SecretError."""
    kind, _, rest = place.partition(":")
    if kind == "env":
        if not (text := os.environ.get(rest, "")):
            raise SecretError(f"{place}: the variable is not set in the environment of this process")
    else:
        try:
            if not Path(rest).is_dir() and not Path(rest).is_file() and Path(rest).exists():
                raise SecretError(f"{place}: it is a pipe or a device, not a file")  # a pipe may never end
            with Path(rest).open("rb") as file:
                text = file.read(MAX_FILE_BYTES).decode("utf-8-sig")  # some editors begin with a byte order mark
        except OSError as error:
            raise SecretError(f"{place}: {error.strerror or 'it cannot be read'}") from None
        except UnicodeDecodeError:
            raise SecretError(f"{place}: it is not UTF-8 text") from None
    words = [word for line in text.splitlines() if not line.startswith("#") for word in line.split()]
    if not words:
        raise SecretError(f"{place}: it is empty: write the address into it")
    return words
