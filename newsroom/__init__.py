"""A small, scripted news site on loopback that the demo, the tests and the benchmarks crawl.

Run it with `python -m newsroom`, or from Python with `newsroom.process.running()`. It imports nothing of the
rest of the project, so that what it says about an archive is an independent word.
"""
