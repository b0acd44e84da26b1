"""The usual errors about structures that lie, and about files that take no manifest."""

from __future__ import annotations

from genlabel.model.errors import MalformedAsset, MalformedMetadata


def past_end(format: str, part: str, excess: int, offset: int) -> MalformedAsset:
    """`part`, such as ``chunk IDAT at 33``, is `excess` bytes longer than what it lies in."""
    return MalformedAsset(format, f"{part} runs {excess:,} bytes past the end", offset=offset)


def no_room(reason: str) -> MalformedMetadata:
    """A manifest cannot be put into the file for this `reason`."""
    return MalformedMetadata(reason, remedy="write the manifest beside it with --sidecar")
