"""The dates of publication and change of a page."""
