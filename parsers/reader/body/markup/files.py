"""The kinds of files to which pages link, by the ends of their names."""

import re

KINDS = "pdf|docx?|docm|wps|wpt|rtf|odt|xlsx?|xlsm|et|csv|ods|pptx?|ppsx?|dps|odp|ofd|cebx?|zip|rar|7z|tar|gz|tgz"
FILE = re.compile(rf"\.(?:{KINDS})\s*$", re.IGNORECASE)
