"""Mail and chats: Apprise sends the message in a process of its own, and says if it was taken."""

import json
import os
import subprocess
import sys
from pathlib import Path

from schedules.outbound.outgoing import Delivered, Later, Outcome, Outgoing, Refused

SECONDS = 60.0  # for all that sending one message takes
_ROOT = Path(__file__).resolve().parents[2]
_SLOW = "it did not answer in time, or its answer has no end"


def send_by_apprise(url: str, message: Outgoing) -> Outcome:
    """Send a message to an address of Apprise; its services never say how long to wait."""
    question = {
        "url": url,
        "id": message.id,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "link": message.url,
        "seconds": SECONDS,
    }
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "schedules.outbound.apprise_process"],
            input=json.dumps(question).encode(),  # not as an argument, which others can read
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=SECONDS + 10,
            check=False,
        )
        answer = json.loads(ended.stdout)
    except subprocess.TimeoutExpired:
        return Later(_SLOW, None)
    except OSError as error:
        return Later(f"the process that sends cannot be started: {error.strerror}", None)
    except ValueError:  # it was ended by its limits of time or memory
        return Later(_SLOW, None)
    if answer["sent"]:
        return Delivered()
    if answer["partly"]:  # another try would send it again to those that have it
        return Refused(f"{answer['reason']}; some receivers have the message, others do not", partly=True)
    return Later(answer["reason"], None)
