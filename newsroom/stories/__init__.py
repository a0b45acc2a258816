"""Stories: invented articles, their dates and their words."""
