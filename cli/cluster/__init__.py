"""Commands of an archive whose requests workers send."""
