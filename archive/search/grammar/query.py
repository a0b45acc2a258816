"""The grammar of a query: its text becomes a tree of terms, and notes on what was read otherwise than it may be meant.

=====================  ==========================================================================
`城市 治理`              both, in any order: blanks and other signs separate terms
`"城市 治理"`            a phrase; an unclosed quote ends with the query
`govern*`              every word that begins so
`城市 -治理`             the first without the second; a minus counts after a blank, `(` or at the beginning
`城市 OR 治理`           one of them or both, in capitals; a blank binds more closely
`(…)`                  a group; one that is not closed ends with the query
`title:城市`            only there: see FIELDS; the value may be a phrase or a group
`appears:城市`          of edits alone: what an edit added; `disappears:` what it removed. A field may follow
=====================  ==========================================================================

Any text is a query: a sign in a place where it means nothing separates terms.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, NamedTuple

from archive.search.grammar.folding import HAN_SCRIPT, fold, normal
from archive.search.grammar.notes import Note, NoteKind, meant_elsewhere

Field = Literal["title", "speaker", "author", "source", "column", "tag", "body"]

FIELDS: dict[Field, tuple[str, ...]] = {
    "title": ("headline", "alternative_headline"),
    "speaker": ("speaker",),
    "author": ("authors", "speaker"),
    "source": ("source_line",),
    "column": ("article_section",),
    "tag": ("keywords",),
    "body": ("body_text",),
}
"""The properties in which the words after a field's name are looked for."""
ONLY_BY_NAME = ("authors", "source_line", "article_section")
"""The properties that are searched only if a field asks for them: names that thousands of articles share."""
CHINESE: dict[Field, str] = {
    "title": "标题", "speaker": "主讲", "author": "作者", "source": "来源", "column": "栏目", "tag": "标签",
    "body": "正文",
}  # fmt: skip
Turn = Literal["appears", "disappears"]
_TURNS: dict[str, Turn] = {"appears": "appears", "出现": "appears", "disappears": "disappears", "消失": "disappears"}
_NAMES: dict[str, Field] = {name: field for field in FIELDS for name in (field, CHINESE[field])}
_WIDE_SIGNS = str.maketrans("＂（）：－＊", '"():-*')
MAX_DEPTH = 16  # of parentheses and of turns in turns: FTS5 reads a hundred
_UNIT = rf"(?:[^\W_]|[{HAN_SCRIPT}])"
_TOKEN = re.compile(rf'"(?P<phrase>[^"]*)"?|(?P<word>{_UNIT}+\*?)|(?P<sign>\S)')
_UNITS = re.compile(rf"{_UNIT}+\*?")
_LETTER = re.compile(r"[^\W\d_]")
# Characters without width, and those that turn the direction of writing: they come along when text is copied.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

Token = re.Match[str]


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word, a run of Han characters, or with `quoted` a phrase, in Unicode's normal form. field: None for all."""

    text: str
    field: Field | None = None
    quoted: bool = False
    turn: Turn | None = None  # what an edit did with it; None: the text has it


@dataclass(frozen=True, slots=True)
class Not:
    """Texts that `of` does not find."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """Texts that each of `of` finds, which are two or more."""

    of: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Texts that one of `of` finds, which are two or more."""

    of: tuple["Node", ...]


Node = QueryTerm | Not | Every | Either


class Query(NamedTuple):
    """A query as read. tree: None if it has no letter, digit or Chinese character to look for."""

    tree: Node | None
    notes: tuple[Note, ...]


@lru_cache(256)
def parse(q: str, exact: bool = False, edits: bool = False) -> Query:
    """The query in a text as typed. Full-width signs are those of the grammar; exact: full-width letters stay so.

    edits: `appears:` and `disappears:` have their meaning, as the query is asked of edits.
    """
    reading = _Reading(normal(_UNSEEN.sub(" ", q.translate(_WIDE_SIGNS)), "NFC" if exact else "NFKC"), edits)
    tree = reading.group(0, None)
    if tree is not None:
        if reading.mixed:
            reading.note("reading", written(tree))
        if not any(True for _ in positive(tree)):
            reading.note("negative", written(tree))
    return Query(tree, tuple(reading.notes))


def positive(node: Node, found: bool = True) -> Iterator[QueryTerm]:
    """Yield the terms that a text may have been found by, in the order of the query: those that no minus excludes."""
    if isinstance(node, QueryTerm):
        if found:
            yield node
    elif isinstance(node, Not):
        yield from positive(node.of, not found)
    else:
        for each in node.of:
            yield from positive(each, found)


def without_minus(node: Node) -> Node | None:
    """A query that finds all that `node` finds, and has no minus; None if that is every text."""
    if isinstance(node, QueryTerm):
        return node
    if isinstance(node, Not):
        return None
    parts = [without_minus(each) for each in node.of]
    kept = [part for part in parts if part is not None]
    if isinstance(node, Either):
        return _joined(Either, kept) if len(kept) == len(parts) else None
    return _joined(Every, kept)


def written(node: Node) -> str:
    """The query as text, with parentheses around each group: `(城市 治理) OR -title:"公共 服务"`."""
    if isinstance(node, QueryTerm):
        named = "".join(f"{name}:" for name in (node.turn, node.field) if name)
        return f'{named}"{node.text}"' if node.quoted or node.text == "OR" else f"{named}{node.text}"
    if isinstance(node, Not):
        return f"-{_grouped(node.of)}"
    return (" OR " if isinstance(node, Either) else " ").join(map(_grouped, node.of))


def _grouped(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, Every | Either) else written(node)


def _terms(word: str, field: Field | None) -> Node | None:
    """The term of a word; several, if a letter of it folds to one with a separator, as İ does."""
    pieces = _UNITS.findall(fold(word))
    return QueryTerm(word, field) if len(pieces) == 1 else _joined(Every, [QueryTerm(piece, field) for piece in pieces])


def _joined(kind: Callable[[tuple[Node, ...]], Node], nodes: Sequence[Node]) -> Node | None:
    """The nodes as one, each once; None without any."""
    each = tuple(dict.fromkeys(nodes))
    return kind(each) if len(each) > 1 else each[0] if each else None


def _turned(node: Node, turn: Turn) -> Node:
    """The same query, of which an edit must have added or removed each term."""
    if isinstance(node, QueryTerm):
        return replace(node, turn=turn)
    if isinstance(node, Not):
        return Not(_turned(node.of, turn))
    return replace(node, of=tuple(_turned(each, turn) for each in node.of))


class _Reading:
    """Reads a text from its beginning to its end, token by token."""

    def __init__(self, text: str, edits: bool) -> None:
        self._text = text
        self._turns = _TURNS if edits else {}
        self._tokens = list(_TOKEN.finditer(text))
        self._at = 0
        self._passed_over = 0  # parentheses that were too deep to open, and are still to be closed
        self._notes: dict[Note, None] = {}
        self.mixed = False

    @property
    def notes(self) -> Iterator[Note]:
        """Each note once."""
        return iter(self._notes)

    def note(self, kind: NoteKind, text: str) -> None:
        """Add a note, once."""
        self._notes[Note(kind, text)] = None

    def group(self, depth: int, field: Field | None) -> Node | None:
        """Read to the end of a group of that depth; 0 for the whole text. None if it has no term."""
        choices: list[list[Node]] = [[]]
        closed = depth == 0
        while token := self._next():
            if token["sign"] == ")" and self._closes(depth):
                closed = True
                break
            if self._is_or(token):
                choices.append([])
            elif token["sign"] != ")" and (node := self._factor(token, depth, field)) is not None:
                choices[-1].append(node)
        if not closed:
            self.note("open", "(")
        full = [choice for choice in choices if choice]
        if len(full) < len(choices) and len(choices) > 1:
            self.note("or", "OR")
        self.mixed |= len(full) > 1 and any(len(choice) > 1 for choice in full)
        return _joined(Either, [node for choice in full if (node := _joined(Every, choice)) is not None])

    def _next(self) -> Token | None:
        token = self._seen()
        self._at += 1
        return token

    def _seen(self, further: int = 0) -> Token | None:
        at = self._at + further
        return self._tokens[at] if at < len(self._tokens) else None

    def _closes(self, depth: int) -> bool:
        """True if a closing parenthesis closes the group of that depth; else it is passed over."""
        if self._passed_over:
            self._passed_over -= 1
            return False
        if not depth:
            self.note("close", ")")
        return depth > 0

    def _is_or(self, token: Token) -> bool:
        return token["word"] == "OR" and self._ends_at(token.start() - 1, '()"') and self._ends_at(token.end(), '()"')

    def _ends_at(self, at: int, signs: str) -> bool:
        """True if at this place there is a blank, one of these signs, or no character."""
        character = self._text[at : at + 1] if at >= 0 else ""
        return not character or character.isspace() or character in signs

    def _factor(self, token: Token, depth: int, field: Field | None) -> Node | None:
        """Read on from a token other than `)` and OR: a term, a group, or one of them after a minus."""
        if token["sign"] == "(":
            return self._opened(depth, field)
        if token["sign"] == "-" and self._ends_at(token.start() - 1, "("):
            if not self._is_value(self._seen(), token.end()):
                self.note("minus", "-")
                return None
            value = self._next()
            node = self._factor(value, depth, field) if value else None
            if node is None:
                self.note("minus", "-")
            return node.of if isinstance(node, Not) else Not(node) if node else None
        if token["phrase"] is None and (note := meant_elsewhere(self._text, token)):
            self.note(*note)
        if token["sign"]:
            return None
        if token["word"] is None:
            return QueryTerm(token["phrase"], field, quoted=True) if _UNITS.search(fold(token["phrase"])) else None
        return self._word(token, depth, field)

    def _opened(self, depth: int, field: Field | None) -> Node | None:
        if depth == MAX_DEPTH:
            self._passed_over += 1
            self.note("deep", "(")
            return None
        return self.group(depth + 1, field)

    def _is_value(self, token: Token | None, at: int) -> bool:
        """True if a term or a group begins at this place."""
        return token is not None and token.start() == at and (not token["sign"] or token["sign"] == "(")

    def _colon_after(self, token: Token) -> Token | None:
        colon = self._seen()
        return colon if colon and colon["sign"] == ":" and colon.start() == token.end() else None

    def _word(self, token: Token, depth: int, field: Field | None) -> Node | None:
        if colon := self._colon_after(token):
            named, has_value = _NAMES.get(fold(token["word"])), self._is_value(self._seen(1), colon.end())
            turn = self._turns.get(fold(token["word"])) if depth < MAX_DEPTH else None
            if turn and has_value:
                self._next()
                if (first := self._next()) and (node := self._factor(first, depth + 1, field)) is not None:
                    return _turned(node, turn)
            if named and has_value:
                self._next()
                if (value := self._value(depth, named)) is not None:
                    return value
            if named or (has_value and _LETTER.search(token["word"])):
                self.note("value" if named else "field", f"{token['word']}:")
        return _terms(token["word"], field)

    def _value(self, depth: int, field: Field) -> Node | None:
        """Read on after a field's name: a term or a group; the name of a further field is a word there."""
        token = self._next()
        if token and token["word"]:
            if self._colon_after(token) and _LETTER.search(token["word"]):
                self.note("field", f"{token['word']}:")
            return _terms(token["word"], field)
        return self._factor(token, depth, field) if token else None
