"""Bytes into text: the Encoding standard to the letter, and the lies of real servers."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from parsers.decoding import decode, decode_label, meta_encoding
from parsers.decoding.encodings import LABELS, encoding_for

CHINESE = "长三角如何走在前列？推进中国式现代化，是一个过程。"
TRADITIONAL = "推進中國式現代化，長三角如何走在前列？這是一個過程。"
JAPANESE = "これは日本語の文章です。カタカナもあります。"
KOREAN = "이것은 한국어 문장입니다. 그리고 하나 더 있습니다."
GBK_META = '<html><head><meta charset="gb2312"><title>'
LATE_META = "<html><head>" + "<!-- filler -->" * 350 + '<meta charset="gbk">'


def page(text: str, encoding: str) -> bytes:
    return text.encode(encoding)


FOUND = [
    ("utf-8", page(CHINESE, "utf-8"), None, CHINESE, "UTF-8"),
    ("utf-8 mark", b"\xef\xbb\xbf" + page(CHINESE, "utf-8"), "text/html; charset=gbk", CHINESE, "UTF-8"),
    ("utf-16 mark", b"\xff\xfe" + page(CHINESE, "utf-16-le"), None, CHINESE, "UTF-16LE"),
    ("gbk header", page(CHINESE, "gbk"), "text/html; charset=GB2312", CHINESE, "GBK"),
    ("gbk meta", page(GBK_META + CHINESE, "gbk"), None, GBK_META + CHINESE, "GBK"),
    ("meta after 5 KB", page(LATE_META + CHINESE, "gbk"), None, LATE_META + CHINESE, "GBK"),
    ("gbk undeclared", page(CHINESE, "gbk"), None, CHINESE, "gb18030"),
    ("four-byte gb18030", page("𠮷" + CHINESE, "gb18030"), None, "𠮷" + CHINESE, "gb18030"),
    ("header says utf-8", page(CHINESE, "gbk"), "text/html; charset=utf-8", CHINESE, "gb18030"),
    ("header says latin-1", page(CHINESE, "gbk"), "text/html; charset=ISO-8859-1", CHINESE, "gb18030"),
    ("header says latin-1 of utf-8", page(CHINESE, "utf-8"), "text/html; charset=ISO-8859-1", CHINESE, "UTF-8"),
    ("meta says gb2312 of utf-8", page(GBK_META + CHINESE, "utf-8"), None, GBK_META + CHINESE, "UTF-8"),
    ("unknown label", page(CHINESE, "utf-8"), "text/html; charset=none", CHINESE, "UTF-8"),
    (
        "latin-1",
        "Café déjà vu, naïve façade".encode("latin-1"),
        "text/html; charset=latin1",
        "Café déjà vu, naïve façade",
        "windows-1252",
    ),
    (
        "umlauts that are valid in GB 18030, too",
        "<p>Für größere Schätze ist es <b>üblich</b>".encode("latin-1"),
        "text/html; charset=iso-8859-1",
        "<p>Für größere Schätze ist es <b>üblich</b>",
        "windows-1252",
    ),
    (
        "header says latin-9 of utf-8",
        "Café déjà vu, naïve façade".encode(),
        "text/html; charset=iso-8859-15",
        "Café déjà vu, naïve façade",
        "UTF-8",
    ),
    ("big5 undeclared", page(TRADITIONAL, "big5"), None, TRADITIONAL, "Big5"),
    ("shift_jis undeclared", page(JAPANESE, "shift_jis"), None, JAPANESE, "Shift_JIS"),
    ("euc-jp undeclared", page(JAPANESE, "euc_jp"), None, JAPANESE, "EUC-JP"),
    ("euc-kr undeclared", page(KOREAN, "euc_kr"), None, KOREAN, "EUC-KR"),
    ("cut in a character", page(CHINESE, "utf-8")[:-1], "text/html; charset=utf-8", CHINESE[:-1] + "\ufffd", "UTF-8"),
    ("utf-16 without a mark", page("plain text", "utf-16-le"), None, "plain text", "UTF-16LE"),
    ("ascii", b"plain", None, "plain", "UTF-8"),
    ("nothing", b"", None, "", "UTF-8"),
    (
        "xml",
        page('<?xml version="1.0" encoding="big5"?>' + TRADITIONAL, "big5"),
        None,
        '<?xml version="1.0" encoding="big5"?>' + TRADITIONAL,
        "Big5",
    ),
]


@every_row(("payload", "content_type", "text", "encoding"), [row[1:] for row in FOUND])
def test_decode_finds_text_and_encoding_despite_false_declarations(
    payload: bytes, content_type: str | None, text: str, encoding: str
) -> None:
    assert decode(payload, content_type) == (text, encoding)


ERRORS = [
    ("gbk", b"\x80", "€"),
    ("gb2312", b"\x81a\xff\x30b", "乤\ufffd0b"),
    ("gbk", b"\xb0<p>", "\ufffd<p>"),  # an ASCII byte is never swallowed
    ("gb18030", b"\x81\x30\x81\x30", "\x80"),
    ("gb18030", b"\x84\x31\xa4", "\ufffd"),
    ("gbk", b"\xa6\xd9", "\ufe10"),
    ("big5", b"\xa3\xe1\x81<", "€\ufffd<"),
    ("big5", b"\x88\x62", "\xca\u0304"),
    ("euc-kr", b"\xb0\xa1\xc9!", "가\ufffd!"),
    ("shift_jis", b"\xb1\x81 \x80\xa0", "ｱ\ufffd \x80\ufffd"),
    ("euc-jp", b"\x8e\xb1\xa1\xc1\xad\xa1", "ｱ～①"),
    ("utf-8", b"\xe4\xb8<\xff", "\ufffd<\ufffd"),
    ("iso-8859-1", b"\x80\x81", "€\x81"),
    ("x-user-defined", b"a\x80\xff", "a\uf780\uf7ff"),
    ("hz-gb-2312", b"~{<:", "\ufffd"),
    ("replacement", b"", ""),
    ("gbk", b"\xef\xbb\xbf\xe4\xb8\xad", "中"),  # a mark wins over the label
]


@every_row(("label", "payload", "text"), ERRORS)
def test_decode_label_does_as_the_standard_does(label: str, payload: bytes, text: str) -> None:
    assert decode_label(payload, label) == text


@every_row("label", ["", "none", "utf-7", "gbk\xa0", "GB2312-80"])
def test_an_unknown_label_is_an_error(label: str) -> None:
    assert encoding_for(label) is None
    with pytest.raises(LookupError, match="Unknown encoding label"):
        decode_label(b"", label)


@pytest.mark.parametrize(("label", "name"), [(" GB2312\n", "GBK"), ("ISO-8859-1", "windows-1252"), ("Utf8", "UTF-8")])
def test_labels_are_trimmed_and_folded(label: str, name: str) -> None:
    assert encoding_for(label) == name


@every_row(
    ("head", "encoding"),
    [
        (b'<meta charset="gbk">', "GBK"),
        (b'<META http-equiv=Content-Type content="text/html; charset=gb2312">', "GBK"),
        (b'<!-- <meta charset="gbk"> --><meta charset=big5>', "Big5"),
        (b"<p title='<meta charset=gbk>'>", None),
        (b'<meta charset="utf-16">', "UTF-8"),
        (b'<meta name="x" content="charset=gbk">', None),
        (b"<meta charset=gbk", None),
        (b'<meta charset="nonsense"><meta charset="gbk">', "GBK"),
    ],
)
def test_the_first_valid_meta_charset_is_the_declared_encoding(head: bytes, encoding: str | None) -> None:
    assert meta_encoding(head) == encoding


def _cases(shared: Path, corpus: str) -> list[dict]:
    return [
        json.loads(line) for line in (shared / "data/corpora" / corpus / "cases.jsonl").read_text("utf-8").splitlines()
    ]


@pytest.mark.shared
def test_each_label_of_the_standard_names_its_encoding(shared: Path) -> None:
    cases = _cases(shared, "encoding-labels")
    assert {case["input"]: encoding_for(case["input"]) for case in cases} == {
        case["input"]: case["expected"] for case in cases
    }


@pytest.mark.shared
def test_single_byte_encodings_are_decoded_as_the_standard_says(shared: Path) -> None:
    cases = _cases(shared, "encoding-single-byte")
    wrong = [
        case["id"]
        for case in cases
        if decode_label(base64.b64decode(case["input"]["b64"]), case["label"]) != case["expected"]
    ]
    assert wrong == []


@pytest.mark.shared
def test_multi_byte_encodings_are_decoded_as_the_standard_says(shared: Path) -> None:
    cases = _cases(shared, "encoding-legacy-decode")
    wrong = [
        (case["id"], label)
        for case in cases
        for label in case["labels"]
        if decode_label(base64.b64decode(case["input_b64"]), label) != case["expected"]
    ]
    assert wrong == []


@pytest.mark.shared
def test_the_meta_prescan_finds_the_encoding_of_each_case(shared: Path) -> None:
    """All cases but those whose meta a script writes and those that test the byte order mark."""
    wrong = []
    for case in _cases(shared, "html-charset-prescan"):
        head = base64.b64decode(case["input_b64"]) if "input_b64" in case else case["input"].encode()
        if b"<script>" not in head and not head.startswith(b"\xef\xbb\xbf"):
            found = meta_encoding(head) or "windows-1252"
            wrong += [] if found.lower() == case["expected"].lower() else [case["id"]]
    assert wrong == []


@pytest.mark.shared
def test_files_without_a_label_are_decoded_as_their_folder_says(shared: Path) -> None:
    """Every East Asian and UTF-8 file decodes as its folder says; UTF-16 and UTF-32 without a mark cannot be told."""
    folder = shared / "data/corpora/charset-files"
    known = [case for case in _cases(shared, "charset-files") if encoding_for(str(case["expected"]).replace("_", "-"))]
    known = [case for case in known if "no_bom" not in case["id"]]
    wrong = []
    for case in known:
        payload = (folder / case["input"]).read_bytes()
        if decode(payload)[0] != decode_label(payload, case["expected"].replace("_", "-")):
            wrong.append(case["id"])
    assert len(known) > 60
    assert wrong == []


HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)


@given(HAN, st.sampled_from(["gb18030", "utf-8", "utf-16-le"]))
def test_a_true_label_is_believed(text: str, codec: str) -> None:
    assert decode_label(text.encode(codec), {"utf-16-le": "utf-16"}.get(codec, codec)) == text


@given(st.binary(max_size=200), st.none() | st.text(max_size=40))
def test_any_bytes_are_text(payload: bytes, content_type: str | None) -> None:
    text, encoding = decode(payload, content_type)
    assert encoding in set(LABELS.values())
    assert text == decode_label(payload, encoding)


@given(st.binary(max_size=60), st.sampled_from(sorted(LABELS)))
def test_any_bytes_decode_under_any_label(payload: bytes, label: str) -> None:
    text = decode_label(payload, label)
    assert text.encode("utf-8").decode("utf-8") == text
    if encoding_for(label) not in ("replacement", "UTF-16LE", "UTF-16BE", "ISO-2022-JP"):
        assert decode_label(b"<p>" + payload.replace(b"\xff", b""), label).startswith("<p>")


def test_gb18030_may_be_cut_behind_a_byte_that_no_sequence_goes_on_behind() -> None:
    """Errors end a piece too: else a file of nothing else is one piece, which no count of errors bounds."""
    errors, text = b"\xff" * 1_000_001, "中国".encode("gb18030")
    assert decode_label(errors + text, "gb18030") == "\ufffd" * len(errors) + "中国"
