"""The tables as readers meet them: views, descriptions, ready questions, metadata for Datasette."""
