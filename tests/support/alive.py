"""Find content that comes alive in chromium: in a page loaded there, or in thousands of texts that it only parses."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from support.stranger import Heard, answered

from archive.publish.article.raw_capture import POLICY
from archive.publish.server.headers import STRICT

# Live content of a document: elements that run or load something, handlers, addresses that are no web addresses,
# things loaded from elsewhere; no field of a form hides the form's own properties by its name. A parser without
# scripts reads <noscript> and <template> otherwise than a loaded page does. No page of ours has either, so one that
# an attacker got into a page is noticed by its mere presence.
_ALIVE = r"""page => [...page.querySelectorAll('*')].flatMap(el => {
    const alive = /^(script|style|i?frame|object|embed|applet|base|img|image|video|audio|math|animate|set|use)$/i;
    const elsewhere = /^(noscript|template|foreignObject)$/i, named = /^on|^style$|^srcdoc$|^http-equiv$|^autofocus$/i;
    const web = /^https?:/, quiet = /^(canonical|alternate)$/i, here = `${location.origin}/`;
    const data = 'head > script[type="application/ld+json"]:not([src])';  // never run
    const whole = to => URL.canParse(to, page.baseURI) ? new URL(to, page.baseURI).href : to;
    const own = name => { for (let of = Object.getPrototypeOf(el); of; of = Object.getPrototypeOf(of)) {
        const found = Object.getOwnPropertyDescriptor(of, name); if (found?.get) return found.get.call(el) } };
    const at = to => typeof to === 'string' ? to : to?.baseVal && whole(to.baseVal);
    const back = [...own('attributes')].find(a => a.name === 'background')?.value;
    const leads = ['href', 'src', 'action', 'formAction'].map(own).map(at).filter(Boolean);
    const loads = [at(own('src')), back && whole(back),
        own('localName') === 'link' && !quiet.test(own('rel')) && own('href')].filter(Boolean);
    return [
        ...[own('localName')].filter(() => !Element.prototype.matches.call(el, data))
            .filter(name => alive.test(name) || elsewhere.test(name)).map(name => `<${name}>`),
        ...[...own('attributes')].map(a => a.name).filter(name => named.test(name)),
        ...leads.filter(to => !web.test(to)).map(to => `to ${to}`),
        ...loads.filter(to => !to.startsWith(here)).map(to => `asks ${to}`)] })"""
ALIVE = f"() => ({_ALIVE})(document)"
_PARSED = f"pages => pages.map(([text, type]) => ({_ALIVE})(new DOMParser().parseFromString(text, type)))"

HTML, XML = "text/html", "application/xml"
PARSED_AS = {HTML: HTML, XML: XML, "application/atom+xml": XML}  # the others a browser shows as text, or stores
BATCH = 64  # pages that are handed over at once

Reply = tuple[str, Heard]  # and what was asked
T = TypeVar("T")


def parsed(page: Any, texts: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The live content of each (text, type), which is neither loaded nor run. page: a browser's page of the site."""
    found: list[list[str]] = page.evaluate(_PARSED, [list(each) for each in texts])
    return found


def alive_in(page: Any, replies: AsyncIterator[Reply]) -> dict[str, list[str]]:
    """The faults of each reply, by target: live content, a status from 500 on, or a page without our policy."""
    found: dict[str, list[str]] = {}
    for batch in _batches(replies):
        for target, heard in batch:
            found[target] = [str(heard.status)] if heard.status >= 500 else []
            found[target] += [] if heard.header("content-security-policy") in (STRICT, POLICY) else ["no policy"]
        pages = [(target, heard) for target, heard in batch if heard.type in PARSED_AS]
        texts = [(heard.body.decode("utf-8", "replace"), PARSED_AS[heard.type]) for _, heard in pages]
        for (target, _), alive in zip(pages, parsed(page, texts), strict=True):
            found[target] += alive
    return found


async def replies(application: Any, targets: Iterable[str]) -> AsyncIterator[Reply]:
    """Yield each target with the site's reply, after at most five redirects."""
    for target in targets:
        heard = await answered(application, target)
        for _ in range(5):
            if not heard.header("location"):
                break
            heard = await answered(application, heard.header("location").partition("#")[0])
        yield target, heard


def _batches(steps: AsyncIterator[T]) -> Iterator[list[T]]:
    """Yield the steps in batches; the next one is made meanwhile in another thread, as playwright's loop is in this."""
    loop = asyncio.new_event_loop()
    with ThreadPoolExecutor(1) as beside:
        waiting = beside.submit(loop.run_until_complete, _next(steps))
        while batch := waiting.result():
            waiting = beside.submit(loop.run_until_complete, _next(steps))
            yield batch
        beside.submit(loop.run_until_complete, loop.shutdown_default_executor()).result()
    loop.close()


async def _next(steps: AsyncIterator[T]) -> list[T]:
    batch: list[T] = []
    async for step in steps:
        batch.append(step)
        if len(batch) == BATCH:
            break
    return batch
