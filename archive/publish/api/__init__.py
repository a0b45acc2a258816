"""The description of the API, from the code: /api, /openapi.json and /llms.txt."""
