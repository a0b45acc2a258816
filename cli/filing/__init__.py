"""Commands by which single pages come in: fetch, import, and doubles for those that came in twice."""
