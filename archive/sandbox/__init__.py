"""Strangers' SQL in a process of its own: the server's side (`asking`), the process, and what one query may cost."""
