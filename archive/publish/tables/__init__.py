"""Shows Datasette's pages of tables, rows and SQL in our templates and in two languages."""
