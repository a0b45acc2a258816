"""Files from the site: the articles of a search or a place as CSV, JSON Lines or a workbook, with their codebook."""
