"""The health rules: each looks at what the archive recorded, and its verdict says what to do."""
