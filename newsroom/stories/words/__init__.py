"""The word lists the invented articles are made of, in Chinese and English side by side."""
