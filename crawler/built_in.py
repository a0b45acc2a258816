"""The names of the built-in sources, for whoever completes a word: their declarations take half a second to load."""

# Each is declared in crawler/sources, by the function of its name in the file of its name.
NAMES = (
    "a5qu",
    "aisixiang",
    "cssn",
    "gmw_theory",
    "govcn",
    "jiefang",
    "ndrc",
    "newsroom",
    "pbc",
    "people_opinion",
    "people_theory",
    "qstheory",
    "rmlt",
    "shangguan",
    "thepaper",
)
