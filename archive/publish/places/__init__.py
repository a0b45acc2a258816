"""Shows the pages of a person, tag, column, source, day, month or year (a place), and the page that lists all of them.

`selecting` has the SQL for the articles of a place, `listing` lists them by date, `counting` counts them, `periods`
handles days, months and years, `similar_names` suggests names; `pages` builds a page, `browse` lists all places.
"""
