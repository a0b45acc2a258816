"""The site: its articles and events, their true states for comparison, and the story of the demo."""
