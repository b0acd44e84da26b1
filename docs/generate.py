"""Writes the generated pages of `docs/` from the one place where each truth lives.

    python docs/generate.py            write them
    python docs/generate.py --check    change nothing; exit 1 and name the pages that are stale

`fields.md` comes from the field table, `formats.md` from the containers and from what other
programs confirmed in the tests, `survival.md` from the survival table and from what
`benchmarks/relations.py` wrote, `commands.md` and the manual page `genlabel.1` from the command
line itself, `performance.md` from what `benchmarks/run.py` kept, `settings.md` and
`label-files.md` from the table of the configuration's keys, and the JSON schemas from the
dataclasses of the results (`schemas.py`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from api_page import api_page
from command_pages import commands_page, man_page
from decisions_page import decisions_page
from markdown import MADE, table
from operations_table import OPERATIONS, worked
from performance_page import performance_page
from relations_page import relations_part
from settings_pages import label_files_page, settings_page

HERE = Path(__file__).resolve().parent
HOME = HERE.parent
SOURCE = HOME / "src" / "genlabel"
sys.path.insert(0, str(SOURCE.parent))


def pages() -> Mapping[str, str]:
    """Every generated page: name below `docs/` → text."""
    import schemas
    import survival_pages

    return {
        **schemas.pages(),
        "../src/genlabel/__init__.pyi": face(),
        "fields.md": fields_page(),
        "formats.md": formats_page(),
        "survival.md": survival_pages.survival_page(MADE, table) + relations_part(table),
        "keeping.md": survival_pages.keeping_page(MADE, table),
        "commands.md": commands_page(),
        "genlabel.1": man_page(),
        "settings.md": settings_page(),
        "api.md": api_page(),
        "decisions/README.md": decisions_page(),
        "performance.md": performance_page(MADE),
        "label-files.md": label_files_page(),
    }


def face() -> str:
    """The types of the names that `genlabel` loads at first use, from its own table."""
    from genlabel import FACE

    lines = ['"""Made by docs/generate.py from `FACE` in `__init__.py`."""\n\n']
    lines.append("from . import testing as testing\n")
    lines.append("from .model.version import __version__ as __version__\n")
    for home, names in FACE.items():
        lines.extend(f"from .{home} import {name} as {name}\n" for name in names.split())
    lines.append(f"\n__all__ = {sorted(['__version__', *' '.join(FACE.values()).split()])}\n")
    return "".join(lines)


def fields_page() -> str:
    """One row a field, one column a mark, from `genlabel.fields.FIELDS`."""
    from genlabel.model.fields import FIELDS, Place
    from genlabel.model.label import Label
    from genlabel.model.parties import Generator, Producer
    from genlabel.model.report import Mark

    def shown(place: Place | None) -> str:
        if place is None:
            return ""
        text = " and ".join(f"`{part.strip()}`" for part in place.where.split(","))
        if place.item:
            text += f" / `{place.item}`"
        if place.limit:
            text += f", {place.limit:,} bytes"
        if place.joined:
            text += f", joined by `{place.joined}`"
        return text

    studio = Producer("Acme Studio")
    generated = Label.generated(producer=studio, generator=Generator("FLUX.1 [dev]", version="1.0"))
    taken = Label.captured(producer=studio)

    def value(found: object) -> str:
        return "; ".join(found) if isinstance(found, tuple) else str(found) if found else "nothing"

    filled = [
        [f"`{each.name}`", value(each.fallback(generated)), value(each.fallback(taken))]
        for each in FIELDS
        if each.fallback(generated) or each.fallback(taken)
    ]
    marks = [Mark.MANIFEST, Mark.IPTC, Mark.IIM, Mark.EXIF]
    return "".join(
        [
            MADE,
            "# Fields\n\n",
            "Where each mark puts each field of a label. `manifest` is the signed C2PA manifest ",
            "(`cawg.metadata` unless another assertion is named), `iptc` is XMP, `iim` and `exif` ",
            "are the older blocks. A limit is in bytes of UTF-8: what is longer is cut at the end ",
            "of a character, in that place only. `/` names the member of a structure.\n\n",
            *table(
                ["field", "meaning", *(f"`{mark.value}`" for mark in marks)],
                [
                    [f"`{each.name}`", each.meaning, *(shown(each.places.get(m)) for m in marks)]
                    for each in FIELDS
                ],
            ),
            "\n## What is filled in when nobody said it\n\n",
            "A label may leave these fields open. If no mark of the file says anything either, ",
            "this is written, shown for a label by Acme Studio using FLUX.1 [dev] 1.0. What a ",
            "file already says stays, and no Exif or IIM block comes into being for it: those ",
            "are written if the file has one or the label sets a field that belongs there. ",
            "XMP is always written. A picture without an identifier gets one.\n\n",
            *table(["field", "in a generated picture", "in a photograph"], filled),
            "\n## Read, not written\n\n",
            "Fields that a file carries and no row names stay as they are. ",
            "`genlabel inspect` shows them with the rest.\n",
        ]
    )


def formats_page() -> str:
    """What works in which container, and who confirmed it for each kind of file."""
    from genlabel.formats import CONTAINERS

    seen_by = json.loads((HERE / "formats.json").read_text("utf-8"))
    rows = seen_by["rows"]
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    marks = ["manifest", "iptc", "iim", "exif", "pixels"]

    def by(kind: str, mark: str) -> str:
        return ", ".join(
            row["by"] for row in rows if row["kind"] == kind and row["mark"] == mark
        ) or {"iim": "no place", "exif": "no place"}.get(mark, "")

    seen = dict.fromkeys((row["mark"], row["seen"]) for row in rows)
    return "".join(
        [
            MADE,
            "# Formats\n\n",
            "A format is recognised by its content, never by its name. Marks are written ",
            "between the untouched bytes of the file: the picture is not encoded again.\n\n",
            "## What works\n\n",
            "A label is written as up to four marks: the signed C2PA manifest (`manifest`), the ",
            "IPTC properties in XMP (`iptc`), and their older twins in IIM (`iim`) and Exif ",
            "(`exif`). A cell says “yes” if the tests showed it in every kind of file of the ",
            "format (below) when this table was made; “no place” means that the format has none ",
            "for that mark, “beside it” that the manifest is kept in a file of its own. The last ",
            "column names the programs, none of them genlabel, that had a part in it: they wrote ",
            "what genlabel read, or read what it wrote.\n\n",
            *table(
                ["format", "mark", *OPERATIONS, "with"],
                [row for each in CONTAINERS for row in worked(each, seen_by)],
            ),
            "\nWhat “yes” stands for:\n\n",
            *(f"- {name}: {meaning};\n" for name, meaning in OPERATIONS.items()),
            "\n## Their names\n\n",
            *table(
                ["format", "usual names", "media type"],
                [
                    [
                        f"`{each.name}`",
                        ", ".join(f"`{suffix}`" for suffix in each.suffixes),
                        f"`{each.media_type}`",
                    ]
                    for each in CONTAINERS
                ],
            ),
            "\nA PDF is labelled by an incremental update: the document with all its revisions ",
            "stays in front, to the last byte. Encrypted and digitally signed documents, and ",
            "files that a manifest would damage, are labelled beside: `--sidecar`.\n\n",
            "Other formats are refused with a sentence that says what the file is, and which ",
            "format comes nearest. `genlabel inspect` shows what can be seen in them.\n\n",
            "JPEG XL: a file in boxes (`.jxl` as cjxl writes it with metadata) gets its marks as ",
            "boxes before the codestream. A naked codestream has no place for any: it is put into ",
            "a container first, which every decoder of JPEG XL reads, and stays the same to the ",
            "last byte. Boxes that are compressed with Brotli are read (the `brotli` package ",
            "comes with genlabel), and written uncompressed where the label goes into them.\n\n",
            "## Files that are not quite right\n\n",
            "What is wrong only in the frame is put right when a label is written, and the report ",
            "says what: lengths of WAV, AVI and WebP files that went through a pipe (0xFFFFFFFF), ",
            "and junk behind an XMP packet. A picture that lacks the mark of its end (JPEG, PNG, ",
            "GIF) may lack more: `verify` warns, a JPEG is labelled as it is, and PNG and GIF are ",
            "refused until you say that the mark is to be put there: ",
            "`genlabel sign cat.gif --in-place --repair --generated`. ",
            "What was cut off is refused. ",
            "[Why](decisions/130-what-is-put-right-in-a-frame.md).\n\n",
            "## Who confirmed it\n\n",
            "Each cell names the programs, none of them genlabel, that confirmed the row when ",
            "this table was made. The tests ask them again and fail if one changes its mind.\n\n",
            *table(
                ["kind", *(f"`{mark}`" for mark in marks)],
                [[kind, *(by(kind, mark) for mark in marks)] for kind in kinds],
            ),
            "\nWhat was confirmed:\n\n",
            *(f"- `{mark}`: {what};\n" for mark, what in sorted(seen)),
            "\nThe command that records it: ",
            "`make test ARGS='tests/docs/test_formats.py --record-formats'`, then `make docs`.\n\n",
            "## Known limits of others\n\n",
            "- ExifTool 13.59 does not show the Exif block of a PNG that also carries a manifest: ",
            "it warns “IFD0 pointer references previous JUMBFBox directory” and skips the block. ",
            "Pillow reads it, so Pillow confirms those rows.\n",
            "- c2pa-ts reads JPEG, PNG, AVIF and HEIC. Its version 0.9 refuses every file with a ",
            "time-stamp, wrongly: it wants the authority's whole answer where C2PA 2.4 ",
            "§10.3.2.5 puts the token.\n",
            "- c2pa-rs, and what is built on it, refuses identities in the encoding that CAWG ",
            "asks for (`cawg.x509.signature.mismatch`), which genlabel writes unless told ",
            "`--identity-form c2pa-rs`. [Both compared](identity.md#sign-with-it).\n",
            "- c2pa-rs looks for a manifest beside `cat.png` in `cat.c2pa` only. Where another ",
            "picture shares the stem genlabel writes `cat.png.c2pa`, which it does not find.\n",
            "- ExifTool 13.59 reads an SVG file as such only where `<svg`, without a prefix, is ",
            "among its first 256 bytes, and compressed boxes of JPEG XL only with a Perl module ",
            "for Brotli; genlabel writes them uncompressed.\n",
            "- djxl turns a JPEG XL back into the very JPEG it was packed from as long as that ",
            "had no XMP or Exif of its own. Where it had, labelling changes the length of what ",
            "the JPEG is rebuilt from; the pixels decode the same.\n",
            "- The C2PA engine alone (c2pa-rs 0.91) shifts the places of HEIC and AVIF items ",
            "wrongly where their table counts from a base: the Exif or the picture of such a ",
            "file, signed by another program that is built on it, may lie past the end, and then ",
            "the file reads as malformed. That cannot be told from damage. genlabel writes the ",
            "table in another form before it signs. ",
            "[Why](decisions/026-offsets-that-the-engine-cannot-get-wrong.md).\n",
            "- C2PA gives the manifest of a TIFF file with several pages a directory of its own, ",
            "which Pillow, libtiff and ImageMagick take for a broken page. genlabel puts it into ",
            "the last page's directory, where the engine and encypher-c2pa accept it; ",
            "encypher-c2pa's strict conformance mode does not. ",
            "`--tiff-manifest own-directory` writes what C2PA says: strict checkers accept the ",
            "place, but Pillow and libtiff end with an error, and tifffile shows a page of no ",
            "size. Raw files other than DNG are ",
            "labelled beside the picture (`--sidecar`). ",
            "[Why](decisions/031-where-a-manifest-goes-among-pages.md).\n",
            "- JPEG files of several pictures (MPO, gain maps) are bound by one hash of the whole ",
            "file, which holds in every reader and breaks where any of the pictures is taken out. ",
            "The softer `c2pa.hash.multi-asset` is read and checked and not written: the engine's ",
            "JSON takes text where it wants byte strings, and still reads Trusted. ",
            "[Why](decisions/127-no-multi-asset-hash-is-written.md).\n",
            "- genlabel itself puts manifests in and hashes what they are bound to; the engine ",
            "makes the claim and signs it. Before the first file of a kind, a small one is sealed ",
            "by both and has to read equal, once for each version of the engine; else, and with ",
            "an engine that was not tested for it, the engine seals, the log says so, and ",
            "`genlabel doctor` does. `--sealing engine` chooses its way. ",
            "[Why](decisions/172-a-judge-of-sealing-and-one-bridge.md).\n",
            "- No other program at hand writes labels into a BigTIFF file that hold: ExifTool ",
            "writes none, and the bare C2PA engine leaves eight bytes unprotected. So only what ",
            "others read in it is confirmed.\n",
            "- C2PA puts the manifest of a FLAC file into an ID3 tag in front of it. flac, ffmpeg ",
            "and ExifTool read on behind it; a decoder that insists on `fLaC` as the first bytes ",
            "does not: there, write the manifest beside it (`--sidecar`). In the blocks of FLAC ",
            "itself XMP has no place, so it goes into the same tag.\n",
            "- Readers that use libavif show the XMP and Exif of an animated AVIF only where its ",
            "track has some of its own: then the label stands there, too. Where it has none, none ",
            "is added: the file's own items hold the label, as for a still picture, and a new box ",
            "within a track would move what players look up while every other reader, ExifTool ",
            "among them, finds the label without it.\n",
            "- ExifTool 13.59 shows the manifest of a PDF only where its stream does not say its ",
            "media type, which PDF 2.0 requires of such a file.\n",
            "- Viewers show the manifest of a PDF among its attachments, as “Content ",
            "Credentials”. PDF/A-1 allows no attachments, PDF/A-2 only PDF/A files, and both ",
            "want a schema for XMP properties like these: a document that has to stay PDF/A is ",
            "labelled beside (`--sidecar`). [Why](decisions/042-manifests-in-documents.md).\n\n",
            "## Bytes that no manifest covers\n\n",
            "C2PA's binding of ISO files (AVIF, HEIC, MP4, MOV, M4A) leaves out the brands in the ",
            "first box (`ftyp`) and an index named `mfra`; that of other tools leaves out boxes ",
            "named `free` and `skip` too, which genlabel's covers. Such bytes can ",
            "change, and such boxes can be added at the end, without breaking the ",
            "manifest. Nothing that a viewer shows or that a mark says lies there: `sign` refuses ",
            "a file where it does, and `verify` calls its manifest broken ",
            "(`genlabel.manifest.uncovered`), whoever signed it. In all other formats every byte ",
            "outside the manifest counts. The tests bend bytes of every kind of file, put bytes ",
            "between its parts and take parts out, and fail where more than that goes unnoticed.",
            "\n\n",
            "What a manifest leaves out of its hash is read in every format, whoever signed it. ",
            "Where that is more than the manifest itself, and another content there would be ",
            "another picture, the manifest is broken, too; in all other parts it is a warning ",
            "(`genlabel.manifest.exclusions`).\n\n",
            "Some 200 bytes within the manifest, in ISO media some 1,000, are padding that ",
            "nothing covers.\n",
            "\n## Large files\n\n",
            "Files of 8 MB and more are mapped instead of read, except on Windows: labelling a ",
            "film of 1 GB needs some 30 MB of memory for genlabel's own part, and one copy of ",
            "it as a temporary file, apart from the result. The C2PA engine keeps about the whole ",
            "film in memory while it signs. `make bench` measures both ([the last ",
            "run](performance.md)). On a terminal a line shows how far each pass is. ",
            "An interrupt (Ctrl-C) stops the engine within about a second, also in the middle of ",
            "a large film: the file stays as it was, nothing half-written is left, and the exit ",
            "status is 130. With several jobs, files that are under way are completed first.\n",
            "\nThe engine's time for signing MP4, MOV and M4A grows with the square of the number ",
            "of fragments. Two hours in fragments of two seconds (3,600) take about 5 s to sign ",
            "beside what the film's size takes, 8,000 fragments 20 s. Verifying does not wait for ",
            "the engine: genlabel hashes the film itself. A ",
            "film with more than 16,000 boxes side by side, or 100,000 in all, is refused. ",
            "Joining its fragments helps: `ffmpeg -i film.mp4 -c copy joined.mp4` encodes nothing ",
            "again. A sidecar does not help, since the engine looks at every box for it, too.\n",
        ]
    )


def stale(made: Mapping[str, str]) -> list[str]:
    """The pages that are missing or say something else than the code does."""
    found = []
    for name, text in made.items():
        path = HERE / name
        if not path.exists() or path.read_text("utf-8") != text:
            found.append(name)
    return found


def main(arguments: Sequence[str]) -> int:
    """Writes or checks; the exit status."""
    made = pages()
    old = stale(made)
    if "--check" in arguments:
        for name in old:
            print(f"docs/{name}: stale: run `make docs`", file=sys.stderr)
        return 1 if old else 0
    for name in old:
        (HERE / name).write_text(made[name], "utf-8", newline="\n")
        print(f"docs/{name} written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
