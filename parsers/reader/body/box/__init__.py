"""The box: the element that holds the prose of an article, and the standfirst above it."""
