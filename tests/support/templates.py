"""Compiled templates that every site of a test process shares: to compile a page's takes longer than fifty answers."""

from types import CodeType
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket


class _Compiled(BytecodeCache):
    """Keeps the code of each template by its name, its source, and the settings that a compiler heeds."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(_identity(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code is not None
        self._kept[_identity(bucket)] = bucket.code


def _identity(bucket: Bucket) -> tuple[object, ...]:
    of = bucket.environment
    heeded = (of.is_async, of.autoescape, of.sandboxed, of.optimized, of.trim_blocks, of.lstrip_blocks, of.undefined)
    return (bucket.key, bucket.checksum, type(of), *heeded, *sorted(of.extensions))


def share_compiled_templates() -> None:
    """Let the environments made from now on share what they compile, as long as this process lives."""
    plain, shared = Environment.__init__, _Compiled()

    def init(self: Environment, *arguments: Any, **options: Any) -> None:
        plain(self, *arguments, **{"bytecode_cache": shared, **options})

    Environment.__init__ = init  # type: ignore[method-assign]
