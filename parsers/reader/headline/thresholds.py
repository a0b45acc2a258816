"""The headline's thresholds, each with the kind of page that needs it.

Each comment continues the name of its constant: MAX_HEADLINE_CHARACTERS of a headline.
"""

MAX_HEADINGS = 200  # headings compared with the titles: on some pages every line is an h2
MAX_HEADLINE_CHARACTERS = 300  # of a headline; longer ones are paragraphs in a heading's markup
MAX_TITLE_CHARACTERS = 3_000  # of a <title> that are looked at: some hold the whole text
MIN_LETTERS = 4  # of a title sought in longer headings; 要闻 stands in many
MIN_LIKENESS = 0.5  # of the letter pairs of two wordings of one headline: sites that word og:title anew
MAX_SITE_CHARACTERS = 25  # of a title's tail that a word like 网 or News makes a site's name: a clause is longer
MAX_HEADING_PARTS = 9  # of a heading that may be the headline: a kicker and a title in one h1
MAX_CRUMB_LEVELS = 3  # round a heading that may be the last crumb of the way to the page
MIN_WRITTEN_CHARACTERS = 6  # of a headline on a page without headings: office pages of <div> and <font>
MIN_PIECE_CHARACTERS = 4  # of one line, where such a headline is broken over several
MAX_PIECES = 5  # of them
MAX_TITLE_ELEMENTS = 200  # that may show the headline
MAX_AROUND_LEVELS, MAX_AROUND_SIBLINGS = 4, 12  # of the elements round a headline in which its kicker is looked for
MIN_TITLE_LINE, MAX_TITLE_LINE = 4, 80  # characters of a kicker or a second headline
