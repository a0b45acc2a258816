"""The page round the article: messages, hidden elements, breadcrumbs, tags and related articles."""
