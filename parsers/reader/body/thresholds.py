"""The body's thresholds, each with the kind of page that needs it; limits on work name the pages they guard against.

Each comment continues the name of its constant: MIN_LINE_CHARACTERS of a line that counts as prose.
"""

# Lines that count (prose, blocks)
MIN_LINE_CHARACTERS = 20  # of a line that counts as prose: menus and buttons have shorter ones
MIN_VERSE_CHARACTERS = 4  # of a line that counts on a page without longer ones: poems
MAX_PARAGRAPH_LEVELS = 9  # of elements inside a paragraph: markup that never closes what it opens
LINKED_SHARE = 0.85  # of a line in links, from which on it is nothing but links: pointers with a mark behind them
STRONG_SHARE = 0.95  # of a line in bold type, from which on it may be a heading: the mark behind it is often plain
MAX_CAPTION_CHARACTERS = 600  # of an element named like a caption: some of that name hold whole articles
MAX_DROPPED_CHARACTERS = 60  # of a text dropped inside a line, as an explanation shows it
MAX_CLASS_CHARACTERS = 300  # of an element's names that are read: stylesheets made by machines name at length
FREE_ASIDES, ASIDE_ROUNDS = (
    100_000,
    40,
)  # characters, and times the box, that are measured: asides in asides

# The box (outline, container, siblings)
BODY_WEIGHT = 0.5  # of the whole page: it is taken where nothing else holds half of its prose, as on pages of tables
ARTICLE_WEIGHT = 1.3  # of an element that is called an article
ASIDE_WEIGHT = 0.5  # below which an element is an aside
NEVER_WEIGHT = 0.02  # of a dialog of consent, a sidebar, a box about the author: fifty times a short article's prose
MIN_TRUSTED_SHARE = 0.6  # of a page's prose; an element with so much is not an aside, even if named like a sidebar
SHARES_UPWARDS = (1.0, 1 / 1.9, 1 / 3.61)  # of a line's points for the elements above it
MIN_POINTS = 300  # of the best element; below, text outside paragraphs is looked at too: pages of <br> and <div>
MIN_PARAGRAPH_SHARE = 0.25  # of the visible text in paragraphs; below, the same
MAX_RIVALS = 3  # boxes that an explanation lists beside the chosen one
MAX_SHORT_ROWS = 2_000  # of tables, looked at on a page without a sentence
MAX_BOXES = 40  # of one name that are compared: hostile pages repeat it
MIN_KNOWN_CHARACTERS = 80  # in a box with a publishing system's name; some systems leave an empty one behind
MIN_SCOPE_PROSE = 250  # in the <article> round the headline; on front pages each teaser stands in one
MIN_SCOPE_TEXT = 400  # of all its text, for pages whose lines are not in paragraphs
MAX_OWN_SHARE = 0.1  # of an element's prose outside its children: a box of boxes
MIN_CHILD_SHARE = 0.25  # of its prose in the fullest of them: with less the text is split over many
MIN_BOX_PROSE = 40  # beside links; a box with less holds a headline in large letters, and the next one is looked at
MIN_NEXT_PROSE = 150  # of one that is taken instead
MAX_NEXT_BOXES = 5  # that are looked at then
MAX_LEVELS_ABOVE_BOX = 12  # that are climbed for more of the same text: texts parted over several boxes
MIN_GAIN = 0.05  # of the text found so far that climbing must add: one more line may be a teaser
MAX_SIBLINGS = 300  # of one level: lists without end
MAX_TABLES = 40  # of one level that may be data beside the text
MAX_LINKED_DATA = 0.25  # of the text of such tables; ranks and lists of articles have more in links
MIN_UNCLOSED = 5  # elements, each in the one before and with prose of its own: markup that never closes them
MIN_UNLIKE_SHARE = 0.3  # of the text found so far, in a sibling of another kind: a text whose second half has a box
MIN_UNLIKE_CHARACTERS = 200  # in it
MIN_CLEAN_SHARE = 0.9  # of a short part behind the text, in prose without links
MIN_MEAN_HAN_PARAGRAPH = 25  # characters in the mean of a Chinese part that goes on
MIN_MEAN_PARAGRAPH = 60  # characters in the mean of a part that goes on: teasers are shorter

# Teasers inside the box (teasers)
MIN_TEASERS = 3  # alike elements that open with a link: two may be sections of the text
MIN_SENTENCES_OF_SECTION = 2  # of an element between paragraphs; teasers there have one
MAX_TEASER = 400  # characters of one; sections of a text are longer
MAX_TEASER_LINKS = 1_000  # of a box that are looked at
LEVELS_AROUND_TEASER = 6  # elements round a link that may be a teaser
MAX_BLANKS_BESIDE_TEASER = 20  # nodes without text from one to the next
MAX_TEASERS_READ = 10_000_000  # characters that are measured: elements in elements that open with links
MAX_HEADING_OF_TEASERS = 40  # characters beside teasers in an element that holds nothing else: 相关阅读
MIN_PARAGRAPHS_OF_TEXT = 2  # without links, in a box with a name like adContent
MAX_MAYBE_ASIDES = 200  # such boxes that are searched for paragraphs
MIN_CARD_LINKS = 2  # of a hover card: face and name
MAX_FACES = 300  # pictures of one box that may be in hover cards
LEVELS_AROUND_FACE = 8  # elements round such a picture

# A list, and no article (lists)
MIN_LINK_LINES = 5  # with links, when most lines have them: an article may end in a few pointers
MIN_LINKED_HEADINGS = 0.9  # of the headings of a list; an article's headings lead nowhere
MIN_OPENING_CHARACTERS = 25  # of sentences before the first link: the article goes on to name others
MIN_TEXT_RUN = 400  # characters without a line of links: teasers are shorter

# The page's own articleBody (linked)
MIN_LINKED_LETTERS = 300  # of one that can be trusted: many sites write their motto there
MAX_LINKED_CHARACTERS = 200_000  # that are read
MAX_COMPARED_LINES = 2_000  # that are looked up in it
MIN_SHARE_OF_BODY = 0.8  # of it, in the lines; with less it is another text
MIN_SHARE_OF_LINES = 0.65  # of the lines, in it: many sites give only a beginning
MIN_SHARE_SHOWN = 0.3  # of it; a page that shows less fills its box by a script
LOOKED_UP_LETTERS = 25  # by which a line is looked up

# The standfirst (standfirst)
MAX_LEAD_PLACES = 60  # elements between headline and text, and lines at the head of a box
MAX_LEVELS_OF_HEADER = 6  # elements from a headline up to the <header> round it
MIN_LEAD_CHARACTERS, MAX_LEAD_CHARACTERS = 25, 1_500  # of one that is called so: a kicker has fewer, a text more
MIN_SAME_HEADLINE = 0.8  # of the letter pairs of a headline that stands a second time, with another mark or a blank
MIN_HAN_LEAD = 8  # of one in Chinese characters
MIN_UNCALLED_LEAD, MIN_UNCALLED_HAN_LEAD = 40, 20  # of a sentence in an element whose name says nothing
MAX_KICKED = 2  # times the letters of a headline, of a line that is it and its kicker
MIN_DATED_LEAD = 120  # of one that names a date; shorter, and it is a dateline
MAX_LEAD_LABEL = 10  # of 【核心提示】 that stands on a line of its own
MAX_LINE_BEFORE_LEAD = 40  # of a line that may stand before a standfirst in its box: the headline again, a byline

# What each line of the box is (lines, notes)
MAX_ENDING_CHARACTERS = 200  # of a line that announces what follows: 声明：… may be the disclaimer itself
MIN_ENDED_CHARACTERS = 60  # of text before such a line: an article may open with 版权声明
MAX_BESIDE_POINTERS = (
    60  # of prose behind 相关链接 that is no teaser of a link: newspapers put background under that heading
)
MIN_SENTENCE_CHARACTERS = 40  # of a line behind an ending that counts as prose though no mark ends it
MAX_FOOT = 400  # of a page's whole legal foot, even if the text before it is short: a poem
MAX_FOOT_CHARACTERS = 160  # of one line of it: hosts put all their licences in one
MAX_NOTICE_CHARACTERS = 240  # of a reprint notice; an article about copyright has longer paragraphs
MAX_NOTE_CHARACTERS = 220  # of a line that points elsewhere
MAX_LABEL_CHARACTERS = 90  # of one that only its opening calls a note
MAX_KEYWORDS_LINE = 200  # of 关键词：甲；乙
MAX_MACHINERY_CHARACTERS = 100  # of 责任编辑：… and the like; a talk's first line may open with 主编：
MAX_HEADING_CHARACTERS, MAX_HAN_HEADING_CHARACTERS = 100, 40  # of a bold line: whole paragraphs are set in bold
MAX_TITLE_LINES = 8  # at the head of a box in which its title is looked for: kicker, title, time, source
MIN_TICKS = 3  # lines that open with a date, of a ticker; the date and the update of an article are two
MAX_LINKS = 1_000  # of one text that are kept: pages made by machines link every word
MAX_WAY_BACK = 16  # characters of 返回搜狐，查看更多 glued to the last line

# The block of a policy document (tables, signature)
MAX_LABELLED_CHARACTERS = 2_000  # of a run of text that opens with a label: some blocks are one line
MAX_FIELD_CHARACTERS = 300  # of a value: 标题 and 内容概述 are sentences; longer text is the document below the block
MAX_FIELDS = 300  # that are looked at
MAX_TIMES_OF_LABEL = 2  # in one block: small screens have one of their own; a list of documents has each label often
MAX_BLOCKS = 4  # of one page, likewise
MAX_RUNS_BETWEEN_FIELDS = 8  # of text, from one label to the next: values in pieces, labels that we do not know
MAX_LEVELS_ABOVE_LABEL = 5  # of elements round a label, beside one of which its value stands
MAX_NODES_BESIDE_LABEL = 12  # that are looked at: blanks, comments, icons, the pieces of a value
MAX_LEVELS_OF_BLOCK = 200  # of elements round a label that may hold the whole block
MAX_MARKUP_READ = 240_000  # characters of all blocks: one may be spread over a page
MAX_SIGNATURE_CHARACTERS = 80  # of a line that is a number or a signature: several offices sign in one
MAX_SIGNED_LINES = 2_000  # that are looked at: the plan behind a notice is longer than the notice

# Rows, numbers, pictures and captions (grids, numbers, pictures, captions)
MAX_GRID_MARKUP = 20_000_000  # of all tables of a box that are looked at: tables in tables without end
MIN_DAYS, MAX_CALENDAR_CELLS = 28, 60  # of a month, with the names of days and those of the months around
MAX_COLUMNS = 100  # of one table: statistics of many years have sixty
MAX_TEXT_CELL = 300  # characters of a cell that may be the article itself
MAX_RULED_CELL = 1_500  # of one in a table with rules: lists of duties have long ones
MAX_PLAIN_CELL = 40  # characters of a cell in a single row without other marks of a table of data
MIN_TEXT_CELL_SHARE = 0.5  # of the table's text in such a cell
MIN_CELL_LINES = 3  # lines in it
MAX_GRID_CAPTION = 200  # of a text in a table that holds pictures
MAX_LIST_NUMBER = 3_999  # that has letters or Roman digits
MAX_ICON_SIDE = 48  # pixels of the narrow side of an icon
MIN_PICTURE_SIDE = 200  # of a picture, even if named like an ornament: 新标识发布 shows a logo
MAX_ADDRESS_CHARACTERS = 2_000  # of an attribute that may be an address
MAX_SRCSET_CHARACTERS = 20_000
MAX_SOURCES = 40  # of one <picture>
LEVELS_AROUND = 6  # elements round a picture that are compared with those round a caption
MAX_CAPTION_LINE = 200  # of a line that its words make a caption
MAX_CENTRED_CAPTION = 80  # of one that only stands in the middle
MAX_CENTRED_SHARE = 0.34  # of a page's lines; above it centring says nothing: verses, WeChat
MAX_JOINED_CAPTION = 1_000  # of a picture's captions together
MAX_SIGNATURE = 60  # at a caption's end that are searched for the photographer
