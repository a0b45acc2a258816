"""The site: its articles and events, the knowledge of a perfect reader, and the story of the demo."""
