"""What real pages of policy sites give: headline and date of every article, a reason for everything else."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from parsers import Document, NotAnArticle, parse

pytestmark = pytest.mark.shared
CAPTURED = datetime(2026, 10, 5, tzinfo=UTC)

ARTICLES = [
    ("163_article_state_council.html", "国务院联防联控机制:湖北和武汉要严格管控防输出", "2020-02-29T18:34:31+08:00"),
    ("163_gb2312_internetplus_policy.html", "“互联网+”行动指导意见公布 提出11大重点任务", "2015-07-04T10:16:00+08:00"),
    ("163_gb2312_ndrc_bond_policy.html", "发改委出债券指引：放宽城投债 输血重大工程包", "2015-07-04T08:40:43+08:00"),
    ("163_gb2312_opinion_speaker.html", "易宪容：拿什么来稳定投资信心与市场预期", "2015-07-03T03:51:47+08:00"),
    ("banyuetan_article.html", "益阳：“数字”是优长", "2020-01-02T17:11:00+08:00"),
    ("chinadaily_article.html", "外国专家：中美合作共赢符合国际社会利益", "2023-11-17T15:13:00+08:00"),
    ("chinanews_qiushi_repost_article.html", "【中国稳健前行】坚定实施扩大内需战略", "2020-07-04T12:10:24+08:00"),
    ("cna_politics_article_jsonld.html", "鄭文燦：多元方案解決蛋荒 預估3月初緩解", "2023-02-21T21:20:00+08:00"),
    ("deqing_gov_article.html", "1-10月德清县固定资产投资结构趋稳趋优", "2016-11-22T09:53:00+08:00"),
    ("gmw_article.html", "宇航员在太空中喝酒会怎么样？后果很严重", "2017-03-10T09:58:00+08:00"),
    (
        "govcn_gazette_article.html",
        "全国人民代表大会常务委员会关于批准财政部发行特别国债购买外汇及调整2007 年末国债余额限额的决议",
        "2007-08-20T23:59:59+08:00",
    ),
    (
        "govcn_policy_1_fragment.html",
        "国务院关于在市场监管领域全面推行部门联合“双随机、一公开”监管的意见",
        "2019-02-15T00:00:00+08:00",
    ),
    (
        "govcn_policy_5_fragment.html",
        "国务院关于促进综合保税区高水平开放高质量发展的若干意见",
        "2019-01-25T00:00:00+08:00",
    ),
    (
        "govcn_policy_7_fragment.html",
        "国务院办公厅关于印发“无废城市”建设试点工作方案的通知",
        "2019-01-21T00:00:00+08:00",
    ),
    ("guancha_column_article.html", "王文：中美贸易“持久战”，中国人的斗志被激发", "2019-09-07T09:25:09+08:00"),
    ("hexun_article_policy.html", "交通运输部：着力打造京津冀区域综合立体交通网络", "2019-09-26T10:56:28+08:00"),
    ("ifeng_article_2022.html", "故宫，你低调点！故宫：不，实力已不允许我继续低调", "2019-02-20T02:26:00+08:00"),
    (
        "mojibake_policy_repost.html",
        "《網(wǎng)絡(luò )主播行為規范》明確規定：31種行為將被嚴厲禁止",
        "2022-06-24T00:00:00+08:00",
    ),
    ("news_cn_policy_article.html", "短缺药品保供稳价 全力保障临床用药需求", "2023-11-17T20:52:15+08:00"),
    ("people_culture_article.html", "女儿出嫁，郑板桥画了几笔兰花当嫁妆", "2019-06-15T08:18:00+08:00"),
    (
        "people_politics_article_20240424.html",
        "促进航天技术更好惠及人民――习近平主席向首届“中国－拉美和加勒比国家航天合作论坛”致贺信为中拉深化航天合作指明方向",
        "2024-04-24T23:52:00+08:00",
    ),
    (
        "qq_article_charset_mismatch.html",
        "DeepMind新电脑已可利用记忆自学 人工智能迈上新台阶",
        "2016-10-14T07:17:00+08:00",
    ),
    ("qq_prism_article.html", "棱镜|数据业大整顿：爬虫与现金贷共生共荣，用户信息几元不等", "2019-09-23T07:48:00+08:00"),
    ("shanxi_gov_article.html", "山西品牌丝路行（南美站）正式启动", "2019-09-18T06:23:00+08:00"),
    ("sina_article_one_pipe_tag.html", "中国人习以为常的地方 为何老外却说“了不得”？", "2019-11-25T18:57:38+08:00"),
    ("sina_article_pipe_tags.html", "最强“中国芯”本月商用 华为抢跑5G芯片大战", "2019-09-07T04:04:00+08:00"),
    ("sina_finance_four_pipe_tags.html", "人民币中间价创逾五年新低 做市商称符合预期", "2016-05-25T10:10:19+08:00"),
    ("sohu_article.html", "视频丨李克强同志遗体在京火化 习近平等到八宝山革命公墓送别", "2023-11-02T20:13:00+08:00"),
    ("thepaper_article_qiushi_essay.html", "新年伊始，习近平的重要文章谈了啥？", "2020-01-03T18:13:00+08:00"),
    (
        "thepaper_article_zhengwu.html",
        "定了！广州南沙邮轮母港即将开通！地铁直达+无敌免...",
        "2019-08-13T14:07:00+08:00",
    ),
    (
        "university_repost_thepaper_speaker.html",
        "【澎湃新闻】谢贵安：张居正对万历皇帝的儒学教育",
        "2017-04-06T17:46:00+08:00",
    ),
    ("xinhuanet_article_2020.html", "武汉的声音：有英勇的你，才有英雄的城！", "2020-02-19T20:29:58+08:00"),
    ("xinhuanet_hebei_gb18030_wayback.html", "话剧《约定无期限》河北各市巡演结束", "2012-06-04T09:20:26+08:00"),
    ("youth_cn_two_sessions_article.html", "海外留学生看两会：出国前后关注点大不同", "2017-03-10T08:42:00+08:00"),
]

OTHERS = [
    ("163_rolling_list.html", "a list"),
    ("govcn_policy_list_fragment.html", "no headline; 6 links"),
    ("guancha_home_list.html", "a list"),
    ("people_home_headlines_fragment.html", "no headline; 9 links"),
    ("qq_news_list.html", "no prose: 213 links"),
    ("shobserver_app_section_list_20190621.json", "a list in JSON, 10 rows"),
    ("shobserver_home_json_rows_20260927.json", "a list in JSON, 5 rows"),
]


@pytest.fixture(scope="session")
def addresses(shared: Path) -> dict[str, str]:
    """The url of each file, or a urn where the page's address is not known."""
    with (shared / "data/policy-pages/MANIFEST.tsv").open(encoding="utf-8") as rows:
        urls = {row["file"]: row["original_url"].split()[0] for row in csv.DictReader(rows, delimiter="\t")}
    return {name: url if url.startswith("http") else f"urn:file:{name}" for name, url in urls.items()}


def document(shared: Path, name: str, url: str) -> Document:
    content_type = "application/json" if name.endswith(".json") else "text/html"
    return Document((shared / "data/policy-pages" / name).read_bytes(), content_type, url, CAPTURED)


@pytest.mark.parametrize(("name", "headline", "published"), ARTICLES, ids=[row[0] for row in ARTICLES])
def test_an_article_has_its_headline_its_date_and_prose(shared, addresses, name, headline, published):
    article = parse(document(shared, name, addresses[name]))
    assert article.date_published is not None
    assert (article.headline, article.date_published.isoformat()) == (headline, published)
    assert len(article.body_text) > 100
    assert (article.in_language or "").startswith("zh-Han")


@pytest.mark.parametrize(("name", "reason"), OTHERS, ids=[row[0] for row in OTHERS])
def test_lists_say_why_they_are_no_article(shared, addresses, name, reason):
    with pytest.raises(NotAnArticle) as caught:
        parse(document(shared, name, addresses[name]))
    assert caught.value.reason.startswith(reason)


def test_every_file_of_the_manifest_is_in_a_table(addresses):
    assert sorted(addresses) == sorted(row[0] for row in [*ARTICLES, *OTHERS])


@pytest.mark.parametrize(
    ("name", "number", "symbol", "written"),
    [
        ("govcn_policy_1_fragment.html", "000014349/2019-00007", "国发〔2019〕5号", "2019年01月27日"),
        ("govcn_policy_5_fragment.html", "000014349/2019-00003", "国发〔2019〕3号", "2019年01月12日"),
        ("govcn_policy_7_fragment.html", "000014349/2018-00230", "国办发〔2018〕128号", "2018年12月29日"),
    ],
)
def test_a_policy_document_keeps_its_table(shared, addresses, name, number, symbol, written):
    article = parse(document(shared, name, addresses[name]))
    table = dict(article.metadata)
    assert (table["索引号"], table["发文字号"], table["成文日期"]) == (number, symbol, written)
    assert article.date_precision == "day"


@pytest.mark.parametrize(
    ("name", "source", "editors", "keywords"),
    [
        ("163_article_state_council.html", "新华社", None, ("国务院", "湖北", "疫情", "新冠肺炎")),
        ("sina_article_pipe_tags.html", "北京日报", ("张申",), ("中国芯", "芯片")),
        ("people_politics_article_20240424.html", "新华网", ("牛镛", "岳弘彬"), None),
        ("youth_cn_two_sessions_article.html", "人民日报海外版", None, None),
        ("shanxi_gov_article.html", "山西日报", (), ()),
    ],
)
def test_lines_around_the_body_name_source_and_editors(shared, addresses, name, source, editors, keywords):
    article = parse(document(shared, name, addresses[name]))
    assert article.source_line == source
    assert editors is None or article.editors == editors
    assert keywords is None or article.keywords == keywords
