"""The engine's traps are closed, and its settings have the effect that they are there for.

The numbers are those of the list of traps that c2pa-python 0.38 was found to have; `README.md`
beside this file says where each is tried.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

import genlabel
import jumbf
from genlabel import formats
from genlabel.credentials.identity import Identity
from genlabel.credentials.trust import Trust
from genlabel.formats.format import XMP
from genlabel.manifests.engine import engine, load, placeholder, reading_context, signing, streams
from genlabel.manifests.engine.c_api import Native, Refused
from genlabel.model.element import Element
from genlabel.model.errors import SigningError
from genlabel.model.label import Label
from genlabel.model.report import Form, Integrity, TrustLevel, Validity
from genlabel.operations import verify
from genlabel.operations.labeller import Labeller
from genlabel.operations.signing import rewriting
from genlabel.testing import Authority, picture
from histories import ACME, FLUX, MIMES
from oracles import pictures, raw
from oracles.absence import program
from oracles.chain import CLAIM_SIGNING, Chain

LABEL = Label.generated(producer=ACME)


# --- the canary


@pytest.mark.parametrize("format", MIMES)
def test_a_picture_signed_now_is_trusted_with_its_root_and_unknown_without(format, signer, trust):
    data = genlabel.sign(picture(format), LABEL, signer).data
    with_root, without = genlabel.verify(data, trust=trust), genlabel.verify(data)
    assert with_root.state.value == "trusted"
    assert with_root.signer is not None
    assert with_root.signer.trust is TrustLevel.KNOWN
    assert with_root.declared.attested
    assert without.integrity is Integrity.INTACT
    assert without.state.value == "valid"
    assert without.signer is not None
    assert without.signer.trust is TrustLevel.UNKNOWN
    assert not without.declared.attested


def test_the_engine_is_a_version_whose_traps_are_known():
    assert engine.versions()["c2pa-python"].startswith(load.TESTED)


# --- T1: the engine looks for its library in the current directory first


_SIGN = """
import genlabel
from genlabel import testing
from genlabel.model.label import Label
from genlabel.model.parties import Producer
authority = testing.Authority.new("Acme Studio")
label = Label.generated(producer=Producer("Acme Studio"))
signed = genlabel.sign(testing.picture("png"), label, authority.signer())
print(signed.report.integrity.value)
loaded = [line.split()[-1] for line in open("/proc/self/maps") if "c2pa_c" in line]
print(*sorted(set(loaded)), sep="\\n")
"""


def _run(code: str, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    source = Path(engine.__file__).parents[3]
    return subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="the test looks into /proc")
def test_t1_a_library_planted_in_the_current_directory_is_not_loaded(tmp_path):
    planted = _planted(tmp_path)
    for place in ("libs", "artifacts"):
        (tmp_path / place).mkdir()
        (tmp_path / place / planted.name).write_bytes(planted.read_bytes())
    (tmp_path / "c2pa.py").write_text("raise SystemExit('planted')")
    mark = tmp_path / "it-ran"
    # The trap is there: left alone, the engine falls into it, and Python too.
    _run("import c2pa", tmp_path, "-P")
    assert mark.exists()
    mark.unlink()
    assert "planted" in _run("import c2pa", tmp_path).stderr

    run = _run(_SIGN, tmp_path)
    assert run.returncode == 0, run.stderr
    verdict, *loaded = run.stdout.split("\n")[:-1]
    assert verdict == "intact"
    assert len(loaded) == 1
    assert not loaded[0].startswith(str(tmp_path))
    assert not mark.exists()


def _planted(folder: Path) -> Path:
    """A shared library that leaves a mark when it is loaded."""
    compiler, library = program("cc", "gcc", "clang"), folder / "libc2pa_c.so"
    source = folder / "evil.c"
    source.write_text(
        "#include <stdio.h>\n"
        "__attribute__((constructor)) static void run(void)"
        f' {{ fclose(fopen("{folder}/it-ran", "w")); }}\n'
    )
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def test_t1_a_package_planted_in_the_current_directory_is_not_looked_at(tmp_path, monkeypatch):
    (tmp_path / "c2pa").mkdir()
    (tmp_path / "c2pa" / "__init__.py").write_text("raise SystemExit('planted')")
    (tmp_path / "c2pa_python-0.38.9.dist-info").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert load._located.__wrapped__() == load._located()


def test_another_module_of_that_name_is_nothing_to_us(monkeypatch):
    monkeypatch.setitem(sys.modules, "c2pa", json)
    assert load.library().is_file()
    assert engine.versions()["c2pa-rs"].startswith("0.")


# --- T2: an exception inside a callback is lost, or aborts the process


class _Pressing:
    """What native streams do with a piece, with somebody pressing Ctrl-C at the first."""

    def __init__(self) -> None:
        self.pressed = 0
        self._view = streams._view

    def __call__(self, *asked: int) -> memoryview:
        if not self.pressed:
            self.pressed += 1
            os.kill(os.getpid(), signal.SIGINT)
        view: memoryview = self._view(*asked)
        return view


@pytest.fixture
def ctrl_c(monkeypatch) -> Iterator[_Pressing]:
    """Somebody presses Ctrl-C while the engine asks, which raises `KeyboardInterrupt`."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    pressing = _Pressing()
    monkeypatch.setattr(streams, "_view", pressing)
    yield pressing
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("format", MIMES)
def test_t2_ctrl_c_while_signing_is_delivered_and_leaves_the_original(
    format, signer, tmp_path, ctrl_c
):
    path = tmp_path / "picture"
    path.write_bytes(picture(format))
    with rewriting.by_engine(), pytest.raises(KeyboardInterrupt):
        Labeller(signer=signer).sign_file(path, LABEL, in_place=True)
    assert ctrl_c.pressed == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert path.read_bytes() == picture(format)
    assert list(tmp_path.iterdir()) == [path]
    Labeller(signer=signer).sign_file(path, LABEL, in_place=True)
    assert genlabel.verify(path.read_bytes(), policy=None).integrity is Integrity.INTACT


@pytest.mark.parametrize("format", MIMES)
def test_t2_ctrl_c_while_we_hash_is_delivered_and_leaves_the_original(
    format, signer, tmp_path, monkeypatch
):
    path = tmp_path / "picture"
    path.write_bytes(picture(format))

    def pressed(name: str) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(placeholder, "hashlib", SimpleNamespace(new=pressed))
            with pytest.raises(KeyboardInterrupt):
                Labeller(signer=signer).sign_file(path, LABEL, in_place=True)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
    assert path.read_bytes() == picture(format)
    assert list(tmp_path.iterdir()) == [path]


def test_t2_ctrl_c_while_a_parent_is_read_is_delivered(signer, chain, ctrl_c):
    parent = signing.IngredientSource(
        definition={"label": "p", "title": "p", "relationship": "parentOf"},
        mime="image/jpeg",
        data=raw.sign(pictures.draw(), "image/jpeg", chain),
    )
    with pytest.raises(KeyboardInterrupt):
        signing.sign(picture("png"), "image/png", raw.edited("p"), signer, [parent])
    assert ctrl_c.pressed == 1


def test_t2_ctrl_c_while_a_file_is_read_is_delivered(ctrl_c):
    data = raw.sign(pictures.draw(), "image/jpeg", Chain.new())
    with pytest.raises(KeyboardInterrupt):
        engine.read(data, "image/jpeg")
    assert ctrl_c.pressed == 1
    assert genlabel.verify(data, policy=None).integrity is Integrity.INTACT


def test_t2_a_handler_of_the_programs_own_hears_of_it_once(signer, ctrl_c):
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    with rewriting.by_engine():
        signed = genlabel.sign(picture("png"), LABEL, signer)
    assert heard == [signal.SIGINT]
    assert signed.report.integrity is Integrity.INTACT


def test_t2_in_a_worker_thread_nobodys_handler_is_touched(signer):
    before, results = signal.getsignal(signal.SIGINT), []
    worker = threading.Thread(
        target=lambda: results.append(genlabel.sign(picture("png"), LABEL, signer))
    )
    worker.start()
    worker.join()
    assert signal.getsignal(signal.SIGINT) is before
    assert results[0].report.integrity is Integrity.INTACT


# --- T3: the engine fetches whatever URL a file names


class _Server(HTTPServer):
    """Answers nothing, and remembers who asked."""

    requests: list[str]


@pytest.fixture
def server() -> Iterator[_Server]:
    """A listening web server on the loopback interface."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listening.requests.append(self.path)
            self.send_error(404)

        do_POST = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    listening = _Server(("127.0.0.1", 0), Handler)
    listening.requests = []
    thread = threading.Thread(target=listening.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield listening
    listening.shutdown()
    thread.join()
    listening.server_close()


def _address(server: _Server) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def _naming(url: str, format: str) -> bytes:
    """A picture whose XMP says that its manifest lies at `url`."""
    packet = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="{url}/picture.c2pa"/>
</rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""
    data = picture(format)
    container = formats.identify(data)
    return b"".join(container.rewrite(container.survey(data), {XMP: packet.encode()}))


@pytest.mark.parametrize("format", MIMES)
def test_t3_no_address_in_a_file_is_ever_asked(format, signer, server):
    data = _naming(_address(server), format)
    # The trap is there: left alone, the engine asks.
    with pytest.raises(c2pa.C2paError):
        c2pa.Reader(MIMES[format], io.BytesIO(data))
    assert server.requests == ["/picture.c2pa"]
    server.requests.clear()

    report = genlabel.verify(data, policy=None)
    assert (report.integrity, report.reason) == (Integrity.UNKNOWN, "remote-only")
    genlabel.strip_check(data, against=data)
    edited = genlabel.sign(picture("png"), Label.edited(producer=ACME), signer, parent=data)
    assert "genlabel.parent.remote" in [each.code for each in edited.findings]
    genlabel.sign(picture("png"), Label.composite(producer=ACME, of=[Element(data)]), signer)
    genlabel.sign(data, LABEL, signer, existing=genlabel.Existing.REPLACE)
    genlabel.sign(data, Label.edited(producer=ACME, generator=FLUX), signer)
    assert server.requests == []


# --- the settings, each with its effect: the engine ignores misspelt ones silently (T6)


@pytest.fixture
def changed(monkeypatch):
    """Changes one setting of the engine's, or takes it away."""
    original = reading_context.settings_under

    def change(group: str, key: str, *value: object) -> None:
        settings_before = reading_context.settings_under

        def settings(*trust: Trust, **decoding: bool) -> dict[str, object]:
            found = deepcopy(settings_before(*trust, **decoding))
            assert key in found[group], "the setting has another name now"
            del found[group][key]
            if value:
                found[group][key] = value[0]
            return found

        monkeypatch.setattr(reading_context, "settings_under", settings)
        reading_context.kept_context.cache_clear()

    yield change
    monkeypatch.setattr(reading_context, "settings_under", original)
    reading_context.kept_context.cache_clear()


def test_every_setting_is_tried_below():
    tried = {
        "trust": {"trust_config", "anchors"},
        "verify": {"remote_manifest_fetch", "ocsp_fetch", "verify_after_sign"},
        "core": {"allowed_network_hosts", "decode_identity_assertions"},
        "builder": {"created_assertion_labels", "thumbnail"},
    }
    assert {
        group: set(keys) for group, keys in reading_context.settings_under(Trust()).items()
    } == tried


@pytest.mark.parametrize(
    "usages",
    [
        (CLAIM_SIGNING,),
        (x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),),
        (ExtendedKeyUsageOID.EMAIL_PROTECTION,),
    ],
    ids=["claim signing", "document signing", "e-mail protection"],
)
def test_t4_every_key_usage_of_the_profile_is_known(usages, changed):
    theirs = Chain.new(ekus=usages)
    data = raw.sign(pictures.draw(), "image/jpeg", theirs)
    trust = Trust.of(signers=theirs.anchor)

    assert _trusted(data, "image/jpeg", trust)
    changed("trust", "trust_config")
    email = usages == (ExtendedKeyUsageOID.EMAIL_PROTECTION,)
    assert _trusted(data, "image/jpeg", trust) is email
    known = genlabel.verify(data, trust=trust, policy=None).signer
    assert known is not None
    assert known.trust is TrustLevel.KNOWN  # which no setting of the engine touches


def _trusted(data: bytes, mime: str, trust: Trust) -> bool:
    """Does the engine itself call the signer trusted?"""
    document = engine.read(data, mime, trust).document
    assert document is not None
    listed = document["validation_results"]["activeManifest"]["success"]
    return "signingCredential.trusted" in {each["code"] for each in listed}


def test_anchors_are_what_makes_a_signer_known_to_the_engine(signer, trust, changed):
    data = genlabel.sign(picture("png"), LABEL, signer).data
    assert _trusted(data, "image/png", trust)
    changed("trust", "anchors")
    assert not _trusted(data, "image/png", trust)


def test_the_two_locks_on_fetching_hold_each_alone(server, changed):
    data = _naming(_address(server), "jpeg")
    changed("verify", "remote_manifest_fetch")
    engine.read(data, "image/jpeg")
    assert server.requests == []
    changed("core", "allowed_network_hosts")
    engine.read(data, "image/jpeg")
    assert server.requests == ["/picture.c2pa"]


def test_refusing_to_fetch_says_that_the_manifest_is_elsewhere(server, changed):
    data = _naming(_address(server), "jpeg")
    assert genlabel.verify(data, policy=None).reason == "remote-only"
    changed("core", "allowed_network_hosts")
    assert genlabel.verify(data, policy=None).reason == "remote-only"
    assert server.requests == []


def test_no_authority_is_asked_about_revocation(server, changed):
    theirs = _with_ocsp(Chain.new(), _address(server) + "/ocsp")
    data = raw.sign(pictures.draw(), "image/jpeg", theirs)
    trust = Trust.of(signers=theirs.anchor)
    report = genlabel.verify(data, trust=trust, policy=None)
    assert report.signer is not None
    assert report.signer.validity is Validity.WITHIN
    changed("core", "allowed_network_hosts")
    genlabel.verify(data, trust=trust, policy=None)
    assert server.requests == []
    changed("verify", "ocsp_fetch", True)
    genlabel.verify(data, trust=trust, policy=None)
    assert server.requests != []


def test_an_identity_that_cannot_be_decoded_takes_no_manifest_away(signer, changed):
    house = Authority.new("Acme Studio", identity=True)
    data = genlabel.sign(
        picture("jpeg", size=(64, 64)), LABEL, signer, identity=Identity(house.signer())
    ).data
    damaged = data.replace(b"nsigner_payload", b"nsigner_PAYLOAD")
    assert damaged != data
    assert engine.read(damaged, "image/jpeg", Trust()).document["manifests"]
    changed("core", "decode_identity_assertions")
    assert not engine.read(damaged, "image/jpeg", Trust()).document["manifests"]


def _with_ocsp(theirs: Chain, url: str) -> Chain:
    """The chain with a leaf that names where its revocation can be asked for."""
    key = serialization.load_pem_private_key(theirs.key, None)
    old, _ = x509.load_pem_x509_certificates(theirs.certificates)
    root_key = _new_key()
    now = datetime.now(UTC)
    root_name = x509.Name.from_rfc4514_string("CN=Throw-away root,O=Throw-away tests")
    usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
    root = (
        x509.CertificateBuilder()
        .subject_name(root_name)
        .issuer_name(root_name)
        .public_key(root_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(old.subject)
        .issuer_name(root_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=8))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .add_extension(
            x509.AuthorityInformationAccess(
                [
                    x509.AccessDescription(
                        AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(url)
                    )
                ]
            ),
            critical=False,
        )
    )
    for kind in (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage):
        found = old.extensions.get_extension_for_class(kind)
        builder = builder.add_extension(found.value, critical=found.critical)
    leaf = builder.sign(root_key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    return Chain(
        organisation=theirs.organisation,
        key=theirs.key,
        certificates=leaf.public_bytes(pem) + root.public_bytes(pem),
        anchor=root.public_bytes(pem),
    )


def _new_key():
    return ec.generate_private_key(ec.SECP256R1())


def test_the_engines_own_check_after_signing_is_off_because_ours_sees_more(signer, changed):
    nothing_first = {
        "claim_generator_info": [{"name": "x", "version": "1"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "created": True,
                "data": {"actions": [{"action": "c2pa.created"}]},
            }
        ],
    }
    data = signing.sign(picture("jpeg"), "image/jpeg", nothing_first, signer)
    assert genlabel.verify(data, policy=None).form is Form.MALFORMED
    changed("verify", "verify_after_sign", True)
    with pytest.raises(SigningError, match="refused to sign"):
        signing.sign(picture("jpeg"), "image/jpeg", nothing_first, signer)


def test_t11_no_thumbnail_makes_a_small_picture_big(signer, changed):
    small = picture("jpeg")
    signed = genlabel.sign(small, LABEL, signer)
    assert len(signed.data) < len(small) + 10_000
    document = verify.examine(genlabel.Asset(signed.data), trust=Trust()).reading.document
    assert "thumbnail" not in str(document)
    changed("builder", "thumbnail")
    definition = raw.generated()
    assert len(signing.sign(small, "image/jpeg", definition, signer)) > len(small) + 20_000


# --- T7, T8, T12


def test_t7_everything_that_we_assert_is_attributed_to_the_signer(signer, trust):
    data = genlabel.sign(picture("jpeg"), LABEL, signer).data
    claim = raw.crjson(data, "image/jpeg", trust)["manifests"][0]["claim.v2"]
    created = str(claim["created_assertions"])
    for label in ("c2pa.actions.v2", "c2pa.ai-disclosure", "cawg.metadata", "c2pa.hash.data"):
        assert label in created
    assert not claim.get("gathered_assertions")


@pytest.mark.parametrize("format", MIMES)
def test_t8_signing_over_a_manifest_never_drops_it_silently(format, signer, chain):
    theirs = raw.sign(picture(format), MIMES[format], chain)
    first = genlabel.verify(theirs, policy=None).manifest_id
    ours = genlabel.sign(theirs, Label.edited(producer=ACME), signer)
    assert [each.manifest_id for each in ours.report.ingredients] == [first]


@pytest.mark.parametrize("format", MIMES)
def test_t9_no_update_manifest_is_ever_made(format, signer):
    """A standard manifest has a hard binding of its own; an update manifest has none."""
    once = genlabel.sign(picture(format), LABEL, signer)
    twice = genlabel.sign(once.data, Label.generated(producer=ACME, title="Only a title"), signer)
    store = formats.identify(twice.data).survey(twice.data).manifest
    assert store is not None
    for manifest in jumbf.manifests(store).values():
        assert b"c2pa.hash.data" in manifest
        assert manifest[16:20] == b"c2ma"  # C2PA 2.4 §11.1.4: standard manifest; c2um is an update


def test_t12_a_failing_engine_leaves_the_file_in_place(signer, tmp_path, monkeypatch):
    path = tmp_path / "picture.png"
    path.write_bytes(picture("png"))

    def failing(self, *arguments: object, **options: object) -> None:
        raise Refused("Io: the disk is on fire")

    monkeypatch.setattr(Native, "sign", failing)
    monkeypatch.setattr(Native, "sign_hashed", failing)
    for way in (rewriting.by_engine, nullcontext):
        with way(), pytest.raises(SigningError, match="on fire"):
            Labeller(signer=signer).sign_file(path, LABEL, in_place=True)
    assert path.read_bytes() == picture("png")
    assert list(tmp_path.iterdir()) == [path]


def test_the_list_of_traps_names_tests_that_exist():
    table = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    written = "".join(
        path.read_text(encoding="utf-8") for path in Path(__file__).parents[2].rglob("test_*.py")
    )
    rows = [line for line in table.splitlines() if line.startswith("| T")]
    assert len(rows) == 12
    for row in rows:
        for name in row.split("|")[-2].split(","):
            name = name.strip().strip("`")
            assert f"def {name}(" in written, name
