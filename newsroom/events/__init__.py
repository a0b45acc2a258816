"""Events: their kinds and arguments, scripts of them, and their effect on a story."""
