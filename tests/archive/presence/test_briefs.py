"""A crawl of briefs that report deletions, between tombstones and block pages: edits and removals, nothing else."""

from datetime import timedelta

from support.archiving import NOON, crawl, page, rows

from archive import open_archive

TEXTS = (
    "江海新区市场监管局三日通报，上月新设410家企业，其中制造业企业96家，均在线上办结登记。",
    "城北街道对62处点位逐一复查，并请居民代表到场看过，上次检查发现的隐患已不存在。",
    "江海市网信办昨天下午通报，本周共清理虚假信息一千二百余条，涉事文章均已删除。",
    "江海区图书馆旧版网站昨日停用，读者证号不变，原有链接已失效，请使用新版小程序续借。",
    "搜救中心四日清晨收到求救信号，两小时后三名船员获救，另有一件救生筏没有找到。",
    "首日有3200名老人家属注册。家属请先登录平台核对信息，再预约上门评估，名额每周更新。",
    "开放放号的十分钟内访问过于频繁，平台会要求滑动验证，防止号贩子抢号，患者不必着急。",
    "该校科研诚信办公室昨天通报，涉事论文已撤稿，第一作者两年内不得申报课题和奖项。",
    "老码头最后一段栈桥昨晚吊离水面。老人们说，小时候跳水的地方已不存在，船也换了。",
    "市体育馆宣布，会员日由周五改为周三，会员专享时段延长到21时，教练同时在场指导。",
    "公交404路改经滨江大道，首末班时间不变，沿途新增两站，老站牌上的旧站名已被删除。",
    "诈骗短信中的链接常在一天内失效，市民点开后看到“您访问的页面不存在”，钱已转走。",
)
GONE = "<title>江海观察</title><nav><a href=/>首页</a></nav><p>该文章不存在或已下线，5秒后自动跳转到首页</p>".encode()
CHECK = "<title>访问验证</title><h1>访问验证</h1><p>您的访问过于频繁，请完成安全验证后继续。</p>".encode()


def site(**others: bytes) -> dict[int, bytes | int]:
    pages = {number: page(number, paragraphs=(text,)) for number, text in enumerate(TEXTS, start=1)}
    return {**pages, **{int(name[1:]): answer for name, answer in others.items()}}


def test_briefs_give_the_edits_and_the_removals_and_nothing_else(tmp_path):
    archive = open_archive(tmp_path)
    edited = {
        "_3": page(3, paragraphs=(TEXTS[2].replace("均已", "已全部"),)),
        "_8": page(8, paragraphs=(TEXTS[7].replace("两年", "三年"),)),
    }
    crawl(archive, NOON, site())
    crawl(archive, NOON + timedelta(days=1), site(**edited, _5=GONE, _9=GONE, _11=CHECK))
    crawl(archive, NOON + timedelta(days=2), site(**edited, _5=GONE.replace(b"5", b"3"), _9=GONE.replace(b"5", b"3")))
    told = "select kind, count(*) from events group by 1 order by 1"
    assert rows(archive, told) == [("edited", 2), ("new", 12), ("removed", 2)]
    assert rows(archive, "select state, count(*) from articles group by 1 order by 1") == [("live", 10), ("removed", 2)]
    others = "select verdict, count(*) from captures where verdict <> 'article' group by 1 order by 1"
    assert rows(archive, others) == [("blocked", 1), ("gone", 4)]
    archive.close()


def test_a_block_page_is_no_evidence(tmp_path):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, site())
    summary, outcomes = crawl(archive, NOON + timedelta(days=1), site(_11=CHECK))
    assert (outcomes[10].kind, summary.new_revisions, summary.errors) == ("unreachable", 0, 1)
    assert rows(archive, "select state from articles where url like '%/11.html'") == [("unreachable",)]
    archive.close()
