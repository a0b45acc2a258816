"""An order as text: what a worker needs to send a request exactly as its crawl made it."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from math import inf
from types import NoneType
from typing import Any, cast

from scrapy import Request

from crawler.frontier import Leased, Wanted
from crawler.hosts import RequestClaim

# What of a request's meta is for the download: the types of each value.
META: dict[str, tuple[type, ...]] = {
    "download_timeout": (float, int),
    "most": (int,),
    "enough": (int,),
    "download_fail_on_dataloss": (bool,),
}


class OrderError(ValueError):
    """An order that no crawl of this version makes."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order that a worker has leased: its lease, the claim on budgets of a day (None: none), and the request."""

    leased: Leased
    claim: RequestClaim | None
    request: Request


def wanted(source: str, request: Request, claim: RequestClaim | None) -> Wanted:
    """The order for a request of a source. Its id is the digest of the question: method, url, fields and body."""
    asked = {
        "method": request.method,
        "url": request.url,
        "headers": [[_text(name), _text(value)] for name, values in request.headers.items() for value in values],
        "body": b64encode(request.body).decode(),
    }
    named = hashlib.sha256(json.dumps([source, asked], sort_keys=True).encode()).hexdigest()[:32]
    meta = {name: request.meta[name] for name in META if name in request.meta}
    payload = json.dumps({**asked, "meta": meta, "claim": asdict(claim) if claim else None})
    urgent = bool(request.meta.get("urgent") or request.meta.get("robots_txt"))
    return Wanted(named, request.meta["host"], request.meta["delay"], payload, urgent)


def order_of(leased: Leased) -> Order:
    """The order that a worker leased. Raises OrderError."""
    try:
        told = json.loads(leased.payload)
        request = Request(
            told["url"],
            method=told["method"],
            body=b64decode(told["body"]),
            meta={name: _checked(name, value) for name, value in told["meta"].items() if name in META},
            dont_filter=True,
        )
        for name, value in told["headers"]:
            request.headers.appendlist(name, value.encode("latin-1"))
        return Order(leased, _claim(told["claim"]), request)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise OrderError(f"an order that this version cannot read: {error}") from error


def _checked(name: str, value: object) -> object:
    if type(value) not in META[name] or not 0 <= float(cast("float", value)) < inf:
        raise OrderError(f"{name} is {value!r:.100}")
    return value


def _claim(told: dict[str, Any] | None) -> RequestClaim | None:
    if not told:
        return None
    claim = RequestClaim(**told)
    budgets = (claim.of_source, claim.of_host)
    if (
        not isinstance(claim.source, str)
        or not all(type(each) in (int, NoneType) for each in budgets)
        or type(claim.recheck) is not bool
        or type(claim.with_it) is not int
    ):
        raise OrderError("its claim has another form")
    return claim


def _text(value: bytes) -> str:
    return value.decode("latin-1")


def order_in(request: Request) -> Order:
    """The order that a worker's request is for."""
    return cast("Order", request.meta["order"])
