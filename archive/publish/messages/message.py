"""The shape of a module of messages."""

Messages = dict[str, tuple[str, str]]  # name: (Chinese, English)
