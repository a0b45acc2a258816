"""The table of properties names all that an article has, and the database and the site have all that it names."""

from contextlib import closing
from dataclasses import fields
from pathlib import Path

from support.archiving import rows

from archive import open_archive
from archive.properties.table import BY_NAME, CORRECTABLE, PROPERTIES, columns
from archive.publish.messages.properties import PROPERTY_NAMES
from parsers.article import Article


def test_every_field_of_an_article_is_declared_once():
    declared = [each.attribute for each in PROPERTIES if each.stored != "nowhere"]
    assert sorted(declared) == sorted(field.name for field in fields(Article))


def test_the_database_has_the_columns_that_are_declared(tmp_path: Path):
    with closing(open_archive(tmp_path)) as archive:
        there = {
            table: {name for (name,) in rows(archive, f"select name from pragma_table_info('{table}')")}
            for table in ("articles", "state_texts")
        }
    assert {column.name for column in columns()} - there["articles"] == set()
    assert {each.name for each in PROPERTIES if each.in_state_texts} - there["state_texts"] == set()


def test_only_properties_stored_as_columns_have_column_settings():
    of_a_column = [
        each.name
        for each in PROPERTIES
        if each.exported or each.folded or each.counted or each.meaning or each.computed
    ]
    assert [name for name in of_a_column if BY_NAME[name].stored != "column"] == []


def test_only_attachments_are_stored_nowhere():
    assert [each.name for each in PROPERTIES if each.stored == "nowhere"] == ["attachments"]


def test_compared_and_searched_properties_can_be_shown_as_text():
    """A change has both values as text; a searched property is a text or a list of texts."""
    assert [each.name for each in PROPERTIES if each.in_digest and each.kind in ("flag", "numbers", "links")] == []
    prose = ("line", "name", "names", "lines", "passage", "text")
    assert [each.name for each in PROPERTIES if each.weight is not None and each.kind not in prose] == []


def test_a_property_that_can_be_corrected_is_a_text_a_list_of_texts_or_a_moment():
    kinds = ("line", "name", "passage", "names", "time", "code")
    assert [name for name in CORRECTABLE if BY_NAME[name].kind not in kinds] == []
    assert {*CORRECTABLE} - PROPERTY_NAMES.keys() == set()


def test_only_related_and_media_are_stored_as_rows():
    assert [each.name for each in PROPERTIES if each.stored == "rows"] == ["related", "media"]


def test_compared_and_searched_properties_have_a_name_in_both_languages():
    met = {each.name for each in PROPERTIES if each.in_digest or each.weight is not None}
    assert met - PROPERTY_NAMES.keys() == set()
