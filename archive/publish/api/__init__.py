"""The API told by the code: /api, /openapi.json and /llms.txt."""
