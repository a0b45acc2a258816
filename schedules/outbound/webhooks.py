"""Webhooks: one signed POST by the Standard Webhooks specification, and the outcome that its answer means."""

import base64
import binascii
import hashlib
import hmac
import json
import ssl
import time
from datetime import UTC, datetime
from http.client import HTTPException
from socket import gaierror

from archive.files import PROGRAM
from crawler.middlewares import retry_after
from schedules.outbound.addresses import SIGNING, SecretError, wrong_webhook
from schedules.outbound.outgoing import Delivered, Later, Outcome, Outgoing, Refused
from schedules.outbound.posting import Answered, post

MIN_SECRET_BYTES, MAX_SECRET_BYTES = 24, 64  # by the specification
MAX_WAIT_SECONDS = 7 * 86_400  # a receiver that asks for more is asked again after a week
GONE = 410
UNWANTED = (400, 413, 415, 422)  # the message itself is refused, so it must not hold up those after it
_SECRET = f"the signing secret is not {SIGNING} and the base64 of {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} bytes"


def send_webhook(url: str, secrets: tuple[str, ...], message: Outgoing) -> Outcome:
    """Send a message to a webhook of the operator, signed with each secret; never raises for the network.

    Private and loopback addresses are asked too: no page can name one. Redirects are not followed.
    """
    if wrong := wrong_webhook(url):
        return Later(wrong, None)
    body = encoded(message.payload)
    moment = int(time.time())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": PROGRAM,
        "webhook-id": message.id,
        "webhook-timestamp": str(moment),
    }
    try:
        if secrets:
            headers["webhook-signature"] = " ".join(signature(each, message.id, moment, body) for each in secrets)
        return outcome(post(url, headers, body))
    except SecretError as error:
        return Later(str(error), None)
    except (OSError, HTTPException, ValueError) as error:
        return Later(failure(error), None)


def encoded(payload: dict[str, object]) -> bytes:
    """A payload as it is sent and signed: UTF-8 with Chinese as it is, lone surrogates as escapes of JSON."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def signature(secret: str, identity: str, moment: int, body: bytes) -> str:
    """The signature `v1,…` of a message. Raises SecretError."""
    try:
        key = base64.b64decode(secret.removeprefix(SIGNING), validate=True)
    except (binascii.Error, ValueError):
        raise SecretError(_SECRET) from None
    if not secret.startswith(SIGNING) or not MIN_SECRET_BYTES <= len(key) <= MAX_SECRET_BYTES:
        raise SecretError(_SECRET)
    signed = hmac.new(key, b"%s.%d.%s" % (identity.encode(), moment, body), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def outcome(answer: Answered) -> Outcome:
    """The outcome that an answer means: a message that is taken, one that never will be, or one for another try.

    A 404 or a 403 may be a receiver that is being set up or repaired.
    """
    if 200 <= answer.status < 300:
        return Delivered()
    if answer.status == GONE:
        return Refused("HTTP 410: the receiver says that this address is gone for good")
    if answer.status in UNWANTED:
        return Refused(f"HTTP {answer.status}")
    reason = f"HTTP {answer.status}"
    if 300 <= answer.status < 400:
        reason += ": it redirects, which is not followed: write the address that it leads to"
    asked = retry_after(answer.header("Retry-After"), answer.header("Date"), datetime.now(UTC))
    return Later(reason, None if asked is None else min(asked, MAX_WAIT_SECONDS))


def failure(error: Exception) -> str:
    """Why no answer came, in words that repeat nothing of the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or 'no reason given'}"
    if isinstance(error, gaierror | UnicodeError):
        return "its name was not found"
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it closed the connection, or its answer is not HTTP"
