"""The words of the summary line, in Chinese and English; they are among the site's messages."""

SUMMING: dict[str, tuple[str, str]] = {
    "sum_then": ("；", "; "),
    "sum_none": ("（无）", "(none)"),
    "sum_place": ("{name}改动 1 处：{told}", "{name}, 1 place: {told}"),
    "sum_places": ("{name}改动 {n} 处：{told}", "{name}, {n} places: {told}"),
    "sum_value": ("{name}：{old} → {new}", "{name}: {old} → {new}"),
    "sum_list": ("{name}：{told}", "{name}: {told}"),
    "sum_added": ("增 {n} 项", "{n} added"),
    "sum_removed": ("减 {n} 项", "{n} removed"),
    "sum_order": ("顺序有变", "order changed"),
    "sum_character": ("{n} 字", "{n} character"),
    "sum_characters": ("{n} 字", "{n} characters"),
    "sum_word": ("{n} 词", "{n} word"),
    "sum_words": ("{n} 词", "{n} words"),
    "sum_replaced": ("删 {old}，增 {new}", "{old} replaced by {new}"),
    "sum_inserted": ("增 {new}", "{new} added"),
    "sum_deleted": ("删 {old}", "{old} deleted"),
    "sum_moved": ("移动 {new}", "{new} moved"),
    "sum_number": ("数字 {old} 改为 {new}", "number {old} changed to {new}"),
    "sum_number_n": ("数字 {n} 处", "numbers in {n} places"),
    "sum_punctuation": ("标点", "punctuation"),
    "sum_punctuation_n": ("标点 {n} 处", "punctuation in {n} places"),
    "sum_joined": ("两段合为一段", "two paragraphs joined"),
    "sum_joined_n": ("合段 {n} 处", "paragraphs joined in {n} places"),
    "sum_split": ("一段分为两段", "a paragraph split"),
    "sum_split_n": ("分段 {n} 处", "paragraphs split in {n} places"),
    "sum_form": ("仅格式", "form only"),
    "sum_form_n": ("格式 {n} 处", "form in {n} places"),
}

_ENGLISH = {"comma": ", ", "listed": ", "}


def english(message: str, /, **values: object) -> str:
    """The English text of a message, by its name in SUMMING or _ENGLISH, with the values filled in.

    Whole numbers are filled in with commas: `1,234`. Raises KeyError for an unknown name.
    """
    told = _ENGLISH[message] if message in _ENGLISH else SUMMING[message][1]
    return told.format(**{name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()})
