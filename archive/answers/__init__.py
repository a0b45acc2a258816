"""Answers as plain values, for the command line, the scheduler and the site."""
