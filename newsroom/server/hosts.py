"""One site under several loopback hosts: the host that a request asked, and the host of the links in the answer."""

import copy

from newsroom.http.answers import Request, SitePage
from newsroom.site.room import Newsroom


def room_asked(room: Newsroom, request: Request) -> Newsroom:
    """The newsroom as the asked host shows it: itself for the first host, else a copy with that host's `address`.

    If links cross (`room.crossing`), the address is that of the next host; the first comes after the last. An unknown
    host counts as the first.
    """
    if not room.others:
        return room
    addresses = (room.address, *room.others)
    asked = f"http://{request.headers.get('host', '').lower()}"
    # A request for another host (a proxy's, a test's) is answered by the first one.
    place = addresses.index(asked) if asked in addresses else 0
    if room.crossing:
        place = (place + 1) % len(addresses)
    return room if place == 0 else _at(room, addresses[place])


def _at(room: Newsroom, address: str) -> Newsroom:
    other = copy.copy(room)  # everything but the address is shared
    other.address = address
    return other


def with_crossing_links(page: SitePage, address: str) -> SitePage:
    """The page, changed in place: if it is HTML, its links that begin with `/` begin with `address` instead.

    Its `etag`, if it has one, gets the ending `-other`, in HTML or not.
    """
    if page.content_type.startswith("text/html"):
        render, link = page.render, f'href="{address}/'.encode()
        page.render = lambda: render().replace(b'href="/', link)
    page.etag = page.etag and f"{page.etag}-other"
    return page
