"""Questions people ask, as views that plain Datasette and sqlite-utils show too."""

VIEWS = (
    """create view latest_articles as
    select key, headline, article_section, speaker, published_date, source, state, revisions, url
      from articles order by search_id desc""",
    """create view latest_changes as
    select e.at, e.kind, a.key, a.headline, c.property, c.significance, e.source
      from events e
      join articles a on a.id = e.article_id
      left join changes c on c.revision_id = e.revision_id
     where e.kind <> 'new'
     order by e.at desc""",
    """create view removed_articles as
    select key, headline, state, published_date, last_seen_at, first_missed_at, source, url
      from articles where state not in ('live', 'unvisited', 'unreachable', 'withdrawn')
     order by first_missed_at desc""",
    """create view speakers_by_year as
    select p.name as speaker, substr(a.published_month, 1, 4) as year, count(*) as articles
      from article_people ap
      join people p on p.id = ap.person_id
      join articles a on a.id = ap.article_id
     where ap.role = 'speaker'
     group by 1, 2 order by 2 desc, 3 desc""",
    """create view articles_by_month as
    select source, published_month, count(*) as articles, sum(characters) as characters,
           sum(revisions > 1) as edited, sum(state = 'removed') as removed
      from articles group by 1, 2 order by 2 desc, 1""",
    """create view keywords_by_articles as
    select k.name, k.in_language, count(*) as articles
      from article_keywords ak join keywords k on k.id = ak.keyword_id
     group by k.id order by articles desc""",
)
