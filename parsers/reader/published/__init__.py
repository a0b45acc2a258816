"""When a page was published and changed."""
