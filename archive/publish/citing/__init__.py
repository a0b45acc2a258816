"""How an exact version is cited: one record of what is told, and a writer for each form that readers' programs take."""
