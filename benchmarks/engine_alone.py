"""The engine alone: with the same key, the same trust and no network."""

from __future__ import annotations

import io
import json
from typing import ClassVar

import c2pa

from genlabel import Generator, Label, Producer, testing

AS_BYTES = "application/octet-stream"
"""By which type the engine hashes what it is not to embed into (decision 034)."""

AUTHORITY = testing.Authority.new("Acme Studio")
SIGNER = AUTHORITY.signer()
TRUST = testing.trust(AUTHORITY)
LABEL = Label.generated(
    producer=Producer("Acme Studio", url="https://acme.example"),
    generator=Generator("ModelX", version="1.0", provider="Example Labs"),
    title="Hills",
)


class Engine:
    """The engine without genlabel: thumbnails off, the same key, the same trust, no network."""

    MANIFEST: ClassVar = {
        "claim_generator_info": [{"name": "raw", "version": "1", "specVersion": "2.4.0"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "created": True,
                "data": {
                    "allActionsIncluded": True,
                    "actions": [
                        {
                            "action": "c2pa.created",
                            "when": "2026-01-02T03:04:05Z",
                            "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/"
                            "trainedAlgorithmicMedia",
                            "softwareAgent": {"name": "ModelX", "version": "1.0"},
                        }
                    ],
                },
            }
        ],
    }

    def __init__(self, *, thumbnails: bool = False) -> None:
        self._thumbnails = thumbnails
        info = c2pa.C2paSignerInfo(b"es256", AUTHORITY.certificates, AUTHORITY.key_pem(), None)
        self._signer = c2pa.Signer.from_info(info)
        self._context = self._with(check=True)
        self._bare = self._with(check=False)

    def _with(self, *, check: bool) -> c2pa.Context:
        return c2pa.Context.from_dict(
            {
                "trust": {
                    "trust_config": "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.4\n",
                    "anchors": [
                        {
                            "trust_kind": "manifest",
                            "trust_uri": "raw:anchor",
                            "trust_anchors": AUTHORITY.anchors.decode(),
                        }
                    ],
                },
                "verify": {
                    "remote_manifest_fetch": False,
                    "ocsp_fetch": False,
                    "verify_after_sign": check,
                },
                "builder": {"thumbnail": {"enabled": self._thumbnails}},
            }
        )

    def sign(self, data: bytes, mime: str, *, check: bool = True, beside: bool = False) -> bytes:
        """The signed file, or the manifest `beside` one that has no place for it."""
        signed = io.BytesIO()
        context = self._context if check else self._bare
        with c2pa.Builder(self.MANIFEST, context=context) as builder:
            if beside:
                builder.set_no_embed()
                return builder.sign(self._signer, AS_BYTES, io.BytesIO(data), signed)
            builder.sign(self._signer, mime, io.BytesIO(data), signed)
        return signed.getvalue()

    def read(self, data: bytes, mime: str, store: bytes | None = None) -> None:
        more = {"manifest_data": store} if store else {}
        with c2pa.Reader(mime, io.BytesIO(data), context=self._context, **more) as reader:
            state = json.loads(reader.json())["validation_state"]
        if state != "Trusted":
            raise SystemExit(f"the engine calls its own result {state}")


RAW_MANY = """
import io, os, sys
from pathlib import Path
import c2pa
keys, pictures, out = map(Path, sys.argv[1:4])
chain, key = ((keys / name).read_bytes() for name in ("signing.pem", "signing.key"))
signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))
context = c2pa.Context.from_dict({"builder": {"thumbnail": {"enabled": False}}})
definition = (keys / "manifest.json").read_text()
out.mkdir(parents=True)
for path in sorted(pictures.iterdir()):
    signed = io.BytesIO()
    with c2pa.Builder(definition, context=context) as builder:
        builder.sign(signer, "image/jpeg", io.BytesIO(path.read_bytes()), signed)
    with c2pa.Reader("image/jpeg", signed, context=context) as reader:
        reader.json()
    with open(out / path.name, "wb") as file:
        file.write(signed.getvalue())
        if sys.argv[4]:
            file.flush()
            os.fsync(file.fileno())
    if sys.argv[4]:
        folder = os.open(out, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
"""
"""Signs and reads all pictures of a folder: keys and definition, pictures, results, and whether
each result is flushed, and its directory."""
