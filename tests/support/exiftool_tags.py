"""What ExifTool calls the fields of a label, and what a label may change of a file besides."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from oracles.exiftool import Exiftool

XMP_TAGS = {
    "source_type": "XMP-iptcExt:DigitalSourceType",
    "generator": "XMP-iptcExt:AISystemUsed",
    "generator_version": "XMP-iptcExt:AISystemVersionUsed",
    "title": "XMP-dc:Title",
    "description": "XMP-dc:Description",
    "identifier": "XMP-iptcExt:DigitalImageGUID",
    "credit": "XMP-photoshop:Credit",
    "copyright": "XMP-dc:Rights",
    "usage_terms": "XMP-xmpRights:UsageTerms",
    "web_statement": "XMP-xmpRights:WebStatement",
    "data_mining": "XMP-plus:DataMining",
    "prompt": "XMP-iptcExt:AIPromptInformation",
    "prompt_writer": "XMP-iptcExt:AIPromptWriterName",
}
IIM_TAGS = {
    "title": "IPTC:ObjectName",
    "credit": "IPTC:Credit",
    "copyright": "IPTC:CopyrightNotice",
    "description": "IPTC:Caption-Abstract",
}
EXIF_TAGS = {
    "description": "IFD0:ImageDescription",
    "copyright": "IFD0:Copyright",
    "identifier": "ExifIFD:ImageUniqueID",
    "software": "IFD0:Software",
}
OURS = {
    *XMP_TAGS.values(),
    *IIM_TAGS.values(),
    *EXIF_TAGS.values(),
    "XMP-iptcExt:Contributor",
    "XMP-plus:ImageSupplier",
    "XMP-plus:Licensor",
    "XMP-dc:Creator",
    "XMP-dc:Subject",
    "IPTC:Keywords",
    "XMP-xmp:ModifyDate",
    "XMP-xmpNote:HasExtendedXMP",
    "IPTC:By-line",
    "IFD0:Artist",
    "IPTC:CodedCharacterSet",
    "IPTC:EnvelopeRecordVersion",
    "IPTC:ApplicationRecordVersion",
    "ExifIFD:ExifVersion",
}

READ = ("-j", "-G1:4", "-a", "-u", "-struct", "-n", "-ee")
"""Everything that ExifTool sees, unknown tags and those of embedded streams too."""
PREVIEWS = ("-j", "-G1:4", "-a", "-b", "-Preview:all")
MANIFESTS = ("JUMBF", "C2PA", "CBOR", "JSON", "Jpeg2000")
"""Groups of what stands in a manifest: it has hashes of its own."""
ELSEWHERE = ("SourceFile", "System", "Composite", "ExifTool")
"""Groups that say nothing of the file's content."""
FIRST_READ_ONLY = ("Google",)
"""ExifTool shows the notes of HDR+ only on the first read of a process."""
SET = {
    "XMP-dcterms:Provenance": "the address of the old manifest",
    "XMP-xmp:ModifyDate": "the version's own time",
    "XMP-xmp:MetadataDate": "the version's own time",
    "XMP-xmpMM:InstanceID": "the version's own identifier",
    "IFD0:ModifyDate": "the version's own time, where it was ours",
    "IPTC:CodedCharacterSet": "all texts of the block are written in UTF-8",
    "XMP-rdf:About": "what a second packet called itself, which the first one's name covers",
}
"""What every version of a file has anew."""
LAYOUT = re.compile(
    r"File:(FileType|FileTypeExtension|CurrentIPTCDigest)|Photoshop:IPTCDigest|RIFF:WebP_Flags"
    r"|IPTC\d+:ApplicationRecordVersion|GIF:GIFVersion|File:ID3Size|QuickTime:MediaData\w*|MPImage\d+:MPImage(Start|Length)"
    r"|.*:\w*(Offset|Offsets|ImageStart|Starts?)"
)
"""Places and lengths, and what kind of frame there is: what they lead to is compared apart."""


def tags(exiftool: Exiftool, path: Path) -> Counter[tuple[str, str]]:
    """Every tag with its value, as JSON; duplicates count."""
    (read,) = json.loads(exiftool.run(*READ, path))
    found: Counter[tuple[str, str]] = Counter()
    for key, value in read.items():
        group, name = key.split(":")[0], key.split(":")[-1]
        if group not in (*ELSEWHERE, *FIRST_READ_ONLY) and not _in_manifest(key):
            found[f"{group}:{name}", json.dumps(value, sort_keys=True)] += 1
    return found


def previews(exiftool: Exiftool, path: Path) -> set[str]:
    """The pictures that ExifTool finds within a file, thumbnails and previews behind it too."""
    (read,) = json.loads(exiftool.run(*PREVIEWS, path))
    return {
        _to_its_end(str(value))
        for key, value in read.items()
        if key != "SourceFile" and not _in_manifest(key)
    }


def _to_its_end(value: str) -> str:
    """A picture in base64 without what stands behind its end: some lengths reach too far."""
    coded = b64decode(value.removeprefix("base64:")) if value.startswith("base64:") else b""
    picture, end, _ = coded.rpartition(b"\xff\xd9")
    return (picture + end).hex() if end else value


def _in_manifest(key: str) -> bool:
    return any(each in key for each in MANIFESTS)


def unlisted(
    before: Counter[tuple[str, str]],
    after: Counter[tuple[str, str]],
    told: Collection[str],
) -> Iterator[str]:
    """What a label changed that no list allows, and that the result does not tell either."""
    gone = before - after
    new: dict[str, str] = {}
    for (tag, value), _ in (after - before).items():
        new[tag] = new.get(tag, "") + value
    for tag, value in gone:
        if tag in SET or LAYOUT.fullmatch(tag) or (tag, value) in after:  # said once is said
            continue
        kept = new.get(tag, "")
        lost = [each for each in _texts(json.loads(value)) if not _stands(each, kept)]
        if tag in OURS and not lost:
            continue
        if not lost or not all(any(_stands(each, one) for one in told) for each in lost):
            yield f"{tag}: {value[:200]} -> {kept[:200]}"


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        if text := str(value).strip():  # cameras leave room of blanks
            yield text


def _stands(text: str, within: str) -> bool:
    spelt = [text, repr(text)[1:-1], json.dumps(text)[1:-1]]
    with suppress(UnicodeError):  # UTF-8 that ExifTool took for Latin-1, as nothing declares it
        spelt.append(text.encode("cp1252").decode())
    # ExifTool writes a question mark for what is no UTF-8
    unclear = re.compile(".".join(map(re.escape, text.split("?"))))
    return any(each in within for each in spelt) or unclear.search(within) is not None
