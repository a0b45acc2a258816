"""When two articles of a source are one work: honest republications are, notices of one text are not."""

import random
from collections.abc import Callable

from support.tables import every_row

from archive.diffing import segments
from archive.rules import WorkText, is_same_work
from parsers.text import holds_han

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英建华志文海波晓燕"
PLACES = ("东江市", "西河县", "南湖区", "北桥镇", "青石街道", "白塔乡", "云港市", "松林区", "柳堤路", "竹溪村")
OFFICES = ("教育局局长", "卫生局副局长", "档案馆馆长", "财政处处长", "规划院院长", "文化馆副馆长", "水务局局长",
           "党委书记", "街道办事处主任", "图书馆馆长")  # fmt: skip
SKIES = ("晴", "多云", "阴", "小雨", "中雨", "晴转多云", "多云转阴", "雷阵雨", "小雪", "雨夹雪")
SENTENCES = (
    "请各有关单位认真做好交接，保证各项工作平稳衔接，不出现空档。",
    "各科室要按照分工抓好落实，遇到问题及时沟通。",
    "如对上述内容有异议，可以通过来信、来电、来访等方式向组织人事部门反映。",
    "反映问题应当实事求是，并提供真实姓名和联系方式，我们将为来信来访者保密。",
    "受理部门将对收到的意见逐条登记，认真核实，并以适当方式反馈。", "希望广大群众积极参与，共同营造风清气正的环境。",
    "出行请注意安全，关好门窗，及时收起阳台上的物品，老人和儿童减少外出。",
    "有关部门已经做好应急准备，值班人员全天在岗，发现险情立即处置。", "本报将继续关注后续进展，并及时发布权威信息。",
    "他的一生平凡而不凡，把全部心血献给了所热爱的事业，深受同事敬重。",
    "亲友和同事怀着沉痛的心情，前来送别这位可敬的长者，寄托哀思。",
    "丧事从简，遵照本人遗愿，不举行追悼仪式，谢绝花圈。",
    "道路湿滑，请驾驶员减速慢行，保持车距，不要抢行。", "农户要抓住有利时机抢收抢种，注意排水防涝，加强田间管理。",
    "学校和幼儿园可以根据实际情况调整作息，并提前告知家长。", "更多内容请关注本报后续报道。",
)  # fmt: skip
ESSAY = (
    "改革走到深处，最要紧的是把群众的感受放在心上，把好事办实，把实事办好。",
    "城市更新不是推倒重来，而是让老街坊住得更舒心。",
    "一座城市的温度，往往藏在街角的长椅和深夜的灯光里。", "读书使人明白，自己所知的不过是岸边的沙。",
    "产业升级靠的是技术积累，也靠企业家敢于试错的勇气。", "基层治理要用绣花功夫，既看得见全局，也看得见针脚。",
    "文化的传承，不在于复制旧物，而在于让旧物开口说今天的话。",
    "所谓远见，就是在热闹的时候看见冷清，在冷清的时候看见希望。",
    "制度的生命在于执行，执行的关键在于人心。", "科学家需要安静的书桌，也需要宽容失败的空气。",
    "乡村不只是粮仓，也是我们理解自己来处的地方。", "数字化带来便利，也提醒我们给不会用手机的人留一扇窗。",
    "对话比独白更有力量，因为它承认别人也可能是对的。", "教育的目的，是让孩子有能力面对没有标准答案的问题。",
    "好的政策像春雨，落下来不响，地里的庄稼知道。", "我们常说久久为功，难的不是开始，而是第三年还在坚持。",
)  # fmt: skip
PAIRS = 200
MAX_NOTICES_JOINED = 0
MIN_REPUBLISHED_JOINED = 185


def agreement(one: str, other: str) -> float:
    equal = sum(len(each.text) for each in segments(one, other) if each.op == "equal")
    return equal / max(len(one), len(other))


def name(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.randint(1, 2)))


def day(chance: random.Random) -> str:
    return f"{chance.randint(1, 12)}月{chance.randint(1, 28)}日"


FORMS: tuple[tuple[str, str, dict[str, Callable[[random.Random], str]]], ...] = (
    ("人事任免", "经研究决定，任命{person}为{place}{office}。",
     {"person": name, "place": lambda c: c.choice(PLACES), "office": lambda c: c.choice(OFFICES)}),
    ("干部任前公示", "{person}，男，现任{office}，拟任{place}领导职务，公示期自{day}起。",
     {"person": name, "place": lambda c: c.choice(PLACES), "office": lambda c: c.choice(OFFICES), "day": day}),
    ("今日天气", "{place}今天{sky}，偏南风，气温{degrees}度。",
     {"place": lambda c: c.choice(PLACES), "sky": lambda c: c.choice(SKIES),
      "degrees": lambda c: str(c.randint(1, 39))}),
    ("天气提示", "{place}今夜到明天{sky}，请合理安排出行。",
     {"place": lambda c: c.choice(PLACES), "sky": lambda c: c.choice(SKIES)}),
    ("沉痛悼念", "{person}同志因病医治无效，于{day}逝世。", {"person": name, "day": day}),
    ("讣告", "沉痛悼念{person}先生，原{place}{office}。",
     {"person": name, "place": lambda c: c.choice(PLACES), "office": lambda c: c.choice(OFFICES)}),
    ("免职通知", "免去{person}的{office}职务。", {"person": name, "office": lambda c: c.choice(OFFICES)}),
)  # fmt: skip


def body(chance: random.Random, pool: tuple[str, ...], least: int) -> list[str]:
    found: list[str] = []
    while sum(map(len, found)) < least:
        found += chance.sample(pool, len(pool))
    while sum(map(len, found[:-1])) >= least:
        found.pop()
    return found


def notices(seed: int) -> tuple[WorkText, WorkText]:
    """Two notices that fill in one form: at least one entry differs, and 98 % of the text agrees."""
    chance = random.Random(f"notices {seed}")
    while True:
        headline, form, entries = chance.choice(FORMS)
        rest = "\n".join(body(chance, SENTENCES, chance.randint(280, 760)))
        first = {entry: make(chance) for entry, make in entries.items()}
        changed = chance.sample(sorted(entries), chance.randint(1, len(entries)))
        second = first | {entry: entries[entry](chance) for entry in changed}
        one, other = (f"{form.format(**each)}\n{rest}" for each in (first, second))
        if first != second and agreement(one, other) >= 0.98 and 300 <= len(one) <= 800:
            return WorkText(headline, "2026-05-04", one), WorkText(
                headline, f"2026-05-{chance.randint(4, 20):02}", other
            )


def edited(chance: random.Random, text: str) -> str:
    """The text after a small edit, as an editor makes it: a comma, a word, a slip of the pen, a closing line."""
    place = chance.choice([at for at, sign in enumerate(text) if sign in "，。"])
    inner = chance.choice([at for at in range(2, len(text) - 2) if holds_han(text[at])])
    way = chance.randint(0, 4)
    if way == 0:
        return text[:place] + ("；" if text[place] == "，" else "！") + text[place + 1 :]
    if way == 1:
        return text[:place] + chance.choice(("的确", "也", "其实", "同样")) + text[place:]
    if way == 2:
        return text[:inner] + chance.choice("的地得了着过和与及在") + text[inner + 1 :]
    if way == 3 and chance.random() < 0.5:
        return text[:inner] + "".join(chance.sample("推进落实完善共同持续", 2)) + text[inner + 2 :]
    if way == 3:
        return text[:inner] + text[inner + 1 :]
    return text + "\n" + chance.choice(("（作者系本报评论员）", "编辑：本报", "（题图来自网络）"))


def republished(seed: int) -> tuple[WorkText, WorkText]:
    """An article and what its site published of it under another number: later, or with up to two small edits."""
    chance = random.Random(f"republished {seed}")
    pool = chance.choice((ESSAY, ESSAY + SENTENCES))
    while True:
        one = "\n".join(body(chance, pool, chance.randint(330, 1500)))
        other = one
        for _ in range(chance.randint(0, 2)):
            other = edited(chance, other)
        if agreement(one, other) >= 0.98:
            dates = "2026-05-04", f"2026-05-{chance.choice((4, 4, 5, 9)) if one == other else 4:02}"  # a corrected one
            return WorkText("把实事办好", dates[0], one), WorkText("把实事办好", dates[1], other)


def test_notices_of_one_text_stay_two_and_republished_articles_become_one() -> None:
    joined = [seed for seed in range(PAIRS) if is_same_work(*notices(seed))]
    kept = [seed for seed in range(PAIRS) if is_same_work(*republished(seed))]
    print(f"of {PAIRS} pairs of notices {len(joined)} were joined, of {PAIRS} republished articles {len(kept)}")
    for seed in joined[:3]:
        print([(each.op, each.text) for each in segments(*(one.body_text[:60] for one in notices(seed)))])
    for seed in [seed for seed in range(PAIRS) if seed not in kept][:20]:
        found = segments(*(one.body_text for one in republished(seed)))
        print([each.text[-6:] if each.op == "equal" else (each.op, each.text) for each in found])
    assert len(joined) <= MAX_NOTICES_JOINED
    assert len(kept) >= MIN_REPUBLISHED_JOINED


LONG = "\n".join(ESSAY)


@every_row(
    ("change", "same"),
    [
        (lambda text: text, True),
        (lambda text: text.replace("常说", "总说"), True),
        (lambda text: text + "\n（本文有删节）", True),
        (lambda text: text.replace("第三年", "第五年"), False),
        (lambda text: text + "\n二〇二六年", False),
        (lambda text: text[:290], False),
        (lambda text: text + text, False),
        (lambda text: text.replace("城市", "村庄"), False),  # at several places
    ],
)
def test_a_changed_text_is_the_same_work_or_not(change: Callable[[str], str], same: bool) -> None:
    one = WorkText("同一个题目", "2026-05-04", LONG)
    assert is_same_work(one, WorkText("同一个题目", "2026-05-04", change(LONG))) is same
    assert is_same_work(WorkText("同一个题目", "2026-05-04", change(LONG)), one) is same
    assert not is_same_work(one, WorkText("另一个题目", "2026-05-04", change(LONG)))
    assert not is_same_work(one, WorkText("同一个题目", "2026-05-11", change(LONG)))


def test_a_text_of_another_day_must_not_exchange_a_word() -> None:
    one, other = LONG.replace("常说", "总说"), LONG + "\n（本文有删节）"
    for day in ("2026-05-05", None):
        assert is_same_work(WorkText("同一个题目", "2026-05-04", LONG), WorkText("同一个题目", day, other))
        assert not is_same_work(WorkText("同一个题目", "2026-05-04", LONG), WorkText("同一个题目", day, one))
