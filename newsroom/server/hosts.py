"""One site under several loopback hosts: which of them a request asked, and where its links lead."""

import copy

from newsroom.http.answers import Request, SitePage
from newsroom.site.room import Newsroom


def room_asked(room: Newsroom, request: Request) -> Newsroom:
    """The newsroom with the address its links shall have: that of the host asked, or the next one where links cross."""
    if not room.others:
        return room
    addresses = (room.address, *room.others)
    asked = f"http://{request.headers.get('host', '').lower()}"
    # A host nobody serves (a proxy's, a test's) is answered as the first one.
    place = addresses.index(asked) if asked in addresses else 0
    if room.crossing:
        place = (place + 1) % len(addresses)
    return room if place == 0 else _at(room, addresses[place])


def _at(room: Newsroom, address: str) -> Newsroom:
    other = copy.copy(room)  # everything but the address is shared
    other.address = address
    return other


def with_crossing_links(page: SitePage, address: str) -> SitePage:
    """The page with the links that would stay on the host asked led to an address; other validators than without."""
    if page.content_type.startswith("text/html"):
        render, link = page.render, f'href="{address}/'.encode()
        page.render = lambda: render().replace(b'href="/', link)
    page.etag = page.etag and f"{page.etag}-other"
    return page
