"""Answers with faults: byte by byte, because a well-behaved server could not send them."""

from newsroom.faults import content, framing
from newsroom.faults.active_faults import ActiveFault
from newsroom.faults.struck import Channel, Struck
from newsroom.http.answers import Request, SitePage
from newsroom.http.log import LoggedRequest

_STRIKES = framing.STRIKES | content.STRIKES


def strike(channel: Channel, request: Request, page: SitePage, entry: LoggedRequest, fault: ActiveFault) -> None:
    """Answer a request as the fault demands; HEAD with one of the faults in framing.OF_BODIES gets the usual answer.

    These faults send the right body, but in a wrong way, and an answer to HEAD has no body.
    """
    struck = Struck(channel, request, page, entry, fault)
    if request.method == "HEAD" and fault.kind in framing.OF_BODIES:
        struck.answer(page)
    else:
        _STRIKES[fault.kind](struck)
