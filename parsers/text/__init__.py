"""Text: Han characters, sentence marks, languages, counters, labelled lines and clean lines."""
