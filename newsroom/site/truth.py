"""The true states of an article, with which an archive can be compared: GET /-/truth."""

import json
from collections.abc import Iterator

from newsroom.events.editing import revised
from newsroom.site.room import LIVE, Condition, Newsroom, condition_after
from newsroom.stories.dates import iso
from newsroom.stories.story import Story, language_of

Truth = dict[str, object]


def truth(room: Newsroom, number: int, language: str | None = None) -> Truth:
    """The present text and condition of an article, and in `versions` its earlier states, oldest first.

    `versions` lacks the present state; it is [] if nothing changed. language: zh or en; default that of the ordinary
    site. The shapes of Chinese sites have all articles in Chinese, the mirror in English. `from` is the site's own time
    (ISO 8601) at which a state began, `until` that at which an earlier one ended; an event without a visible change
    begins no state.
    """
    language = language or language_of(number)
    story, condition = room.first_story(number, language), LIVE
    states: list[Truth] = []
    for event in room.history(number):
        if event.kind in ("paginate", "reprint", "move"):
            continue  # the text stays
        if event.kind in ("edit", "cosmetic", "publish"):
            story_after, condition_after_event = (
                revised(story, event.kind, event.arguments, event.sequence),
                condition,
            )
        else:
            story_after, condition_after_event = story, condition_after(event)
        if (story_after, condition_after_event[:2]) != (story, condition[:2]) and event.kind != "publish":
            states.append(_state(story, condition, states, room, number))
            states[-1]["until"] = iso(event.at)
        story, condition = story_after, condition_after_event
    now = _state(story, condition, states, room, number)
    url = f"{room.address}/article/{number}.html"
    return {"id": number, "url": url} | now | {"versions": states}


def _state(story: Story, condition: Condition, before: list[Truth], room: Newsroom, number: int) -> Truth:
    since = before[-1]["until"] if before else iso(room.published(number))
    return {
        "headline": story.headline,
        "alternative_headline": story.alternative_headline,
        "article_section": story.article_section,
        "speaker": story.speaker,
        "keywords": list(story.keywords),
        "date_published": story.date_published,
        "paragraphs": list(story.paragraphs),
        "headings": [text for _, text in story.headings],
        "biography": story.biography,
        "authors": [story.author] if story.author else [],
        "editors": [story.editor],
        "reprint_notice": story.notice,
        "in_language": "zh-Hans" if story.language == "zh" else "en",
        "state": condition.state,
        "how": condition.how,
        "from": since,
    }


def truth_lines(room: Newsroom) -> Iterator[bytes]:
    """Yield every article's truth as JSON Lines, in the order of the numbers."""
    numbers = [*range(1, room.articles + 1), *sorted(room.extras)] if room.extras else range(1, room.articles + 1)
    for number in numbers:
        yield json.dumps(truth(room, number), ensure_ascii=False).encode() + b"\n"
