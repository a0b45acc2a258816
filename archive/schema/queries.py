"""Ready questions about the archive, answered by SQL that readers can read and change."""

from typing import Any

from archive.schema.crossed_queries import CROSSED
from archive.search import BAG, JOIN
from parsers.text import PLAIN_HAN

_ASKED: dict[str, dict[str, Any]] = {
    "search": {
        "titles": {"en": "Which articles contain these words?", "zh": "哪些文章含有这些词？"},
        "descriptions": {
            "en": "As on the search page: Chinese of any length, Latin by whole words, word* for every word that "
            "begins with “word”, -word, OR, parentheses, and fields such as title:word.",
            "zh": "规则与搜索页相同：汉字字数不限，西文按整词，词尾加 * 可匹配以此开头的词；"
            "也可用减号、OR、括号和“标题：”等。",
        },
        "sql": """select a.key, a.headline, a.speaker, a.published_date,
       zh_snippet(a.body_text, :q) as snippet
  from article_words
  join articles a on a.search_id = article_words.rowid
 where article_words match terms(:q)
   and a.state <> 'withdrawn'
 order by article_words.rowid desc
 limit 100""",
    },
    "first_seen": {
        "titles": {"en": "When and where did a phrase first appear?", "zh": "某个提法最早在何时、何处出现？"},
        "descriptions": {
            "en": "The earliest articles with the phrase in headline or body, now or in an earlier version, by date "
            "of publication. seen_at is when the archive first saw it there. Write simplified characters; they match "
            "traditional ones too. Latin matches by whole words. Reads at most 5,000 earlier versions. "
            "The SQL is plain SQLite.",
            "zh": "标题或正文（含旧版本）用过这一提法的文章，按发布日期由早到晚；seen_at 为本档案库首次见到的时间。"
            "请写简体字，繁体也一并查到；西文按整词。旧版本最多读取 5,000 个。此 SQL 不用本站的专用函数。",
        },
        "sql": f"""with recursive asked(text) as (select lower(trim(:phrase))),
tokens(n, words) as (  -- as the index has them: 城市治理 is “城市 市治 治理”
    select 0, ''
     union all
    select n + 1, words || case
               when substr(text, n + 1, 1) glob '[a-z0-9]'
               then iif(substr(text, n, 1) glob '[a-z0-9]', '', ' ') || substr(text, n + 1, 1)
               else iif(substr(text, n, 1) glob '[a-z0-9]', ' ' || char({ord(JOIN)}) || substr(text, n + 1, 1), '')
                 || iif(n + 1 = length(text), '',
                        ' ' || substr(text, n + 1, iif(substr(text, n + 2, 1) glob '[a-z0-9]', 1, 2)))
               end
      from tokens, asked where n < length(text)
),
wanted(words) as (
    select case
               when text = '' or text glob '*[^a-z0-9{PLAIN_HAN}]*' then '""'
               when text glob '[{PLAIN_HAN}]' then '{{headline alternative_headline body_text}} : ("' || text
                                            || '" OR "' || char({ord(BAG)}) || text || '")'
               else '{{headline alternative_headline body_text}} : "' || words || '"'
           end
      from asked join tokens on n = length(text)
),
found(article_id, state_id, seen_at) as (
    select * from (
        select a.id, null, a.shown_at
          from article_words join articles a on a.search_id = article_words.rowid
         where article_words match (select words from wanted) order by article_words.rowid limit 200)
     union all
    select t.article_id, t.state_id,
           (select min(r.captured_at) from revision_records r
             where r.article_id = t.article_id and r.state_id = t.state_id and r.run >= 0)
      from (select rowid from revision_words where revision_words match (select words from wanted)
             order by rowid limit 5000) latest
      join state_texts t on t.state_id = latest.rowid
)
select null as published_date, null as key, 'Use only Chinese characters up to U+9FFF, letters a-z and digits here, '
       || 'without blanks and punctuation. 这里只能查 U+9FFF 以内的汉字、a-z 字母和数字，不含空格和标点。' as headline,
       null as source, null as seen_at, null as still_there
  from asked where text glob '*[^a-z0-9{PLAIN_HAN}]*'
 union all
select null, null, 'Nothing found. Write simplified characters here: the index holds traditional ones as simplified. '
       || '没有查到。这里请写简体字：索引把繁体字存为简体字。', null, null, null
  from asked where text glob '*[{PLAIN_HAN}]*' and text not glob '*[^a-z0-9{PLAIN_HAN}]*'
   and not exists (select 1 from found join articles a on a.id = found.article_id where a.state <> 'withdrawn')
 union all
select * from (
    select a.published_date, a.key, a.headline, a.source, min(found.seen_at),
           iif(count(*) > count(found.state_id), 'yes', 'no')
      from found join articles a on a.id = found.article_id
     where a.state <> 'withdrawn'
     group by a.id
     order by a.date_published_utc is null, a.date_published_utc, 5
     limit 20)
 limit 20""",
        "params": ["phrase"],
    },
    "newest": {
        "titles": {"en": "Which articles are the newest?", "zh": "最新的文章有哪些？"},
        "sql": """select key, headline, speaker, article_section, published_date, source
  from articles
 where state <> 'withdrawn'
 order by date_published_utc desc
 limit 100""",
    },
    "edits_by_size": {
        "titles": {"en": "Which recent edits changed the most text?", "zh": "最近哪些修改改动最大？"},
        "descriptions": {
            "en": "Among the last 1,000 edits by sites. size is the difference in length, in characters.",
            "zh": "在网站最近 1,000 次修改中统计；size 为字数之差。",
        },
        "sql": """select e.at, a.key, a.headline, c.property, c.significance,
       abs(coalesce(length(c.after), 0) - coalesce(length(c.before), 0)) as size
  from (select * from events where kind = 'edited' order by at desc limit 1000) e
  join articles a on a.id = e.article_id
  join changes c on c.revision_id = e.revision_id
 where a.state <> 'withdrawn'
 order by size desc
 limit 100""",
    },
    "headline_edits": {
        "titles": {"en": "Which headlines were edited?", "zh": "哪些标题修改过？"},
        "descriptions": {
            "en": "Among the last 1,000 changes of headlines.",
            "zh": "在最近 1,000 次标题改动中查找。",
        },
        "sql": """select r.captured_at, a.key, c.before, c.after
  from (select id from change_records where property = 'headline' order by id desc limit 1000) latest
  join changes c on c.id = latest.id
  join revision_records r on r.id = c.revision_id
  join articles a on a.id = r.article_id
 where r.number is not null and a.state <> 'withdrawn'
 order by r.captured_at desc
 limit 100""",
    },
    "removed": {
        "titles": {"en": "Which articles are removed?", "zh": "哪些文章已消失？"},
        "sql": """select key, headline, state, published_date, last_seen_at, first_missed_at, source
  from removed_articles
 limit 200""",
    },
    "speakers_per_year": {
        "titles": {"en": "How many articles does each speaker have in a year?", "zh": "某年各主讲人有几篇文章？"},
        "descriptions": {
            "en": "Enter a year such as 2024. Without one, the latest.",
            "zh": "年份写作 2024，不填为最近一年。",
        },
        "sql": """with asked(year) as (
    select coalesce(nullif(:year, ''), substr(max(published_month), 1, 4)) from articles
     where published_month <= strftime('%Y-%m', 'now'))
select p.name as speaker, asked.year, count(*) as articles
  from asked
  join articles a on a.published_month between asked.year || '-01' and asked.year || '-12'
  join article_people ap on ap.article_id = a.id and ap.role = 'speaker'
  join people p on p.id = ap.person_id
 where a.state <> 'withdrawn'
 group by p.id
 order by articles desc, speaker
 limit 500""",
        "params": ["year"],
    },
    "keywords_of_a_month": {
        "titles": {"en": "Which keywords did a month have?", "zh": "某月有哪些关键词？"},
        "descriptions": {"en": "Enter a month such as 2024-04.", "zh": "月份写作 2024-04。"},
        "sql": """select k.name as keyword, count(*) as articles
  from articles a
  join article_keywords ak on ak.article_id = a.id
  join keywords k on k.id = ak.keyword_id
 where a.published_month = :month
   and a.state <> 'withdrawn'
 group by k.id
 order by articles desc, keyword
 limit 200""",
    },
    "term_per_month": {
        "titles": {"en": "How many articles use a term in each month?", "zh": "某词每月见于多少篇文章？"},
        "descriptions": {
            "en": "Among the newest 20,000 articles that use it. The phrase page counts all versions.",
            "zh": "在含有该词的最新 20,000 篇文章中统计；提法页统计所有版本。",
        },
        "sql": """select a.published_month as month, count(*) as articles
  from (select rowid from article_words where article_words match terms(:q) order by rowid desc limit 20000) found
 cross join articles a on a.search_id = found.rowid
 where a.published_month is not null and a.state <> 'withdrawn'
 group by a.published_month
 order by month""",
    },
    "texts_per_source": {
        "titles": {"en": "How many articles does each source have?", "zh": "各来源收录了多少文章？"},
        "sql": """select source, count(*) as articles, sum(state = 'removed') as removed,
       min(published_month) as first, max(published_month) as last
  from articles
 where state <> 'withdrawn'
 group by source
 order by articles desc""",
    },
    "last_crawls": {
        "titles": {"en": "How did the last crawls go?", "zh": "最近的采集结果如何？"},
        "sql": """select source, started_at, finished_at, finish_reason, requests, captures, revisits,
       new_articles, new_revisions, errors
  from crawls
 order by started_at desc
 limit 100""",
    },
    "unparsed": {
        "titles": {"en": "Which captured pages could not be parsed?", "zh": "哪些网页未能解析？"},
        "sql": """select captured_at, source, url, status, parse_error
  from captures
 where parse_error is not null
 order by captured_at desc
 limit 100""",
    },
    "missed_slots": {
        "titles": {"en": "Which slots were not crawled on time?", "zh": "哪些时段没有按时采集？"},
        "sql": """select source, due_at, started_at, finished_at, outcome
  from coverage
 where outcome <> 'done'
 order by due_at desc
 limit 200""",
    },
    "speakers_of_a_column": {
        "titles": {"en": "Who speaks in a column?", "zh": "某栏目的主讲人有哪些？"},
        "sql": """select speaker, count(*) as articles, min(published_date) as first, max(published_date) as last
  from (select speaker, published_date from articles
         where article_section = :column and state <> 'withdrawn'
         order by date_published_utc desc limit 5000)
 where speaker is not null
 group by speaker
 order by articles desc, speaker
 limit 200""",
        "params": ["column"],
    },
    "keywords_together": {
        "titles": {"en": "Which keywords appear together with a given one?", "zh": "哪些关键词常与某关键词同时出现？"},
        "descriptions": {"en": "Among its latest 2,000 articles.", "zh": "在最近收录的 2,000 篇中统计。"},
        "sql": """select other.name as keyword, count(*) as articles
  from (select ak.article_id from article_keywords ak join keywords k on k.id = ak.keyword_id
         where k.name = :keyword order by ak.article_id desc limit 2000) found
  join article_keywords ak on ak.article_id = found.article_id
  join keywords other on other.id = ak.keyword_id
  join articles a on a.id = found.article_id
 where other.name <> :keyword and a.state <> 'withdrawn'
 group by other.name
 order by articles desc, keyword
 limit 100""",
        "params": ["keyword"],
    },
    "of_a_day": {
        "titles": {"en": "What was published on a day?", "zh": "某一天发布了什么？"},
        "descriptions": {"en": "Enter a day such as 2024-04-13.", "zh": "日期写作 2024-04-13。"},
        "sql": """select key, headline, speaker, article_section, source
  from articles
 where published_month = substr(:day, 1, 7) and published_date = :day and state <> 'withdrawn'
 order by date_published_utc
 limit 500""",
        "params": ["day"],
    },
    "most_versions": {
        "titles": {"en": "Which articles were edited most often recently?", "zh": "最近修改次数最多的文章有哪些？"},
        "descriptions": {"en": "Among the last 5,000 edits.", "zh": "在最近 5,000 次修改中统计。"},
        "sql": """select a.key, a.headline, count(*) as edits, max(e.at) as last
  from (select article_id, at from events where kind = 'edited' order by at desc limit 5000) e
  join articles a on a.id = e.article_id
 where a.state <> 'withdrawn'
 group by a.id
 order by edits desc, last desc
 limit 100""",
    },
    "undated": {
        "titles": {"en": "Which articles have no date?", "zh": "哪些文章没有日期？"},
        "sql": """select key, headline, date_published_raw, source, url
  from articles
 where date_published_utc is null and +state <> 'withdrawn'
 limit 200""",
    },
    "unvisited": {
        "titles": {
            "en": "Which imported articles have not been checked on their site?",
            "zh": "哪些导入的文章尚未与原网站核对？",
        },
        "sql": """select key, headline, published_date, source, url
  from articles
 where state = 'unvisited'
 order by id desc
 limit 200""",
    },
}

# Datasette has one title and one description; our pages show those of the reader's language.
QUERIES: dict[str, dict[str, Any]] = {
    name: {
        **asked,
        **{told: " ".join(asked[f"{told}s"].values()) for told in ("title", "description") if f"{told}s" in asked},
    }
    for name, asked in (_ASKED | CROSSED).items()
}
