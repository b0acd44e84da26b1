"""SoftHSM: a PKCS#11 token in a folder, filled with its own tool and emptied by nobody."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PIN = "1234-token"
LABEL = "genlabel tests"
_PLACES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
)


def module() -> str | None:
    """The path of SoftHSM's module, if it and its tool are here."""
    if shutil.which("softhsm2-util") is None:
        return None
    return next((each for each in _PLACES if Path(each).exists()), None)


class SoftToken:
    """One token; `SOFTHSM2_CONF` must name `configuration` before the module is loaded."""

    def __init__(self, folder: Path, module: str) -> None:
        self.module = module
        self.folder = folder
        self.configuration = folder / "softhsm2.conf"
        (folder / "tokens").mkdir(parents=True)
        self.configuration.write_text(
            f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n"
        )
        self._tool("--init-token", "--free", "--label", LABEL, "--so-pin", "9876", "--pin", PIN)

    def put(self, key_pem: bytes, label: str, number: bytes) -> None:
        """A private key onto the token, by the token's own tool."""
        path = self.folder / "import.pem"
        path.write_bytes(key_pem)
        words = ("--token", LABEL, "--label", label, "--id", number.hex(), "--pin", PIN)
        try:
            self._tool("--import", str(path), *words)
        finally:
            path.unlink()

    def put_certificate(self, der: bytes, label: str, number: bytes) -> None:
        """A certificate beside it."""
        import pkcs11
        from pkcs11.util.x509 import decode_x509_certificate

        with self._session() as session:
            attributes = decode_x509_certificate(der)
            attributes[pkcs11.Attribute.TOKEN] = True
            attributes[pkcs11.Attribute.LABEL] = label
            attributes[pkcs11.Attribute.ID] = number
            session.create_object(attributes)

    def take(self, label: str) -> None:
        """Everything with this label away from the token."""
        import pkcs11

        with self._session() as session:
            for each in list(session.get_objects({pkcs11.Attribute.LABEL: label})):
                each.destroy()

    def uri(self, label: str, **more: str) -> str:
        """The URI of the key with this label."""
        query = "".join(f"&{name.replace('_', '-')}={text}" for name, text in more.items())
        token = LABEL.replace(" ", "%20")
        return f"pkcs11:token={token};object={label}?module-path={self.module}{query}"

    def _session(self):
        import pkcs11

        token = pkcs11.lib(self.module).get_token(token_label=LABEL)
        try:
            return token.open(rw=True, user_pin=PIN)
        except pkcs11.UserAlreadyLoggedIn:
            return token.open(rw=True)

    def _tool(self, *words: str) -> None:
        subprocess.run(
            ["softhsm2-util", *words],
            check=True,
            capture_output=True,
            timeout=30,
            env={**os.environ, "SOFTHSM2_CONF": str(self.configuration)},
        )
