"""`/a/KEY/v/DIGEST.bib`, `.ris`, `.csl.json`, `.txt`: the citation of an exact version as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from archive.publish.article.article_page import article, citation_of
from archive.publish.article.history import leads_on, version_path
from archive.publish.citing.forms import FORMS
from archive.publish.database.reading import MissingError, read
from archive.publish.server.errors import missing
from archive.publish.server.parameters import takes
from archive.publish.server.request_urls import key_of, with_parameters

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette


@takes("at")
async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/v/DIGEST.bib`, `.ris`, `.csl.json` or `.txt`: the citation of that version as a file of that format.

    Another name of the version, such as its number, redirects to the address with the digest. 410 for a withdrawn
    article.
    """
    key, named, form = key_of(request), unquote(request.url_vars["version"]), request.url_vars["form"]
    try:
        found = await read(datasette, article, key, named, at=request.args.get("at"))
    except MissingError as reason:
        return await missing(datasette, request, reason)
    if leads_on(named):
        permalink = version_path(key, found["version"], f".{form}")
        return Response.redirect(datasette.urls.path(with_parameters(request, permalink, "ui")))
    cited = citation_of(datasette, request, found)
    said = FORMS[form].write(cited)
    headers = {"content-disposition": f'inline; filename="{cited.key}.{form}"', "cache-control": "no-cache"}
    return Response(said, headers=headers, content_type=FORMS[form].type)
