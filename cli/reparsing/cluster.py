"""Finds the Dask cluster on which pages are read: one of this machine that ends with the command, or one that runs."""

from __future__ import annotations

import logging
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import typer

from cli.program.exit_codes import hear_sigterm
from cli.reparsing.remote_readers import BYTES_IN_HAND, CONNECT_SECONDS, ClusterError, DaskReaders, one_line

if TYPE_CHECKING:
    from distributed import Client

PLACE = "dask"  # the beginning of --on
MISSING = "it needs the extra [dask]: pip install dask distributed"
FORM = "give dask, or dask:tcp://HOST:PORT (or tls://) for a cluster that runs already"
ATTEMPTS_TO_CLOSE = 3
CONFIG = {
    # A line for each worker that comes or goes, with a traceback, would hide ours.
    "logging": dict.fromkeys(
        ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio"), "critical"
    ),
    "distributed.admin.large-graph-warning-threshold": 10 * BYTES_IN_HAND,
    "distributed.scheduler.http.routes": [],  # no dashboard and nothing else over HTTP
    "distributed.worker.http.routes": [],
}


def address_of(place: str) -> str | None:
    """The address of the cluster that --on names; None: one of this machine. Raises typer.BadParameter."""
    name, colon, address = place.partition(":")
    if name == PLACE and not colon:
        return None
    try:
        parts = urlsplit(address)
        is_host = bool(parts.hostname and parts.port) and parts.username is None
        whole = is_host and address in (f"tcp://{parts.netloc}", f"tls://{parts.netloc}")
    except ValueError:
        whole = False
    if name != PLACE or not whole:
        shown = place if "@" not in place else f"{name}:…"  # what stands before an @ may be a secret
        raise typer.BadParameter(f"{shown!r}: {FORM}", param_hint="--on")
    return address


@contextmanager
def dask_readers(place: str, workers: int) -> Iterator[DaskReaders]:
    """The readers that --on names. workers: the number of processes of a cluster of this machine.

    Raises ClusterError, and typer.BadParameter for a wrong place or without Dask.
    """
    address = address_of(place)
    try:
        import dask

        dask.config.set(CONFIG)  # before the import below, which sets up the logs
        import distributed  # noqa: F401
    except ImportError:
        raise typer.BadParameter(f"{place!r}: {MISSING}", param_hint="--on") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # versions that differ are refused below, by name
        hear_sigterm()  # it would leave the processes of a cluster to end by themselves
        with _connected(address, workers) as client:
            readers = DaskReaders(client, address or "this machine")
            readers.require_same_versions()
            try:
                yield readers
            finally:
                readers.leave()


@contextmanager
def _connected(address: str | None, workers: int) -> Iterator[Client]:
    from distributed import Client, Security

    if address is None:
        with _local_cluster(workers) as cluster, Client(cluster, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            yield client
        return
    secured = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    if address.startswith("tls:") and secured["ssl_context"] is None:
        raise ClusterError(f"no certificates for {address}: name them in Dask's configuration, as distributed.comm.tls")
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address}: start one with `dask scheduler`, or correct the address; "
            f"the error is {one_line(error)}"
        ) from error
    with client:
        yield client


@contextmanager
def _local_cluster(workers: int) -> Iterator[Any]:
    """Processes of this machine that only this command can use, and that Ctrl-C leaves to it to end."""
    from distributed import LocalCluster
    from distributed.gc import disable_gc_diagnosis

    with tempfile.TemporaryDirectory(prefix="thinker-dask-") as folder, ExitStack() as started:
        with _undisturbed():
            cluster = LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", security=True,
                memory_limit=0, local_directory=folder, silence_logs=logging.CRITICAL,
                dashboard_address=None, scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            )  # fmt: skip
            started.callback(_close, cluster)
        # Python ignores what a callback of its collector raises, and so a Ctrl-C that comes then.
        disable_gc_diagnosis(force=True)  # type: ignore[no-untyped-call]
        yield cluster


def _close(cluster: Any) -> None:
    """End the processes of a cluster. A connection that breaks meanwhile is made anew.

    Processes that are left after the last attempt are daemons: they end with this one.
    """
    from distributed import Status
    from distributed.comm.core import CommClosedError

    for _ in range(ATTEMPTS_TO_CLOSE):
        try:
            cluster.close()
        except CommClosedError:
            cluster.status = Status.failed  # else it waits for the attempt that has ended
        else:
            return


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hear Ctrl-C and SIGTERM only when the block ends, and raise KeyboardInterrupt then.

    Processes and threads that start within it never hear Ctrl-C.
    """
    resource_tracker.ensure_running()  # at its start it would lift the mask
    heard: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: heard.append(number))
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) != signal.SIG_IGN
    }
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)
    if heard:
        raise KeyboardInterrupt
