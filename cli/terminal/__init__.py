"""Output on a terminal: tables, progress, marked changes; and completion in shells."""
