"""Development time-stamping authority: its certificate, RFC 3161 answers, and an HTTP server.

For tests: it stamps whatever it is asked to, by this machine's clock, and says "Development" in
its name. No published trust list knows it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import algos, cms, core, tsp, x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from genlabel.credentials.timestamps.token import QUERY, REPLY, Response
from genlabel.credentials.x509 import chain, files, issue, key as keys, names
from genlabel.credentials.x509.files import WrittenKeys
from genlabel.model.dataclass import dataclass
from genlabel.model.errors import CredentialError

KEY, CERTIFICATES, ANCHORS = "tsa.key", "tsa.pem", "tsa-anchors.pem"
LIFETIME = timedelta(days=3652)  # the conformance profile of such a leaf ends at 4110 days
MAX_QUERY = 4096
"""Most bytes of a question that is answered."""

_CLIENT_TIMEOUT = 5.0
"""Seconds for which a connection to `time_server` may be silent."""
_POLICY = "1.3.6.1.4.1.32473.1"
"""A policy is mandatory (RFC 3161 §2.4.2): one from the arc for examples (RFC 5612)."""
_KNOWN_HASHES = {"sha256": 32, "sha384": 48, "sha512": 64}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAuthority:
    """A key that may give time-stamps, its certificate, and the root of that."""

    certificates: bytes = field(repr=False)
    """The authority's certificate, PEM."""
    anchors: bytes = field(repr=False)
    """Its root, PEM: for ``trust.tsa``."""
    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def new(
        cls,
        organisation: str = "Acme Time",
        *,
        lifetime: timedelta = LIFETIME,
        usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    ) -> TimeAuthority:
        """A root and a certificate for time-stamping, on P-256.

        Other `usages` make one that no reader should believe, for tests of just that.
        """
        names.check(organisation, what="an organisation's name")
        begin = datetime.now(UTC).replace(microsecond=0) - issue.CLOCK_SKEW
        window = (begin, begin + issue.CLOCK_SKEW + lifetime)
        root_key, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        root = issue.certificate(
            issue.subject(organisation, f"Development Time Root {os.urandom(3).hex()}", unit=None),
            root_key,
            window=window,
            authority_depth=0,
        )
        leaf = issue.certificate(
            issue.subject(organisation, "Development Time", unit=None),
            own,
            window=window,
            issuer=(root, root_key),
            purpose=(x509.ExtendedKeyUsage(usages),),
            critical=True,  # RFC 3161 §2.3
        )
        return cls(certificates=chain.pem((leaf,)), anchors=chain.pem((root,)), _key=own)

    @classmethod
    def from_files(
        cls,
        key: str | os.PathLike[str],
        certificates: str | os.PathLike[str],
        anchors: str | os.PathLike[str],
        *,
        passphrase: bytes | str | None = None,
    ) -> TimeAuthority:
        """The authority whose files `write` made. Raises `CredentialError`."""
        source = Path(key)
        own = keys.load(files.read(source, secret=True), passphrase=passphrase, source=str(source))
        if not isinstance(own, ec.EllipticCurvePrivateKey):
            raise CredentialError(f"{source}: {keys.describe(own)}, and P-256 is wanted")
        return cls(
            certificates=files.read(Path(certificates)),
            anchors=files.read(Path(anchors)),
            _key=own,
        )

    def key_pem(self, *, passphrase: str | bytes | None = None) -> bytes:
        """The key as PKCS#8 in PEM, encrypted if a passphrase is given."""
        return keys.pkcs8(self._key, passphrase=passphrase)

    def write(
        self, folder: str | os.PathLike[str], *, passphrase: str | bytes | None = None
    ) -> WrittenKeys:
        """Writes `tsa.key`, `tsa.pem` and `tsa-anchors.pem` into `folder`, all or none.

        Like `Authority.write`, beside whose files they have room.
        """
        home = Path(folder)
        files.write(
            home,
            secret={KEY: self.key_pem(passphrase=passphrase)},
            public={CERTIFICATES: self.certificates, ANCHORS: self.anchors},
        )
        return WrittenKeys(key=home / KEY, certificates=home / CERTIFICATES, anchors=home / ANCHORS)

    def answer(self, query: bytes, *, moment: datetime | None = None) -> bytes:
        """The ``TimeStampResp`` to a ``TimeStampReq``: a token, or a rejection of what is none.

        `moment` is the time to say, by default now.
        """
        try:
            asked = tsp.TimeStampReq.load(query[: MAX_QUERY + 1], strict=True)
            imprint = asked["message_imprint"]
            algorithm = imprint["hash_algorithm"]["algorithm"].native
            digest = imprint["hashed_message"].native
            nonce, wanted = asked["nonce"].native, bool(asked["cert_req"].native)
        except (ValueError, TypeError, KeyError, AttributeError):
            return rejection("bad_data_format")
        if _KNOWN_HASHES.get(algorithm) != len(digest):
            return rejection("bad_alg")
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": _POLICY,
                "message_imprint": imprint,
                "serial_number": secrets.randbits(62),
                "accuracy": {"seconds": 1},
                "gen_time": (moment or datetime.now(UTC)).replace(microsecond=0),
                **({} if nonce is None else {"nonce": nonce}),
            }
        )
        token = self._signed(info.dump(), with_certificate=wanted)
        response = Response({"status": {"status": "granted"}, "time_stamp_token": token})
        return bytes(response.dump())

    def _signed(self, content: bytes, *, with_certificate: bool) -> cms.ContentInfo:
        (leaf,) = chain.load(self.certificates, source=CERTIFICATES)
        own = asn1_x509.Certificate.load(leaf.public_bytes(Encoding.DER))
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        signing_certificate = tsp.SigningCertificateV2(
            {"certs": [{"cert_hash": hashlib.sha256(own.dump()).digest()}]}
        )
        attributes = cms.CMSAttributes(
            [
                {"type": "content_type", "values": ["tst_info"]},
                {"type": "message_digest", "values": [hashlib.sha256(content).digest()]},
                {"type": "signing_certificate_v2", "values": [signing_certificate]},
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    name="issuer_and_serial_number",
                    value={"issuer": own.issuer, "serial_number": own.serial_number},
                ),
                "digest_algorithm": sha256,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        signed = {
            "version": "v3",  # RFC 5652 §5.1: the content is not plain data
            "digest_algorithms": [sha256],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content),
            },
            "signer_infos": [signer],
        }
        if with_certificate:
            signed["certificates"] = [own]
        return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


@contextmanager
def time_server(authority: TimeAuthority | Callable[[bytes], bytes]) -> Iterator[str]:
    """The address at which `authority` answers, on loopback only and on a free port.

    In place of an authority it takes a function from question to answer: for tests of what happens
    when somebody lies.
    """
    answer = authority.answer if isinstance(authority, TimeAuthority) else authority

    class Handler(BaseHTTPRequestHandler):
        timeout = _CLIENT_TIMEOUT

        def do_POST(self) -> None:  # the name that http.server looks for
            length = self.headers.get("Content-Length", "")
            if self.headers.get_content_type() != QUERY:
                self.send_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
            elif not length.isdecimal() or int(length) > MAX_QUERY:
                self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            else:
                reply = answer(self.rfile.read(int(length)))
                self.send_response(HTTPStatus.OK)
                self.send_header("Content-Type", REPLY)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            """Tests have enough to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rejection(reason: str) -> bytes:
    """A ``TimeStampResp`` that says no, for a reason of RFC 3161 §2.4.2 such as ``bad_alg``."""
    status = {"status": "rejection", "fail_info": {reason}}
    return bytes(Response({"status": status}).dump())
