"""The pages of what articles name: a person, tag, column, source, day, month or year, and the page to find them by.

`selecting` says which articles belong to a place, `listing` gives them by date, `counting` what is counted over them,
`periods` knows days, months and years, `near` helps who misspelt; `pages` puts a page together, `browse` lists all.
"""
