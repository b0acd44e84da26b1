"""Label a picture straight from a pipeline: a PIL image in, a labelled PNG out.

    genlabel keys new --organisation "Acme Studio"
    python examples/label_generated.py

Reads keys/ and writes generated.png into the current folder.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

import genlabel
from genlabel import Generator, Label, Producer, testing


def pipeline(prompt: str) -> Image.Image:
    """Stands for yours: ``pipe(prompt).images[0]``, or an API's answer opened with PIL."""
    return Image.open(BytesIO(testing.example()))


def main() -> None:
    signer = genlabel.KeySigner.from_files("keys/signing.key", "keys/signing.pem")
    label = Label.generated(
        producer=Producer("Acme Studio", url="https://acme.example"),
        generator=Generator("FLUX.1 [dev]", provider="Black Forest Labs"),
        title="Hills at dusk",
    )
    image = pipeline("hills at dusk")
    # The image is encoded here, once. Do not save it again afterwards: that would strip the label.
    signed = genlabel.sign(image, label, signer, format="png")
    Path("generated.png").write_bytes(signed.data)
    print(f"generated.png: {signed.outcome.value}, verifies until {signed.verifies_until:%Y-%m-%d}")

    report = genlabel.verify(signed.data, trust="keys/anchors.pem", policy="labelled")
    print(f"integrity {report.integrity.value}, declared {report.declared.source_type}")


if __name__ == "__main__":
    main()
