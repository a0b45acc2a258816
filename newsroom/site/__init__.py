"""The site: its articles and events, what a perfect reader knows, and the story of the demo."""
