"""Label an edit together with the picture it started from. The photographer's name stays.

    genlabel keys new --organisation "Acme Studio"
    python examples/label_edit.py

Reads keys/, draws original.jpg and retouched.jpg, and labels the second one in place.
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageFilter

import genlabel
from genlabel import Generator, Label, Mark, Producer, testing

ARTIST = 0x013B  # Exif 3.0 §4.6.2.1: the photographer


def main() -> None:
    original, retouched = Path("original.jpg"), Path("retouched.jpg")
    photograph(original)
    retouch(original, retouched)

    signer = genlabel.KeySigner.from_files("keys/signing.key", "keys/signing.pem")
    # Edited, not generated: most of the picture is still the photographer's.
    label = Label.edited(
        producer=Producer("Acme Studio"), generator=Generator("Inpainter", version="2.1")
    )
    outcome = genlabel.sign_file(retouched, label, signer, parent=original, in_place=True)
    print(f"{outcome.path}: {outcome.outcome.value}")

    report = genlabel.verify_file(retouched, trust="keys/anchors.pem", policy="labelled")
    print(f"source type: {report.declared.source_type}")
    for ingredient in report.ingredients:
        print(f"made from: {ingredient.title} ({ingredient.relationship})")
    print(f"photographer: {', '.join(report.marks[Mark.EXIF].creator)}")


def photograph(path: Path) -> None:
    """Stands for a photograph: drawn, with the photographer's name in it."""
    with Image.open(io.BytesIO(testing.example("jpeg"))) as drawn:
        exif = Image.Exif()
        exif[ARTIST] = "Ada Lovelace"
        drawn.save(path, quality=92, exif=exif)


def retouch(before: Path, after: Path) -> None:
    """Stands for inpainting: a blurred corner. Metadata is handed over, as editors should."""
    with Image.open(before) as picture:
        corner = picture.crop((0, 0, 400, 300)).filter(ImageFilter.GaussianBlur(20))
        edited = picture.copy()
        edited.paste(corner, (0, 0))
        edited.save(after, quality=92, exif=picture.getexif())


if __name__ == "__main__":
    main()
