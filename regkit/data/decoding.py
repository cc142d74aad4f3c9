"""The text of a file's bytes."""

from __future__ import annotations

import codecs

from regkit.errors import DataError

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",  # It begins as UTF-16's does.
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decoded(source: str, content: bytes, encoding: str) -> str:
    """The text in `content`, without a byte order mark.

    Args:
        source: the file's name, for messages.
        content: the file's bytes.
        encoding: a character encoding that Python knows.

    Raises:
        DataError: the bytes are not text in this encoding, or there is no text.
    """
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    known = codecs.lookup(encoding).name
    if marked is not None and not known.startswith(marked):
        raise DataError(
            f"{source} is {marked.upper()}, by its first bytes, not {encoding}: "
            f"use --encoding {marked}"
        )
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{source} is not {encoding.upper()} (byte 0x{content[error.start]:02x} in line "
            f"{line}): name its encoding, for example --encoding cp1252, or save it as UTF-8"
        ) from None
    except ValueError as error:  # Some codecs raise a bare UnicodeError.
        raise DataError(f"{source} is not {encoding}: {error}") from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError(
            f"{source} is not text in {encoding.upper()}: there is a zero byte in line {line}"
        )
    if not text.strip():
        raise DataError(f"{source} is empty")
    return text
