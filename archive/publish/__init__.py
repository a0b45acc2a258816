"""The Datasette plugin (`archive/publish/plugin.py`): the site's pages, feeds, citations and exports."""
