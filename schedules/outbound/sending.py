"""Sends one message to one address, by the channel that its scheme asks for."""

from schedules.outbound.addresses import WEBHOOKS, Address, SecretError
from schedules.outbound.by_apprise import send_by_apprise
from schedules.outbound.outgoing import Later, Outcome, Outgoing
from schedules.outbound.webhooks import send_webhook


def send(address: Address, message: Outgoing) -> Outcome:
    """Send a message and wait for the outcome; never raises for the network. The secret is read now."""
    try:
        url, secrets = address.read()
    except SecretError as error:
        return Later(str(error), None)
    scheme = url.partition("://")[0].lower()
    if scheme in WEBHOOKS:
        return send_webhook(url, secrets, message)
    if "://" in url:
        return send_by_apprise(url, message)
    return Later(f"{address.shown}: it is no address: a scheme, :// and the rest, as https://example.org/hook", None)
