"""The byline's thresholds, each with the kind of page that needs it.

Each comment continues the name of its constant: MAX_BYLINE_CHARACTERS of an element marked as a byline.
"""

MAX_BYLINE_CHARACTERS = 200  # of an element marked as a byline: some hold the author's whole biography
MAX_PEN_NAME_CHARACTERS = 30  # of a link to the author's own page: forums and blogs
MAX_PEN_NAME_LINKS = 9  # links to an author's page that are looked at
MAX_MARKED_ELEMENTS = 60  # marked as bylines: each comment has one
MAX_LINKED_AUTHORS = 2_000  # values of JSON-LD's author that are walked through: references to references
MAX_AUTHORS_OF_LIST = 50  # of one list among them
MAX_LINES_UNDER_HEADLINE = 12  # in which a Chinese page may name its publisher without a label
MAX_LINES_FROM_DATE = 3  # between the date and that publisher: portals set them side by side
MAX_PUBLISHER_CHARACTERS = 20  # of its name
MAX_NAMES_LINE_CHARACTERS = 60  # of a last line that is nothing but names: 执笔/…
MAX_OPENING_CHARACTERS = 120  # of a first paragraph in which 本报讯（记者…） stands
