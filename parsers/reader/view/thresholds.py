"""Thresholds of the page around the article, each with the kind of page that needs it: messages, tags, related, data.

Each comment continues the name of its constant: MAX_RELATED (articles) that are kept.
"""

# Article or not (default)
MIN_PROSE_CHARACTERS = 40  # characters of sentences, without which there is no article: front pages and shells
MIN_VERSE_CHARACTERS = 4  # characters of a line that counts where no sentence stands: a verse
MIN_VERSE_LINES = 5  # such lines under a sure headline: a note
MIN_VERSE_LINES_CHARACTERS = 35  # of such lines under a sure headline: a poem, a notice
LANGUAGE_PARAGRAPHS, LANGUAGE_CHARACTERS = 4, 800  # that decide a page's language: English quotations come later
MAX_FIGURES = 50  # round the body that are looked at

# Messages (messages, visible)
MAX_MESSAGE_CHARACTERS = (
    1_200  # characters of a page that is nothing but a message: firewalls explain themselves at length
)
MAX_BESIDE_MESSAGE = 400  # of sentences in a box, from which on only a headline makes a message
MAX_MESSAGE_HEADINGS = 3  # of a page that may be messages
MAX_MESSAGE_HEADING = 300  # characters of one
MIN_KNOWN_HEADLINE = 6  # letters of a headline known before that counts inside a line too: a short one is in many
MAX_HIDDEN = 2_000  # elements whose style is looked at
MAX_BESIDE_WORDS_CHARACTERS = 400  # characters of a message's company: more is a text that uses such words
MAX_CLAUSE_HAN = 26  # of one clause of it: a longer one reports something
MAX_STRAY_CHARACTERS = 16  # of other words beside a message: a slogan, a name; a brief says more
MIN_SENTENCE_HAN = 4  # of a whole sentence that reports something of its own: a denial, 系摆拍。
MAX_CLAUSE_CHARACTERS = 200  # characters; a longer one is prose
LATIN_SHARE = 0.4  # weight of a Latin letter, where a Han character has 1

# Tags (tags, normalisers)
MIN_ARTICLE_TAGS = 4  # article:tags of a page that uses them for its tags and not for a slug
MAX_TAG_BOXES = 200  # that are looked at
MAX_TAG_LINKS = 20  # of one box: a cloud of all the site's tags has more
MAX_BESIDE_TAGS = 12  # letters beside the links of a box: Topics, 相关话题
MAX_TOPIC_BOXES = 10  # with links to topics beside a text that are looked at: hostile pages put one into the other
MAX_LEVELS_ABOVE_TAG = 8  # elements round a tag that may be another's: teasers have tags of their own
MAX_LEVELS_ABOVE = 6  # elements round any other node, with the same aim
MAX_KEYWORDS = 30  # sites that list every word of the text for search engines
MAX_KEYWORD_CHARACTERS = 40  # of one: sentences stand among them
MAX_NAME_CHARACTERS = 60  # of a person's name: a byline's whole sentence is longer

# Sections (sections)
MAX_CRUMBS = 10  # of one path: a menu of the whole site has more
MAX_CRUMBS_CHARACTERS = 300  # of an element that holds a path, the headline at its end
MAX_CRUMB_BOXES = 20  # that are looked at
MAX_BEFORE_PLACE = 12  # characters before 当前位置： in an element; a sentence may speak of a place

# Related (related)
MAX_RELATED = 20  # that are kept
MAX_RELATED_BOXES, MAX_RELATED_HEADS, MAX_RELATED_LINKS = 10, 300, 100  # looked at: boxes in boxes without end
MIN_RELATED_HEADLINE, MAX_RELATED_HEADLINE = 8, 300  # characters: 更多 is shorter, a teaser longer

# Values (candidates, structured, layout)
MAX_ELEMENTS = 300  # that one selector gives
MAX_VALUE_CHARACTERS = 3_000  # of a value of JSON-LD: the body of an article is longer
MAX_VALUES_OF_LIST = 200  # of one list in JSON
MAX_NAMED_SELECTORS = 4  # that are named in one line, when a layout has changed

# Attachments
MAX_FILE_LINKS = 2_000  # of a page that are looked at: lists of all documents of an office
MAX_ATTACHMENTS = 300  # that are kept
MAX_ATTACHMENT_LEVELS = 4  # elements round a link that may announce it: 附件 stands above its list
MAX_LEVELS_NEAR_BOX = 2  # elements round the box in which a link named like a file is attached
MAX_ATTACHMENT_LINE = 600  # characters of a line, or a small list, that opens with 附件
MAX_ATTACHMENT_LABEL = 20  # of a label that is a line of its own
MAX_LABELLED_MARKUP, MAX_ATTACHMENT_MARKUP = 20_000, 20_000_000  # of one element that may announce, and of all
MAX_CLASS_AND_ID_CHARACTERS = 300  # characters of an element's class and id
MAX_ATTACHMENT_NAME = 300  # of a file's name

# An article of a WeChat account (weixin)
MAX_SCRIPT_VALUES = 500  # of its scripts that are looked at

# An electronic newspaper (printed)
MAX_PRINTED_PROPERTIES = 20_000  # characters of the editors' entries
MAX_ISSUE_TITLE = 200  # of a <title> that may name it
MAX_LOOKED_AT = 2_000  # characters of a page, in which a Chinese one has Han characters
MAX_PAGE_MARKS = 200  # such lines
MAX_BEFORE_PRINTED = 12  # characters on the line of 《人民日报》（… 第 05 版） before it, and behind it: a name, a mark
