"""`sign --using-traces` says once what it took, and from where."""

from __future__ import annotations

import json

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SETTINGS = "a secret cat\nSteps: 20, Sampler: Euler a, Seed: 7, Model: m, Version: v1.10.1"


def test_what_was_taken_is_said(studio, genlabel):
    info = PngInfo()
    info.add_text("parameters", SETTINGS)
    Image.new("RGB", (32, 32), "red").save(studio / "a.png", pnginfo=info)
    done = genlabel("sign", "a.png", "-o", "b.png", "--generated", "--using-traces")
    assert done.status == 0, done.err
    for taken in ("system 'AUTOMATIC1111'", "version 'v1.10.1'"):
        assert (done.out + done.err).count(f"{taken} from text parameters") == 1
    assert "secret" not in done.err + done.out.replace(SETTINGS[:12], "")
    loud = genlabel(
        *("sign", "a.png", "-o", "e.png", "--generated", "--using-traces", "--format", "json")
    )
    assert "a.png: taken: system 'AUTOMATIC1111' from text parameters" in loud.err
    assert "a.png: taken: version 'v1.10.1' from text parameters" in loud.err
    again = genlabel(
        *("sign", "a.png", "-o", "c.png", "--generated", "--using-traces", "-q", "--format", "json")
    )
    assert again.err == ""
    (report,) = json.loads(again.out)["reports"]
    assert report["taken"][0] == "system 'AUTOMATIC1111' from text parameters"
    plain = genlabel("sign", "a.png", "-o", "d.png", "--generated")
    assert "taken: " not in plain.err
