"""SQL that reads a property as text, a list one item a line: from a row of `articles`, or of `state_texts`."""

from archive.properties.table import BY_NAME, Property

# If listed_section is set, the text has no section of its own, and article_section is the list's.
_SAID = "iif({row}.listed_section is null, {row}.article_section, null)"
_LISTED = "(select group_concat(value, char(10) order by key) from json_each({row}.details, '$.{name}'))"
_PAIRS = """(select group_concat(value ->> 0 || ': ' || (value ->> 1), char(10) order by key)
                    from json_each({row}.details, '$.{name}'))"""
_FILES = """(select group_concat(m.url || iif(m.caption <> '', ' ' || m.caption, ''), char(10) order by m.position)
                    from article_media m where m.article_id = {row}.id and m.kind = 'attachment')"""
_FILES_IN_DETAILS = """(select group_concat((m.value ->> 'url') || iif(m.value ->> 'caption' <> '', ' ' || (m.value ->> 'caption'), ''),
                                    char(10) order by m.key)
                    from json_each({row}.details, '$.media') m where m.value ->> 'kind' = 'attachment')"""  # noqa: E501


def said_now(name: str, row: str = "a") -> str:
    """An SQL expression for a property of the current text, as text; `row` is the alias of `articles`.

    `said_now("headline") -> "a.headline"`. A list is given with one item a line.

    It is null for a section that a list names and not the page: that is not part of the text.
    """
    if name == "article_section":
        return _SAID.format(row=row)
    if name == "attachments":
        return _FILES.format(row=row)
    declared = BY_NAME[name]
    return f"{row}.{name}" if declared.stored == "column" else _in_details(declared, row)


def said_before(name: str, row: str = "t") -> str:
    """An SQL expression for a property of a superseded text, as text; `row` is the alias of `state_texts`.

    `said_before("headline") -> "t.headline"`. A list is given with one item a line.
    """
    if name == "attachments":
        return _FILES_IN_DETAILS.format(row=row)
    declared = BY_NAME[name]
    return f"{row}.{name}" if declared.in_state_texts else _in_details(declared, row)


def last_corrections(article: str) -> str:
    """SQL for the corrections of an article that count: of each property, by any key of the article, the last one.

    `article` is an SQL expression for its row id. The columns are those of `corrections`, and `last`.
    """
    return f"""
        select c.*, max(c.id) as last from keys k join corrections c on c.key_number = k.number
         where k.article_id = {article} group by c.property
        """


def _in_details(declared: Property, row: str) -> str:
    if declared.kind == "pairs":
        return _PAIRS.format(row=row, name=declared.name)
    return _LISTED.format(row=row, name=declared.name) if declared.is_list else f"{row}.details ->> '$.{declared.name}'"
