"""How each fault answers: byte by byte where a well-behaved server could not."""

from newsroom.faults import content, framing
from newsroom.faults.active_faults import Fault
from newsroom.faults.struck import Channel, Struck
from newsroom.http.answers import Page, Request
from newsroom.http.log import Entry

_STRIKES = framing.STRIKES | content.STRIKES


def strike(channel: Channel, request: Request, page: Page, entry: Entry, fault: Fault) -> None:
    """Answers a request as the fault wants it."""
    struck = Struck(channel, request, page, entry, fault)
    if request.method == "HEAD" and fault.kind in framing.OF_BODIES:
        struck.answer(page)
    else:
        _STRIKES[fault.kind](struck)
