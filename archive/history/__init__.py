"""An article's revisions: rows that follow from its sightings, in any order of arrival."""
