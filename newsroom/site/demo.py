# ruff: noqa: E501 - a paragraph stays on one line
"""The story of the demo: 24 months of the site, six speakers, and events on some articles, act by act.

`python -m newsroom --demo` begins with it. Of 60 articles these have a part: 12 is edited, 7 and 27 are removed, 18 is
removed and restored, 49 becomes for members only, 31 is missing once, 21 and 38 were edited long ago. The bureau
reprints 12 and 21 unchanged, 38 without half a sentence (this reprint moves later), and 57 as a scan without text.
"""

from newsroom.site.room import Newsroom
from newsroom.stories.manuscripts import Manuscript
from newsroom.stories.words.people import CAST

ARTICLES = 60  # enough for every article with a part
MONTHS = 24
_DAY = 86_400
_LASTED = MONTHS * 30 * _DAY
OLD, NEW = "放管服改革", "高效办成一件事"  # two formulations; the second replaces the first

EDITED, REMOVED, ALSO_REMOVED, RESTORED, RESTRICTED, MISSED, RETITLED = 12, 7, 27, 18, 49, 31, 21
REPRINTED, ABRIDGED, SCANNED = (12, 21), 38, 57

_LEDGER = "先看总账。去年全年，社区食堂为{number}名老人送出热饭，牵头做这件事的是街道养老服务中心主任{name}。能从三家做到二十三家，靠的是“{formulation}”。"
_CANTEENS = Manuscript(
    headline="社区食堂这本账，为什么值得细算",
    keywords=("养老服务", "社区食堂"),
    speaker="谭泊籁",
    biography="谭泊籁，静湖人口研究所研究员，长期在街镇做养老服务的田野调查，著有《饭桌上的街道》。",
    paragraphs=(
        "滨江街道把二十三家社区食堂的账本摊在桌上，一笔一笔算给我看。算得清楚，才谈得上办得长久。",
        _LEDGER.format(number="1.2万", name="闻照溪", formulation=OLD),
        "再看细账。一份午餐的成本是十五元六角，老人付八元，街道补四元，余下的由食堂对外营业填上。补贴不是越多越好，对外营业的那张门脸，才是食堂活下去的底气。",
        "还有一本看不见的账。独居老人连着两天没来吃饭，食堂的大姐会去敲门。去年这样敲开的门有三百一十七扇，其中九扇后面，是已经起不了身的人。",
        "所以，居家养老不是把老人留在家里，而是把服务送到家门口。食堂是一个入口：从吃饭开始，助浴、配药、陪诊一样一样接上去。",
        "有人问，财政紧的时候这笔钱能不能省？我的回答是，先算省下来之后要多花的钱。一位老人晚住一年养老院，省下的远不止这几元餐补。",
    ),
)
_LIFTS = Manuscript(
    headline="老楼装电梯，难在哪一层",
    keywords=("城市更新", "加装电梯"),
    speaker="程予鹭",
    biography="程予鹭，横沔规划院首席专家，二十年来只研究一件事：住在六楼的人怎样下楼。",
    paragraphs=(
        "一台电梯，一楼嫌挡光，二楼嫌没用，三楼观望，六楼盼了十年。难的不是机器，是七层楼的人坐到一张桌子前。",
        "静湖新村用了四个月，开了二十六次会。第一次吵到半夜，最后一次只用了十分钟签字。中间的二十四次，是邻居重新认识邻居。",
        "补贴能解决三成的问题，图纸能解决三成，剩下的四成只能靠商量。商量不是和稀泥，是把每一层的得失写在纸上，让大家看得见。",
        "电梯装好以后，楼道里多了一排折叠椅。有人说，这才是真正的公共空间：等电梯的两分钟，够说一句家常。",
    ),
)
_VISITS = "签约率写在墙上，信任写在门上。东湾的家庭医生今年敲开了{share}签约居民的家门，比三年前多了一倍。"
_CLINICS = Manuscript(
    headline="家庭医生怎样走进家门",
    keywords=("医疗卫生", "家庭医生"),
    speaker="陆知蘅",
    biography="陆知蘅，龙华医学中心副院长，坐诊之余走访了东湾的每一个社区卫生站。",
    paragraphs=(
        _VISITS.format(share="四成"),
        "最管用的办法也最笨：固定的人、固定的日子、固定的路线。每周三下午，同一位医生走同一栋楼，居民就把药盒摆在桌上等。",
        "慢性病管理不靠一次大会诊，靠一年二十次小提醒。血压本上的数字稳下来，大医院的走廊才会空下来。",
        "要让医生愿意走这条路，就得让走路的时间也算工作量。这一条写进考核以后，走访的人多了，写报告的人少了。",
    ),
)
_SAID_OLD = (
    "说到“放管服改革”，走到今天剩下的都是硬骨头：事项压下去了，群众跑的路还要再压。",
    "“放管服改革”改的是手续，连着的是人心；少盖一个章，就多一分信任。",
    "检验“放管服改革”，不看取消了多少事项，要看窗口前的队伍短了没有。",
)
_SAID_NEW = (
    "如今再谈“高效办成一件事”，不是换一个说法，而是换一把尺子：从部门办了几件，到群众跑了几趟。",
    "“高效办成一件事”难在后半句：一件事背后是五个部门，谁牵头，谁兜底，要事先写明白。",
    "把“高效办成一件事”办好，先要弄清楚群众眼里的“一件事”从哪里开始、到哪里结束。",
)
_IN_OLD, _IN_NEW = (1, 3, 4, 6, 8, 11, 13, 16, 19, 22, 26, 33), (24, 29, 32, 36, 39, 42, 44, 46, 48, 51, 53, 54, 56, 58)


def _manuscripts() -> dict[int, Manuscript]:
    said = {n: Manuscript(more=(_SAID_OLD[at % 3],)) for at, n in enumerate(_IN_OLD)}
    said |= {n: Manuscript(more=(_SAID_NEW[at % 3],)) for at, n in enumerate(_IN_NEW)}
    return {**said, EDITED: _CANTEENS, RETITLED: _LIFTS, ABRIDGED: _CLINICS}


# Old edits by article: days after publication, and the change.
_LONG_AGO: dict[int, tuple[int, dict[str, object]]] = {
    RETITLED: (41, {"property": "headline", "text": "老楼装电梯，难在坐到一张桌子前"}),
    ABRIDGED: (75, {"paragraph": 1, "text": _VISITS.format(share="三成")}),
}

# Events while the demo watches, as POST /-/event takes them.
_GONE = {REMOVED: "404", ALSO_REMOVED: "404", RESTORED: "410"}
FIRST_ACT: tuple[dict[str, object], ...] = (
    {
        "do": "edit",
        "article": EDITED,
        "paragraph": 2,
        "text": _LEDGER.format(number="1.8万", name="秦予蘅", formulation=NEW),
    },
    *({"do": "remove", "article": number, "how": how} for number, how in _GONE.items()),
    {"do": "restrict", "article": RESTRICTED},
    {"do": "move", "article": ABRIDGED},
)
SECOND_ACT: tuple[dict[str, object], ...] = (
    {"do": "restore", "article": RESTORED},
    {"do": "remove", "article": MISSED, "how": "404"},
)


def opened(articles: int, seed: int, clock: int) -> Newsroom:
    """The demo's site before FIRST_ACT: 24 months old at its clock, with a bureau that reprinted some articles."""
    room = Newsroom(articles, seed, clock, _LASTED // max(1, articles), CAST, _manuscripts())
    for number, (days, change) in _LONG_AGO.items():
        room.apply({"do": "edit", "article": number, **change}, room.published(number) + days * _DAY)
    for number in REPRINTED:
        room.apply({"do": "reprint", "article": number})
    room.apply({"do": "reprint", "article": SCANNED, "scan": True})
    room.apply({"do": "reprint", "article": ABRIDGED, "instead_of": "，写报告的人少了"})
    return room
