"""Read a gzip file as one stream of its whole members, and find the first broken one."""

import zlib
from io import RawIOBase
from typing import BinaryIO

READ_BYTES = 1 << 16
MAGIC = b"\x1f\x8b"


class Unpacked(RawIOBase):
    """The content of a gzip file's members, one after another, up to `limit` bytes.

    whole: the bytes of content in members that ended correctly. member: the offset of the open member.
    """

    def __init__(self, file: BinaryIO, limit: int | None = None) -> None:
        self.file, self.limit = file, limit
        self.whole = self.member = self._at = 0
        self._packed, self._inflater = b"", zlib.decompressobj(31)

    def tell(self) -> int:
        """The number of bytes of content read."""
        return self._at

    def read(self, size: int = READ_BYTES) -> bytes:
        """The next bytes, up to `size`; empty at the end or the limit.

        Raises EOFError if the file ends inside a member, and zlib.error in a bad one.
        """
        if self.limit is not None:
            size = min(size, self.limit - self._at)
        while size > 0:
            content = self._inflater.decompress(self._packed, size)
            self._at += len(content)
            if self._inflater.eof:
                self._end_member()
            else:
                self._packed = self._inflater.unconsumed_tail
            if content:
                return content
            self._packed = self._packed or self.file.read(READ_BYTES)
            if not self._packed:
                if self.file.tell() > self.member:
                    raise EOFError("the file ends inside it")
                return b""
        return b""

    def _end_member(self) -> None:
        self._packed = self._inflater.unused_data
        self.whole, self.member = self._at, self.file.tell() - len(self._packed)
        self._inflater = zlib.decompressobj(31)


def whole_content(file: BinaryIO) -> tuple[int, str | None]:
    """The number of bytes of content before the first broken member, and that member's fault as text.

    If every member is whole: the number of all bytes of content, and None.
    """
    stream = Unpacked(file)
    try:
        while stream.read():
            pass
    except (EOFError, zlib.error) as error:
        return (
            stream.whole,
            f"the gzip member at byte {stream.member} is incomplete, so nothing after it is read: {error}",
        )
    return stream.whole, None
