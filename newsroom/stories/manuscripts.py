"""Hand-written parts of an article, in place of those invented for its number."""

from dataclasses import dataclass, replace

from newsroom.stories.story import Story


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A Chinese text; the parts it leaves out are invented. more: paragraphs added after the others."""

    headline: str | None = None
    keywords: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] | None = None
    more: tuple[str, ...] = ()
    speaker: str | None = None
    biography: str | None = None


def printed(story: Story, manuscript: Manuscript) -> Story:
    """A Chinese story with the parts that the manuscript has; a story in English is returned as it is.

    If the manuscript has a headline, the story has no second clause. If it has paragraphs, the story has no headings,
    and its summary is the first paragraph.
    """
    if story.language != "zh":
        return story
    whole = manuscript.paragraphs
    return replace(
        story,
        headline=manuscript.headline or story.headline,
        alternative_headline=None if manuscript.headline else story.alternative_headline,
        keywords=manuscript.keywords or story.keywords,
        speaker=manuscript.speaker or story.speaker,
        biography=manuscript.biography or story.biography,
        summary=whole[0] if whole else story.summary,
        paragraphs=(*(story.paragraphs if whole is None else whole), *manuscript.more),
        headings=story.headings if whole is None else (),
    )
