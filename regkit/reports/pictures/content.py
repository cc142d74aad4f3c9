"""A figure as the bytes of a file."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FileFormat = Literal["png", "svg"]


def content(figure: Figure, file_format: FileFormat) -> bytes:
    """The bytes, the same for the same figure with the same matplotlib."""
    buffer = BytesIO()
    # The date is the only content that would change between calls.
    metadata = {"Date": None} if file_format == "svg" else None
    figure.savefig(buffer, format=file_format, metadata=metadata)
    return buffer.getvalue()
