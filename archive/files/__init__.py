"""What lies on disk: WARC files, the ledger, the home's folders, locks."""
