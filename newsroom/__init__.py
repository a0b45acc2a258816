"""A small, scripted news site on loopback that the demo, the tests and the benchmarks crawl.

Run it with `python -m newsroom`, or from Python with `newsroom.process.running()`. It imports nothing of the rest of
the project, so that its statements about an archive are independent of it.

`python -m newsroom --also 127.0.0.2 --also localhost` serves one site under several hosts on one port. The Host
header decides which of them the links of a page name; after the event `{"do": "hosts", "links": "other"}` they name
the next one. Events, faults, log and truth are shared by all hosts; `/-/log` gives each request's host.
"""
