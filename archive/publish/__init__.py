"""The Datasette plugin: the site's pages, feeds, citations and exports."""
