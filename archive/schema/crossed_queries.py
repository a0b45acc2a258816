"""Ready questions that cross two things: two tags, speakers and years, months and a phrase."""

from typing import Any

_TAGGED = """select ak.article_id from article_keywords ak join keywords k on k.id = ak.keyword_id
         where k.name = :{}"""

CROSSED: dict[str, dict[str, Any]] = {
    "two_tags": {
        "titles": {"en": "Which articles have both of two tags?", "zh": "哪些文章同时有两个标签？"},
        "descriptions": {
            "en": "Enter two tags, such as 城市治理 and 基层减负. The latest 500 that were archived.",
            "zh": "填写两个标签，如“城市治理”和“基层减负”。取最近收录的 500 篇。",
        },
        "sql": f"""select a.key, a.headline, a.speaker, a.article_section, a.published_date, a.source
  from (select article_id from (
        {_TAGGED.format("tag_a")}
        intersect
        {_TAGGED.format("tag_b")})
         order by article_id desc limit 500) found
 cross join articles a on a.id = found.article_id
 where a.state <> 'withdrawn'
 order by a.date_published_utc desc
 limit 500""",
        "params": ["tag_a", "tag_b"],
    },
    "speakers_by_years": {
        "titles": {
            "en": "How many articles does each speaker have, year by year?",
            "zh": "各主讲人每年各有几篇文章？",
        },
        "descriptions": {
            "en": "Enter a first and a last year, such as 2016 and 2024; leave one empty for no limit. The hundred "
            "speakers with the most articles in these years, a row for each year.",
            "zh": "填写起止年份，如 2016 和 2024，不填则不限。取这些年文章最多的一百位主讲人，每年一行。",
        },
        # Months and people are read in indexes alone: rows of articles hold their texts.
        "sql": """with counted(person_id, year, articles) as materialized (
    select ap.person_id, substr(a.published_month, 1, 4), count(*)
      from articles a
     cross join article_people ap on ap.article_id = a.id and ap.role = 'speaker'
     where a.published_month >= coalesce(nullif(:from_year, ''), '0')
       and a.published_month < coalesce(nullif(:to_year, ''), '9998') || '-99'
       and a.state <> 'withdrawn'
     group by 1, 2
),
asked(person_id, total) as materialized (
    select person_id, sum(articles) from counted as found group by 1 order by 2 desc, 1 limit 100
)
select p.name as speaker, found.year, found.articles, asked.total as articles_in_all
  from asked
  join counted as found on found.person_id = asked.person_id
  join people p on p.id = asked.person_id
 order by asked.total desc, speaker, found.year
 limit 1000""",
        "params": ["from_year", "to_year"],
    },
    "phrase_by_months": {
        "titles": {
            "en": "What share of each month’s articles uses a phrase?",
            "zh": "每月有多大比例的文章用到某个提法？",
        },
        "descriptions": {
            "en": "The phrase as it is written, in what articles say now; the newest 40,000 with it; if "
            "there are more, share is empty. covered is the number of archived articles of the month: a month without "
            "a row has none.",
            "zh": "提法按原样连写，只查文章现在的版本，取最新的 40,000 篇，超过时 share 为空。"
            "covered 为当月收录的文章数；没有列出的月份，没有收录文章。",
        },
        "sql": """with asked(month, articles) as materialized (
    select substr(a.published_date, 1, 7), count(*)
      from (select rowid from article_words
             where article_words match terms('"' || replace(:phrase, '"', ' ') || '"')
             order by rowid desc limit 40000) found
     cross join articles a on a.search_id = found.rowid
     where a.published_date is not null and a.state <> 'withdrawn'
     group by 1
)
select month, articles, covered,
       iif((select coalesce(sum(articles), 0) from asked) < 40000, round(1.0 * articles / covered, 4), null) as share
  from (select found.month, found.covered,
               coalesce((select articles from asked where asked.month = found.month), 0) as articles
          from (select published_month as month, count(*) as covered
                  from articles
                 where published_month is not null and state <> 'withdrawn'
                 group by 1) found)
 order by month
 limit 1000""",
        "params": ["phrase"],
    },
}
