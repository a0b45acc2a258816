"""Articles with all their captures as WARC or WACZ, for any program that replays or reads web archives."""
