"""Shells that a script fills, as real frameworks write them, and pages that only hold scripts.

In a folder of its own: strings here change no digest of the parser's readings (tests/parsers/test_version.py).
"""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import PROSE, page, paragraphs, read
from support.tables import every_row

from parsers import Document, NotAnArticle
from parsers.errors import RENDERED
from parsers.scaffold.scripted import MAX_FRAME_CHARACTERS, MAX_HOLED_CHARACTERS, is_rendered_by_script

HEAD = "<!doctype html><html lang=zh><head><meta charset=utf-8><title>城市治理的温度 - 江海网</title>"
TOP = f"{HEAD}</head><body>"
SRC = "<script src=/js/app.8f3a.js></script>"
VUE = '<body><div id="app"></div>'
NOSCRIPT = (
    "<noscript><strong>We're sorry but 江海网 doesn't work properly without JavaScript enabled. "
    "Please enable it to continue.</strong></noscript>"
)
FRAME = "<header>首页 新闻 评论 理论 视频</header>"
FOOT = "<footer>江海网版权所有 江ICP备410404号-1 违法和不良信息举报电话：410-0404</footer>"
COUNTER = "<script>var _hmt=[];(function(){var h=document.createElement('script');h.src='//c.example/h.js'})()</script>"

SHELLS = {
    "Vue": f"{HEAD}{SRC}</head>{VUE}</body>",
    "Vue CLI": f"{TOP}{NOSCRIPT}<div id=app></div>{SRC}",
    "React": f"{TOP}<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>{SRC}",
    "a bundle without a root": f"{TOP}<noscript>请启用 JavaScript 后继续浏览</noscript>{SRC}",
    "Next.js": f'{TOP}<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{{}}</script>',
    "Next.js, app router": f"{TOP}<script>self.__next_f.push([1,''])</script>",
    "Nuxt": f"{TOP}<div id=__nuxt><!-- --></div><script>window.__NUXT__=(function(a){{return {{}}}}())</script>",
    "state of a store": f"{TOP}<div class=wrap></div><script>window.__INITIAL_STATE__={{}}</script>",
    "Angular": f"{TOP}<app-root>Loading…</app-root>{SRC}",
    "AngularJS": f"{HEAD}</head><body ng-app=news><h1 ng-bind=title></h1><div ng-bind-html=body></div>{SRC}",
    "waiting": f"{TOP}<div id=app>加载中，请稍候……</div>{SRC}",
    "in a frame": f"{TOP}{FRAME}<div id=app></div>{FOOT}{SRC}",
    "a template": f"{TOP}{FRAME}<div class=detail><h1>{{{{ title }}}}</h1>{{{{ detail.content }}}}</div>{SRC}",
    "bound elements": f"{TOP}{FRAME}<div class=detail v-html=content></div>{FOOT}{SRC}",
    "in capitals": f"{HEAD}</HEAD><BODY><DIV ID=app></DIV><SCRIPT SRC=/a.js></SCRIPT>",
    "a page in a script": f"{TOP}<script>document.write(unescape('{'%u6C5F' * 500}'))</script>",
}
OTHERS = {
    "empty": f"{TOP}</body>",
    "a root without a script": f"{HEAD}</head>{VUE}",
    "a counter": f"{TOP}<p>栏目首页</p>{COUNTER}",
    "leads elsewhere": f"{TOP}<script>location.replace('/login?from=1')</script>",
    "rendered by its server": f"{TOP}<div id=app><h1>江与海</h1>{paragraphs(PROSE)}</div>{SRC}",
    "Next.js by its server": f'{TOP}<div id=__next>{paragraphs(PROSE * 4)}</div><script id=__NEXT_DATA__>{{}}</script>',
    "a video": f"{TOP}{FRAME}<h1>城市的早晨</h1><p>时长 3:15</p><video src=/v.mp4></video>{FOOT}{SRC}",
    "a list": f"{TOP}{''.join(f'<li><a href=/a/{n}>第{n}篇谈一体化发展的文章</a>' for n in range(40))}{SRC}",
    "a warning beside its text": f"{TOP}<noscript>请启用 JavaScript</noscript>{paragraphs(PROSE * 4)}{SRC}",
    "another noscript": f"{TOP}<noscript><img src=//c.example/p.gif></noscript><p>栏目首页</p>{SRC}",
    "braces of a text": f"{TOP}<p>用 {{{{ 名称 }}}} 表示变量。</p>{paragraphs(PROSE * 12)}{SRC}",
    "JSON": '{"html": "<div id=app></div><script src=/a.js></script>"}',
    "a file": "%PDF-1.7 <script src=/a.js></script>",
}  # fmt: skip


@every_row("name", SHELLS)
def test_a_shell_is_one_and_gives_no_article(name: str) -> None:
    assert is_rendered_by_script(page(SHELLS[name]))
    with pytest.raises(NotAnArticle) as caught:
        read(SHELLS[name])
    assert caught.value.reason.startswith(f"{RENDERED}: ")


@every_row("name", OTHERS)
def test_ordinary_pages_with_or_without_scripts_are_not_shells(name: str) -> None:
    assert not is_rendered_by_script(page(OTHERS[name]))


@given(
    st.permutations([VUE, SRC, NOSCRIPT, COUNTER, "<script>window.__NUXT__={}</script>", "<template>文</template>"]),
    st.text("江海连城 \n", min_size=MAX_HOLED_CHARACTERS + 1).filter(
        lambda text: len("".join(text.split())) > MAX_HOLED_CHARACTERS
    ),
)
def test_a_page_with_enough_text_is_no_shell_despite_its_scripts(parts: list[str], text: str) -> None:  # fmt: skip
    assert is_rendered_by_script(page("".join(parts)))
    assert not is_rendered_by_script(page("".join([*parts, f"<p>{text}</p>"])))


@every_row(("characters", "shell"), [(MAX_FRAME_CHARACTERS - 1, True), (MAX_FRAME_CHARACTERS + 1, False)])
def test_a_shell_may_show_only_a_limited_number_of_characters(characters: int, shell: bool) -> None:
    assert is_rendered_by_script(page(f"{VUE}<p>{'江' * characters}</p>{SRC}")) == shell


@given(st.binary(max_size=2_000))
def test_script_check_answers_for_any_payload(payload: bytes) -> None:
    document = Document(b"<script>" + payload, "text/html", "https://a.example/", page("").captured_at)
    assert is_rendered_by_script(document) in (True, False)


@pytest.mark.slow
@pytest.mark.shared
def test_among_900_real_pages_only_the_one_shell_is_recognized_as_such(shared: Path) -> None:
    """938 saved pages of news and policy sites, nearly all with scripts; the one of hankookilbo.com has no text."""
    pages = [*(shared / "data/extraction/pages").iterdir(), *(shared / "data/policy-pages").glob("*.html")]
    found = {path.name for path in pages if is_rendered_by_script(_document(path))}
    assert (len(pages) > 900, found) == (True, {"fundus-f207e9f2980a.html.gz"})


def _document(path: Path) -> Document:
    payload = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return Document(payload, None, "https://a.example/", page("").captured_at)
