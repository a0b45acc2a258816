"""How each fault answers: byte by byte where a well-behaved server could not."""

from newsroom.faults import content, framing
from newsroom.faults.active_faults import ActiveFault
from newsroom.faults.struck import Channel, Struck
from newsroom.http.answers import Request, SitePage
from newsroom.http.log import LoggedRequest

_STRIKES = framing.STRIKES | content.STRIKES


def strike(channel: Channel, request: Request, page: SitePage, entry: LoggedRequest, fault: ActiveFault) -> None:
    """Answers a request as the fault wants it."""
    struck = Struck(channel, request, page, entry, fault)
    if request.method == "HEAD" and fault.kind in framing.OF_BODIES:
        struck.answer(page)
    else:
        _STRIKES[fault.kind](struck)
