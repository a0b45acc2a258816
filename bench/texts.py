"""Chinese texts for the benchmarks: any number of them, the same for the same seed.

Their statistics are near those of real policy pages, which decide the cost of a search index: 1,500 characters have
about 400 distinct ones, and about 800 distinct pairs of neighbours.
"""

import random
from collections.abc import Iterator
from itertools import accumulate, islice


class Known:
    """A reader of pages that knows beforehand the article of each."""

    def __init__(self, articles):
        self._articles = articles

    def __call__(self, page):
        """The state of the page's article."""
        from archive.rules import state_of

        return state_of(self._articles[page.url], "1")

    read = __call__

    def close(self):
        """Required by the interface."""


_PAUSES = "，，，，，。。。、、；：？！"
_LATIN = ("2024", "2035", "GDP", "5G", "AI", "2021", "100", "WTO", "3.0", "60%")


class Texts:
    """Words of one to four characters, stock phrases of words, articles of phrases around a theme."""

    def __init__(self, seed: int = 1, words: int = 60_000, phrases: int = 200_000) -> None:
        self._random = random.Random(seed)
        characters = _level_one_characters()
        self._random.shuffle(characters)
        common = _weights(len(characters), 60, 1.6)
        lengths = self._random.choices((1, 2, 3, 4), (8, 68, 12, 12), k=words)
        spelled = iter(self._random.choices(characters, cum_weights=common, k=sum(lengths)))
        self._words = ["".join(islice(spelled, length)) for length in lengths]
        self._word_weights = _weights(words, 50, 1.0)
        self._phrases = [self._phrase() for _ in range(phrases)]
        self._phrase_weights = _weights(phrases, 40, 1.0)

    def articles(self, count: int, characters: int) -> Iterator[tuple[str, str]]:
        """Yield so many (headline, body); a body has at least so many characters."""
        for _ in range(count):
            yield "".join(self._drawn(3)), self._body(characters)

    def _body(self, characters: int) -> str:
        theme = self._drawn(8)
        parts: list[str] = []
        length = paragraph = 0
        while length < characters:
            part = self._sentence(theme)
            paragraph += len(part)
            length += len(part)
            parts.append(part)
            if paragraph > 200:
                parts.append("\n")
                paragraph = 0
        return "".join(parts)

    def _sentence(self, theme: list[str]) -> str:
        phrase = self._random.choices(self._phrases, cum_weights=self._phrase_weights)[0]
        topic = self._random.choice(theme) if self._random.random() < 0.9 else ""
        return f"{topic}{phrase}{self._random.choice(_PAUSES)}"

    def _phrase(self) -> str:
        words = self._drawn(self._random.randint(1, 5))
        if self._random.random() < 0.15:
            words.insert(self._random.randrange(len(words) + 1), self._random.choice(_LATIN))
        return "".join(words)

    def _drawn(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._word_weights, k=count)


def _level_one_characters() -> list[str]:
    """The 3,755 characters of GB 2312, level one."""
    cells = [bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF)]
    return [cell.decode("gb2312") for cell in cells if cell < b"\xd7\xfa"]


def _weights(count: int, flat: int, steep: float) -> list[float]:
    """Cumulated (rank + flat) to the power -steep: a larger `flat` makes the commonest less common."""
    return list(accumulate((rank + flat) ** -steep for rank in range(count)))
