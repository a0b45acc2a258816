"""A command that Ctrl-C ends at a chosen moment."""

# The program, interrupted when Python says that it does something: an import, a file, a database, a child.
INTERRUPTED = """
import os, runpy, signal, sys
event, text, sys.argv = sys.argv[1], sys.argv[2], ["thinker", *sys.argv[3:]]
done = []
def hear(name, arguments):
    if name == event and not done and text in str(arguments[0]):
        done.append(name)
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hear)
runpy.run_module("thinker", run_name="__main__")
"""
