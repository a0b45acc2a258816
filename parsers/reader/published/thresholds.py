"""The thresholds of the moment of publication, each with the kind of page that needs it.

Each comment continues the name of its constant: MIN_RANK of a date that counts.
"""

MAX_DATELINE = 120  # characters of a line with date, source, author and counters: Chinese portals fill it up
MAX_LABEL_CHARACTERS = 16  # before a date, in which its label ends: a label of its own line, in languages without 时间
MAX_BEHIND_CHARACTERS = 12  # behind a date, which may name its meaning: 起施行, 更新
MAX_DATES_OF_LINE = 4  # that are looked at: 发布时间 and 更新时间 stand in one line
MAX_DISTANCE = 600  # characters between headline and dateline: a summary may stand between
MIN_RANK = 1.0  # of a date that counts: one far from the article dates a teaser
UPDATED_RANK = -3.0  # of an update beside a date of publication
MIN_ALONE = -1.0  # of an update taken as publication for want of better: one far away dates the site's own notices
UNDER_SUMMARY = 2.0  # rank of a day that stands alone under a summary: between headline and body it has more
UNDER_HEADLINE = 5.0  # rank of a dateline with a clock close under the headline
MAX_HEAD_LINES = 15  # between headline and body that can name somebody: buttons of networks stand there too
MAX_TAIL = 1_500  # characters behind the body that still belong to the article
MAX_TAIL_LINES = 10  # behind the body: past the buttons stands 责任编辑
MAX_YEARS = 5_000  # that are looked at: chronicles and hostile pages
FOUND_BY_CHARACTERS = 25  # of the first and the last line, by which the body is found in the visible text
MAX_DATE_LINE = 80  # characters of a line that is nothing but a date
MAX_TITLES = 4  # that are looked around for a short day: a headline is repeated in crumbs and buttons
MAX_DAYS = 20  # of one such look
MAX_TIMES = 40  # <time> elements that are looked at: each comment has one
MAX_SHOWN_DATE_CHARACTERS = 80  # of a date as it is shown
MAX_CLASS_CHARACTERS = 300  # of an element's names that are read
MAX_COMMENT_BOXES = 200  # that are looked at: each comment may be named like one
MAX_COMMENT_LEVELS = 30  # of elements in which a node may be a comment's: answers to answers
MAX_TOLD_CHARACTERS = 60  # of a line with a day relative to today: 昨天 23:01, with label and source
MAX_HEADLINE_LEVELS = 1_000  # of elements round a headline
MAX_BROKEN_HEADLINE, MAX_BROKEN_HEADLINES = 120, 4  # characters of one that <br> breaks over lines, and of such places
