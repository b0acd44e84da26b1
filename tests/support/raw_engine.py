"""c2pa-python as such, as an oracle: what it signs and what it says of the result."""

import io
import json

from c2pa import Builder, C2paSignerInfo, Context, Reader, Signer

USAGES = "1.3.6.1.4.1.62558.2.1\n1.3.6.1.5.5.7.3.36\n1.3.6.1.5.5.7.3.4\n"
SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST = json.dumps(
    {
        "claim_generator_info": [{"name": "test", "version": "1"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "created": True,
                "data": {"actions": [{"action": "c2pa.created", "digitalSourceType": SOURCE_TYPE}]},
            }
        ],
    }
)


def _context(anchors=None):
    trust = {"trust_config": USAGES}
    if anchors:
        trust["anchors"] = [
            {"trust_kind": "manifest", "trust_uri": "test:root", "trust_anchors": anchors.decode()}
        ]
    return Context.from_dict(
        {
            "trust": trust,
            "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
            "core": {"allowed_network_hosts": []},
            "builder": {"thumbnail": {"enabled": False}},
        }
    )


def sign(jpeg, algorithm, chain, key):
    signer = Signer.from_info(C2paSignerInfo(algorithm.encode(), chain, key, None))
    return _sign(jpeg, signer)


def sign_by(jpeg, algorithm, chain, function):
    """With a callback in place of a key."""
    from c2pa import C2paSigningAlg

    name = C2paSigningAlg[algorithm.upper()]
    return _sign(jpeg, Signer.from_callback(function, name, chain.decode()))


def _sign(jpeg, signer):
    out = io.BytesIO()
    with Builder(MANIFEST, context=_context()) as builder:
        builder.sign(signer, "image/jpeg", io.BytesIO(jpeg), out)
    return out.getvalue()


def read(jpeg, anchors=None):
    """The overall state and the active manifest's signature_info."""
    with Reader("image/jpeg", io.BytesIO(jpeg), context=_context(anchors)) as reader:
        said = json.loads(reader.json())
    return said["validation_state"], said["manifests"][said["active_manifest"]]["signature_info"]


def verdict(jpeg, algorithm, chain, key, anchors):
    """``refused`` or the state in which the signed picture reads with its root given."""
    from c2pa import C2paError

    try:
        return read(sign(jpeg, algorithm, chain, key), anchors)[0]
    except C2paError:
        return "refused"
