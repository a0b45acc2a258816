"""Lines of interviews are text and name nobody: who speaks, a colon, and what is said. Labels times sentences."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.people.bylines import authors, editors, is_credit, is_talk, speakers

NAMES = """
    记者 编辑 主编 作者 责任编辑 总编辑 副主编 执行主编 栏目主编 责编 编审 校对 评论员 通讯员 实习生 本报记者
    解放日报记者 上观新闻记者 特约记者 见习记者 主讲人 演讲者 主讲嘉宾 讲述人 采访 口述 执笔 整理 译者 撰稿人
"""
LABELS = NAMES.split()
SAID = [
    "您怎么看？",
    "好的。",
    "您怎么看待城市更新",
    "“双减”之后，学校的课后服务怎么办？",
    "是的，我同意这个判断。",
    "这个问题很复杂，要从两方面看。",
    "城市更新不是拆房子。",
    "谢谢您接受采访！",
    "为什么是江海？",
    "有人说，年轻人不愿意留下来……",
    "2024年您最难忘的是什么？",
    "时间紧，任务重。",
    "也就是说，钱从哪里来",
    "王强，您先说。",
    "江海大学的课程改了吗？",
    "那是十年前的事了。",
    "不是。",
    "可以。",
    "有三个原因。",
    "先说好处，再说难处。",
    "江海的特点是水多、桥多。",
    "路是人走出来的。",
    "从哪里开始？",
    "“江海号”今年通航，意味着什么",
    "未来五年，江海会变成什么样——",
    "城市更新要算长远账",
    "江水涨了，船也多了。",
    "一是水，二是桥。",
    "对。",
    "嗯。",
    "明白。",
    "高兴。",
    "温暖。",
    "成功了。",
    "易于操作。",
    "何谓城市更新",
    "何以江海",
    "从何而来",
    "高质量发展的关键",
    "单靠政府不够",
    "市领导指出这一点",
]
WESTERN = ["What do you think of it?", "Thank you for coming.", "I agree with that, and so do most of us.", "Why now?"]
LINES = [f"{label}：{said}" for label, said in product(LABELS, SAID)]
LINES += [f"{label}: {said}" for label, said in product(["Editor", "Reporter", "Author", "Speaker"], WESTERN)]


def test_the_table_has_at_least_500_lines_of_interviews():
    assert len(LINES) >= 500


@every_row("line", LINES)
def test_a_line_of_an_interview_gives_no_author_editor_or_speaker(line):
    assert (authors(line), editors(line), speakers(line), is_credit(line)) == ((), (), (), False)


@every_row("label", [*LABELS, "问", "答", "主持人", "嘉宾", "受访者"])
def test_the_lines_of_an_interview_are_its_text(label):
    lines = [f"{label}：{said}" for said in SAID]
    assert_text(lines)


@every_row("said", SAID)
def test_a_line_of_an_interview_is_text_after_any_speaker_label(said):
    assert_text([f"{label}：{said}" for label in LABELS])


@every_row("label", ["Editor", "Reporter", "Author", "Speaker", "Q", "A"])
def test_western_interviews_are_text(label):
    assert_text([f"{label}: {said}" for said in WESTERN])


def assert_text(lines: list[str]) -> None:
    """First, in the midst and last in a body, plain and in bold type."""
    bold = [f"<b>{line}</b>" for line in lines]
    for shown in ([*lines, *PROSE], [PROSE[0], *lines, *PROSE[1:]], [*PROSE, *lines], [PROSE[0], *bold, *PROSE[1:]]):
        article = read(f"{HEAD}<div class=text>{paragraphs(shown)}</div>")
        assert list(article.paragraphs) == [line.removeprefix("<b>").removesuffix("</b>") for line in shown]
        assert (article.authors, article.editors, article.speaker, article.headings) == ((), (), None, ())


# What is no talk, in the forms in which pages print it.
CREDITS = [
    ("责任编辑：王小青", (), ("王小青",)),
    ("责任编辑：王小青。", (), ("王小青",)),
    ("责任编辑：王小青 我要纠错", (), ("王小青",)),
    ("编辑：小鱼儿 校对：李一", (), ("小鱼儿", "李一")),
    ("记者：王小青、李一", ("王小青", "李一"), ()),
    ("记者：王小青 李一 通讯员：张立文", ("王小青", "李一", "张立文"), ()),
    ("作者：江海大学新时代城市治理研究课题组", ("江海大学新时代城市治理研究课题组",), ()),
    ("作者：王小青，江海大学教授。", ("王小青",), ()),
    ("（记者 王强）江水涨了，您看到了吗？", ("王强",), ()),
    ("执笔：江边客", ("江边客",), ()),
]


@every_row(("line", "by", "edited_by"), CREDITS)
def test_a_credit_is_no_talk(line, by, edited_by):
    assert (authors(line)[: len(by)], editors(line)) == (by, edited_by)
    assert not is_talk(line)


SPOKEN = st.text(st.sampled_from("您我的了是要会在江海城市大学，。？！、“”—… 记者编辑王小青"), max_size=30)


@given(st.sampled_from(LABELS), SPOKEN)
def test_no_name_is_a_sentence(label, said):
    for name in (*authors(f"{label}：{said}"), *editors(f"{label}：{said}"), *speakers(f"{label}：{said}")):
        assert not set(name) & set("？！。…")


ASKED, ANSWERED = "记者：您怎么看航道的疏浚？", "王小青：疏浚要两岸一起算账，单方出钱走不远。"
SPOKEN = ["来源：这件事的根子在协议，谁也绕不开。", "来源：我觉得可以。", "來源：這是協議的根子，誰也繞不開。"]


@every_row("line", SPOKEN)
def test_a_line_that_opens_with_a_source_between_lines_of_speech_is_speech(line):
    lines = [ASKED, line, ANSWERED]
    article = read(HEAD + paragraphs([*lines, "来源：江海日报"]))
    assert (article.paragraphs, article.source_line) == (tuple(lines), "江海日报")


@every_row("line", [*SPOKEN, "来源：江海日报", "来源：新华社、江海日报综合整理。"])
def test_a_source_is_no_speech_beside_other_lines(line):
    assert read(HEAD + paragraphs([*PROSE, line, ANSWERED])).paragraphs == (*PROSE, ANSWERED)
    assert read(HEAD + paragraphs([*PROSE, ASKED, ANSWERED, line])).paragraphs == (*PROSE, ASKED, ANSWERED)


def test_a_publisher_between_lines_of_speech_is_a_source():
    assert read(HEAD + paragraphs([ASKED, "来源：江海日报", ANSWERED, *PROSE])).source_line == "江海日报"
