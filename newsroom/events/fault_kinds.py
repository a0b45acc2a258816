"""The kinds of faults with their arguments; newsroom.faults carries them out."""

from newsroom.events.arguments import Argument, Kind, OneLine, SitePath

MAX_BOMB_BYTES = 1 << 34
MIN_FLOOD_BYTES, MAX_FLOOD_BYTES, MAX_FLOOD_LINES = 64, 1 << 34, 1_000_000
BLOCK_PAGES = ("verify", "moment", "captcha", "rate", "refused", "json")
ENCODINGS = ("gzip", "br", "zstd", "deflate")
PATH = Argument(
    "only this path, as it is sent: /list/1, /robots.txt; with a query (/news/list?page=2) only that query", SitePath
)

_COMMON = {
    "article": Argument("only this article's pages; without it and without path the whole site", int),
    "path": PATH,
    "page": Argument("only this page of an article in pages (paginate); the first is 1", int),
    "times": Argument("only the next so many requests", int, least=1),
}
_FRAMING = {
    "hang": Kind("no answer", {"seconds": Argument("answer after so long; without it never", float)}),
    "drip": Kind(
        "the body comes a little at a time",
        {
            "size": Argument("bytes a time, default 64", int),
            "seconds": Argument("between them, default 1", float),
        },
    ),
    "truncate": Kind("the connection closes in the middle of the body", {}),
    "reset": Kind("the connection is reset (RST) in the middle of the body", {}),
    "close": Kind(
        "no Content-Length and no chunks: the body ends, too early, where the connection is closed in good order",
        {
            "share": Argument("how much of the body is sent, default 0.5; 1 is all of it", float, least=0, most=1),
            "bytes": Argument("how many bytes of the body are sent, instead of share", int, least=0),
        },
    ),
    "wrong_length": Kind(
        "Content-Length differs from the body; the connection closes after it",
        {"by": Argument("declared minus sent, default 64; negative declares too little", int)},
    ),
    "raw_status": Kind(
        "a status line of your own before the usual headers and body; the connection closes after it",
        {"line": Argument("sent as it is, such as HTTP/1.1 -200 OK", OneLine, required=True)},
    ),
    "header_flood": Kind(
        "more header lines than anybody wants, before the usual ones; the connection closes after the answer",
        {
            "bytes": Argument(
                "of all these lines together, default 4000000", int, least=MIN_FLOOD_BYTES, most=MAX_FLOOD_BYTES
            ),
            "lines": Argument(
                "how many at most, default 1000; 1 is a single long one", int, least=1, most=MAX_FLOOD_LINES
            ),
        },
    ),
}
_CONTENT = {
    "encoding": Kind(
        "Content-Encoding, whatever the client accepts",
        {
            "how": Argument(
                "gzip (default): three members one after the other; br and zstd: valid, but the bytes are stored and "
                "not squeezed; deflate: as RFC 9110 says, with the zlib header",
                str,
                choices=ENCODINGS,
            )
        },
    ),
    "block_page": Kind(
        "the page of a firewall in place of what was asked for, with status 200",
        {
            "how": Argument(
                "verify (default): 访问验证; moment: Just a moment…; captcha: letters to type; rate: 访问过于频繁; "
                "refused: 您的请求已被拦截; json: a notice that looks like the answer of an interface",
                str,
                choices=BLOCK_PAGES,
            ),
            "status": Argument("default 200", int, least=200, most=599),
        },
    ),
    "lying_charset": Kind(
        "Content-Type names another charset than the bytes have",
        {"charset": Argument("the label; default gbk over UTF-8 and utf-8 over GBK", str)},
    ),
    "rename": Kind(
        "another name in quotes: a field of JSON, or a class or id of HTML that stands alone",
        {
            "name": Argument("as it stands on the page, without quotes", OneLine, required=True),
            "to": Argument("what stands there instead", OneLine, required=True),
        },
    ),
    "status": Kind(
        "another status",
        {
            "code": Argument("default 503", int),
            "retry_after": Argument("seconds, an ISO 8601 time or any text", str),
            "form": Argument("how seconds are written in Retry-After", str, choices=("seconds", "date")),
        },
    ),
    "redirect": Kind(
        "to any address",
        {"to": Argument("Location as it is sent", str, required=True), "code": Argument("default 302", int)},
    ),
    "loop": Kind("redirects that lead back to where they began", {}),
    "trap": Kind("pages link a calendar without end", {}),
    "bomb": Kind(
        "a small gzip body that unpacks to a large one",
        {"bytes": Argument("unpacked, default 100000000", int)},
    ),
}
FAULTS: dict[str, Kind] = {
    name: Kind(kind.says, _COMMON | kind.arguments, fault=True) for name, kind in (_FRAMING | _CONTENT).items()
}
