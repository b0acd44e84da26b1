"""Nothing is lost: newer versions, links, modes, and what a run leaves that was ended."""

from __future__ import annotations

import errno
import os
import stat
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

import genlabel
from genlabel import Existing, Integrity, Label, Labeller, Outcome, Severity, storage, testing
from genlabel.credentials.signer import Signer
from genlabel.model.errors import ConfigurationError, SigningError
from genlabel.model.parties import Generator, Producer
from genlabel.operations.signing import sign as signing
from genlabel.storage import Output, buffers, locks, pending
from genlabel.storage.together import write_outputs

posix = pytest.mark.skipif(os.name == "nt", reason="POSIX modes, links and locks")
LABEL = Label.generated(producer=Producer("Acme Studio"), generator=Generator("ModelX"))
EDITED = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Retoucher"))
MARKS = {"sidecar": True, "marks": ["iptc"]}
PLACES = {
    "in place": {"in_place": True},
    "sidecar": {"sidecar": True},
    "marks": {"in_place": True, **MARKS},
}
everywhere = pytest.mark.parametrize("options", PLACES.values(), ids=PLACES)


@pytest.fixture
def labeller(signer: Signer, trust: genlabel.Trust) -> Labeller:
    return Labeller(signer=signer, trust=trust)


@pytest.fixture
def cat(tmp_path: Path) -> Path:
    path = tmp_path / "cat.png"
    path.write_bytes(testing.picture("png"))
    return path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Something happens once, between a picture's reading and its result's writing."""

    def happens(change: Callable[[], object]) -> None:
        sign = signing.sign

        def slow(*words: object, **more: object) -> object:
            signed = sign(*words, **more)
            monkeypatch.setattr(signing, "sign", sign)
            change()
            return signed

        monkeypatch.setattr(signing, "sign", slow)

    return happens


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def codes(report: genlabel.SignReport | genlabel.Report) -> list[str]:
    return [each.code for each in report.findings if each.severity is Severity.NOTE]


# Newer versions


@everywhere
@pytest.mark.parametrize("how", ["replaced", "written", "touched", "removed"])
def test_a_picture_that_changed_meanwhile_is_left_as_it_is(labeller, meanwhile, cat, options, how):
    newer = testing.picture("png", seed=7)

    def change() -> None:
        if how == "replaced":
            cat.with_name("new").write_bytes(newer)
            cat.with_name("new").replace(cat)
        elif how == "written":
            cat.write_bytes(newer)
        elif how == "touched":
            os.utime(cat, ns=(1, 1))
        else:
            cat.unlink()

    meanwhile(change)
    with pytest.raises((SigningError, FileNotFoundError)) as refusal:
        labeller.sign_file(cat, LABEL, **options)
    if how != "removed":
        assert "changed while it was being signed" in str(refusal.value)
        kept = testing.picture("png") if how == "touched" else newer
        assert files(cat.parent) == {"cat.png": kept}
    else:
        assert files(cat.parent) == {}
    # the same without a change goes well
    cat.write_bytes(newer)
    assert labeller.sign_file(cat, LABEL, **options).outcome is Outcome.SIGNED


@pytest.mark.parametrize("options", [PLACES["sidecar"], PLACES["marks"]])
def test_a_manifest_that_changed_meanwhile_is_left_as_it_is(labeller, meanwhile, cat, options):
    labeller.sign_file(cat, LABEL, **options)
    beside = cat.with_name("cat.png.c2pa")
    before = cat.read_bytes()
    meanwhile(lambda: beside.write_bytes(b"newer"))
    with pytest.raises(SigningError, match=r"cat\.png\.c2pa: changed while it was being signed"):
        labeller.sign_file(cat, EDITED, **options)
    assert files(cat.parent) == {"cat.png": before, "cat.png.c2pa": b"newer"}


def test_a_stamp_goes_over_no_newer_version(labeller, meanwhile, cat, tsa, monkeypatch):
    labeller.sign_file(cat, LABEL, in_place=True, stamp="later")
    from genlabel.operations.signing import timestamp

    stamp, newer = timestamp.stamp, testing.picture("png", seed=7)

    def slow(*words: object, **more: object) -> object:
        stamped = stamp(*words, **more)
        cat.write_bytes(newer)
        return stamped

    monkeypatch.setattr(timestamp, "stamp", slow)
    with pytest.raises(SigningError, match="changed while it was being signed"):
        labeller.stamp_file(cat, in_place=True, tsa=tsa)
    assert files(cat.parent) == {"cat.png": newer}


def test_a_manifest_that_came_meanwhile_is_left_as_it_is(labeller, meanwhile, cat):
    before, beside = cat.read_bytes(), cat.with_name("cat.png.c2pa")
    meanwhile(lambda: beside.write_bytes(b"another's"))
    with pytest.raises(FileExistsError):
        labeller.sign_file(cat, LABEL, **PLACES["marks"])
    assert files(cat.parent) == {"cat.png": before, "cat.png.c2pa": b"another's"}


def test_a_picture_that_is_replaced_while_it_is_read_is_read_again(labeller, cat, monkeypatch):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    old = files(cat.parent)
    labeller.sign_file(cat, EDITED, **PLACES["marks"])
    new = files(cat.parent)
    for name, data in old.items():
        (cat.parent / name).write_bytes(data)
    from genlabel.storage import assets

    contents, raced = assets.contents, []

    def racing(path: Path) -> bytes | memoryview:
        data = contents(path)
        if not raced:
            raced.append(path)
            for name, content in new.items():
                (cat.parent / name).write_bytes(content)
        return data

    monkeypatch.setattr(assets, "contents", racing)
    asset = storage.read_asset(cat)
    assert (asset.data, asset.manifest) == (new["cat.png"], new["cat.png.c2pa"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer is a process that is forked")
def test_who_reads_while_a_pair_is_written_never_sees_a_mixture(tmp_path):
    cat, beside = tmp_path / "cat.png", tmp_path / "cat.png.c2pa"

    def write(number: int) -> None:
        data = b"%d " % number * 1000
        picture = Output(path=cat, data=data, overwrite=True)
        sidecar = Output(path=beside, data=b"%d" % number, overwrite=True, follow=False)
        write_outputs(picture, sidecar, sha256=pending.sha256([data]), fsync=False)

    write(0)
    child = os.fork()
    if child == 0:
        try:
            for number in range(1, 300):
                write(number)
        finally:
            os._exit(0)
    seen = set[tuple[bytes, bytes | None]]()
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        asset = storage.read_asset(cat)
        seen.add((bytes(asset.data).split()[0], asset.manifest))
    assert len(seen) > 1
    assert all(picture == manifest for picture, manifest in seen)


# Links


@posix
@pytest.mark.parametrize("options", [{"in_place": True, **MARKS}, {"sidecar": True}])
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_where_the_manifest_goes_is_not_written_through(labeller, tmp_path, options, exists):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.png").write_bytes(testing.picture("png"))
    (tree / "b.png").write_bytes(testing.picture("png", seed=2))
    victim = tmp_path / "authorized_keys"
    if exists:
        victim.write_bytes(b"ssh-ed25519 AAAA")
    (tree / "a.png.c2pa").symlink_to("../authorized_keys")
    first, second = labeller.sign_files([tree], LABEL, **options)
    assert first.error is not None
    assert "a.png.c2pa" in first.error.message
    assert "symbolic link" in first.error.message
    assert second.outcome is Outcome.SIGNED
    assert victim.exists() == exists
    assert not exists or victim.read_bytes() == b"ssh-ed25519 AAAA"
    assert (tree / "a.png").read_bytes() == testing.picture("png")
    with pytest.raises(OSError, match="symbolic link"):
        labeller.sign_file(tree / "a.png", LABEL, existing=Existing.REPLACE, **options)


@posix
def test_a_link_where_the_manifest_lies_is_not_read_but_beside_a_link(labeller, cat, tmp_path):
    labeller.sign_file(cat, LABEL, sidecar=True)
    store = tmp_path / "store"
    store.mkdir()
    for path in (cat.with_name("cat.png.c2pa"), cat):
        path.rename(store / path.name)
    cat.write_bytes((store / "cat.png").read_bytes())
    link = cat.with_name("cat.png.c2pa")
    link.symlink_to("store/cat.png.c2pa")
    report = labeller.verify_file(cat)
    assert report.integrity is Integrity.ABSENT
    assert "genlabel.sidecar.linked" in codes(report)
    cat.unlink()
    cat.symlink_to("store/cat.png")
    assert labeller.verify_file(cat).integrity is Integrity.INTACT


@posix
@pytest.mark.parametrize("overwrite", [True, False])
def test_nothing_below_the_output_is_written_through_a_link(labeller, cat, tmp_path, overwrite):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    tree = tmp_path / "tree/sub"
    for each in (out, elsewhere, tree):
        each.mkdir(parents=True)
    (tree / "a.png").write_bytes(cat.read_bytes())
    (out / "sub").symlink_to(elsewhere)
    with pytest.raises(ConfigurationError, match="symbolic link"):
        list(labeller.sign_files([tree.parent], LABEL, out=out, overwrite=overwrite))
    (elsewhere / "precious.png").write_bytes(b"precious")
    (out / "cat.png").symlink_to(elsewhere / "precious.png")
    for result in (labeller.sign_file, lambda path, label, **more: list(
        labeller.sign_files([path], label, **more)
    )):  # fmt: skip
        with pytest.raises((OSError, ConfigurationError), match=r"link|exists"):
            result(cat, LABEL, out=out, overwrite=overwrite)
    assert files(elsewhere) == {"precious.png": b"precious"}


@posix
def test_a_link_that_is_put_there_at_the_last_moment_is_not_followed(
    labeller, meanwhile, cat, tmp_path
):
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()

    def plant() -> None:
        out.mkdir()
        (out / "sub").symlink_to(elsewhere)

    tree = tmp_path / "tree/sub"
    tree.mkdir(parents=True)
    (tree / "a.png").write_bytes(cat.read_bytes())
    meanwhile(plant)
    (report,) = labeller.sign_files([tree.parent], LABEL, out=out)
    assert report.error is not None
    assert "symbolic link" in report.error.message
    assert files(elsewhere) == {}


@posix
def test_links_that_were_named_are_followed(labeller, cat, tmp_path):
    (tmp_path / "link.png").symlink_to("cat.png")
    labeller.sign_file(tmp_path / "link.png", LABEL, in_place=True)
    assert (tmp_path / "link.png").is_symlink()
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    (tmp_path / "old.png").write_bytes(b"old")
    (tmp_path / "latest.png").symlink_to("old.png")
    labeller.sign_file(cat, EDITED, out=tmp_path / "latest.png", overwrite=True)
    assert (tmp_path / "latest.png").is_symlink()
    assert labeller.verify_file(tmp_path / "old.png").integrity is Integrity.INTACT
    (tmp_path / "folder").mkdir()
    (tmp_path / "out").symlink_to("folder")
    list(labeller.sign_files([cat], EDITED, out=tmp_path / "out"))
    assert labeller.verify_file(tmp_path / "folder/cat.png").integrity is Integrity.INTACT


@posix
def test_what_is_no_regular_file_is_not_replaced(labeller, cat, tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(OSError, match="No regular file"):
        labeller.sign_file(cat, LABEL, out=tmp_path / "pipe.png", overwrite=True)
    with pytest.raises(ConfigurationError, match="no regular file"):
        list(labeller.sign_files([cat], LABEL, out=tmp_path / "pipe.png", overwrite=True))
    assert stat.S_ISFIFO((tmp_path / "pipe.png").stat().st_mode)


@posix
@everywhere
def test_hard_links_that_are_split_are_a_note(labeller, cat, options):
    before = cat.read_bytes()
    os.link(cat, cat.with_name("other.png"))
    report = labeller.sign_file(cat, LABEL, **options)
    assert ("genlabel.file.hard-link" in codes(report)) == ("in_place" in options)
    assert cat.with_name("other.png").read_bytes() == before
    alone = cat.with_name("alone.png")
    alone.write_bytes(before)
    assert codes(labeller.sign_file(alone, LABEL, **options)) == []


# Modes


@posix
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o664)])
@pytest.mark.parametrize("source", [0o4777, 0o666, 0o400])
def test_results_take_the_umask_and_no_mode_of_the_source(labeller, cat, umask, mode, source):
    cat.chmod(source)
    before = os.umask(umask)
    try:
        labeller.sign_file(cat, LABEL, out=cat.with_name("out.png"), **MARKS)
    finally:
        os.umask(before)
    for name in ("out.png", "out.png.c2pa"):
        assert stat.S_IMODE(cat.with_name(name).stat().st_mode) == mode


@posix
@everywhere
def test_in_place_mode_and_attributes_are_kept(labeller, cat, options):
    cat.chmod(0o640)
    try:
        os.setxattr(cat, "user.origin", b"Acme")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes on this file system")
    report = labeller.sign_file(cat, LABEL, **options)
    assert codes(report) == []
    assert stat.S_IMODE(cat.stat().st_mode) == 0o640
    assert os.getxattr(cat, "user.origin") == b"Acme"
    beside = cat.with_name("cat.png.c2pa")
    if beside.exists():
        beside.chmod(0o600)
        labeller.sign_file(cat, EDITED, **options)
        assert stat.S_IMODE(beside.stat().st_mode) == 0o600


@posix
@pytest.mark.parametrize("options", [PLACES["in place"], PLACES["marks"]])
def test_in_place_an_access_list_is_kept(labeller, cat, options):
    # acl(5) as the kernel keeps it: version 2; then tag, rights and number of each entry
    entries = [(1, 6, -1), (2, 4, 1234), (4, 4, -1), (16, 4, -1), (32, 0, -1)]
    packed = b"".join(struct.pack("<HHi", *entry) for entry in entries)
    try:
        os.setxattr(cat, "system.posix_acl_access", struct.pack("<I", 2) + packed)
    except (OSError, AttributeError):
        pytest.skip("no access lists on this file system")
    before = os.getxattr(cat, "system.posix_acl_access")
    report = labeller.sign_file(cat, LABEL, **options)
    assert codes(report) == []
    assert os.getxattr(cat, "system.posix_acl_access") == before


@posix
@everywhere
@pytest.mark.parametrize(
    ("call", "code"),
    [
        ("chmod", "genlabel.file.attributes"),
        ("fchown", "genlabel.file.attributes"),
        ("setxattr", "genlabel.file.attributes"),
        ("fsync", "genlabel.file.unsynced"),
    ],
)
def test_what_the_system_refuses_is_a_note_and_no_failure(
    labeller, cat, monkeypatch, options, call, code
):
    cat.chmod(0o4755)
    if call == "setxattr":
        try:
            os.setxattr(cat, "user.origin", b"Acme")
        except (OSError, AttributeError):
            pytest.skip("no extended attributes on this file system")
    fstat = os.fstat

    def others(descriptor: int) -> os.stat_result:
        fields = list(fstat(descriptor))
        fields[stat.ST_UID] += 1
        return os.stat_result(fields)

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    if call == "fchown":
        monkeypatch.setattr(os, "fstat", others)
    monkeypatch.setattr(os, call, refused)
    report = labeller.sign_file(cat, LABEL, **options)
    monkeypatch.undo()
    assert report.outcome is Outcome.SIGNED
    dressed = "in_place" in options or call == "fsync"
    assert (code in codes(report)) == dressed
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    if call == "fchown" and "in_place" in options:
        assert not cat.stat().st_mode & stat.S_ISUID, "it would lend the rights of another owner"


@posix
def test_with_its_owner_a_file_keeps_its_set_user_bit(labeller, cat):
    cat.chmod(0o4755)
    labeller.sign_file(cat, LABEL, in_place=True)
    assert stat.S_IMODE(cat.stat().st_mode) == 0o4755


# What an ended run has left


@pytest.fixture
def ended(labeller: Labeller, cat: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Ends a run on a pair in the middle: behind that many of its three renames and links."""

    def end(behind: int) -> None:
        done: list[object] = []
        place = storage.atomic.Writing.place

        def counted(writing: storage.atomic.Writing) -> None:
            if len(done) == behind:
                raise SystemExit
            place(writing)
            done.append(writing)

        with monkeypatch.context() as patch:
            patch.setattr(storage.atomic.Writing, "place", counted)
            patch.setattr(storage.together, "_is_undone", lambda *_, **__: False)
            with pytest.raises(SystemExit):
                labeller.sign_file(cat, EDITED, **PLACES["marks"])

    return end


@pytest.mark.parametrize("behind", [1, 2])
def test_what_was_begun_verifies_is_named_and_is_settled_by_the_next_run(
    labeller, cat, ended, behind
):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    first = labeller.verify_file(cat)
    ended(behind)
    report = labeller.verify_file(cat)
    assert report.integrity is Integrity.INTACT
    assert (report.manifest_id == first.manifest_id) == (behind == 1)
    assert "genlabel.file.left-over" in codes(report)
    assert len(files(cat.parent)) == 3
    assert storage.sweep(cat.parent) == 1
    assert files(cat.parent).keys() == {"cat.png", "cat.png.c2pa"}
    after = labeller.verify_file(cat)
    assert (after.integrity, after.manifest_id) == (Integrity.INTACT, report.manifest_id)
    assert codes(after) == []


@pytest.mark.parametrize("behind", [1, 2])
def test_one_that_is_signed_again_is_settled_first(labeller, cat, ended, behind):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    ended(behind)
    before = labeller.verify_file(cat)
    again = Label.edited(producer=Producer("Acme Studio"), generator=Generator("Third"))
    labeller.sign_file(cat, again, **PLACES["marks"])
    report = labeller.verify_file(cat)
    assert report.integrity is Integrity.INTACT
    assert before.manifest_id in [each.manifest_id for each in report.ingredients]
    assert files(cat.parent).keys() == {"cat.png", "cat.png.c2pa"}


@posix
def test_two_runs_on_one_pair_do_not_mix(labeller, cat, ended):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])
    ended(1)
    before = files(cat.parent)
    (path,) = cat.parent.glob(".genlabel-*.pending")
    with path.open("rb") as file:
        assert locks.take(file.fileno())
        assert codes(labeller.verify_file(cat)) == [], "its run is at it, nothing is left"
        with pytest.raises(OSError, match="Another run is writing this picture") as refusal:
            labeller.sign_file(cat, EDITED, **PLACES["marks"])
    assert refusal.value.errno == errno.EBUSY
    assert files(cat.parent) == before


@posix
def test_where_there_are_no_hard_links_the_pending_manifest_stays(
    labeller, cat, monkeypatch, tmp_path
):
    labeller.sign_file(cat, LABEL, **PLACES["marks"])

    def unsupported(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links here")

    place = storage.atomic.Writing.place

    def failing(writing: storage.atomic.Writing) -> None:
        if writing.target.suffix == ".c2pa":
            raise OSError(errno.EIO, "broken")
        place(writing)

    monkeypatch.setattr(os, "link", unsupported)
    monkeypatch.setattr(storage.atomic.Writing, "place", failing)
    with pytest.raises(OSError, match="broken"):
        labeller.sign_file(cat, EDITED, **PLACES["marks"])
    monkeypatch.undo()
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    assert storage.sweep(tmp_path) == 1
    assert labeller.verify_file(cat).integrity is Integrity.INTACT
    assert files(tmp_path).keys() == {"cat.png", "cat.png.c2pa"}


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"no JSON",
        b"[]",
        b'{"picture": "../cat.png", "sidecar": "x.c2pa", "sha256": "", "machine": ""}',
        b'{"picture": "cat.png", "sidecar": "../../authorized_keys", "sha256": "", "machine": ""}',
        b'{"picture": "cat.png", "sidecar": "cat.png", "sha256": "", "machine": ""}',
        b'{"picture": 7, "sidecar": "cat.png.c2pa", "sha256": "", "machine": ""}',
        b"[" * 100_000,
    ],
)
def test_a_pending_manifest_that_we_have_not_written_is_none(labeller, cat, header):
    before = cat.read_bytes()
    pending.path_for(cat).write_bytes(header + b"\nstore")
    assert labeller.verify_file(cat).integrity is Integrity.ABSENT
    storage.sweep(cat.parent)
    assert cat.read_bytes() == before
    labeller.sign_file(cat, LABEL, **PLACES["marks"])


@posix
def test_a_pending_manifest_that_is_a_link_is_not_read(labeller, cat, tmp_path):
    output = pending.output_for(
        cat, cat.with_name("cat.png.c2pa"), pending.sha256([cat.read_bytes()]), b"store"
    )
    (tmp_path / "elsewhere").write_bytes(b"".join(output.data))
    output.path.symlink_to("elsewhere")
    assert labeller.verify_file(cat).integrity is Integrity.ABSENT
    output.path.unlink()
    (tmp_path / "elsewhere").rename(output.path)
    assert labeller.verify_file(cat).reason == "unreadable", "the control: it is read"


# Errors


@posix
def test_errors_name_what_was_done_and_to_which_file(labeller, cat, tmp_path, monkeypatch):
    with pytest.raises(NotADirectoryError) as refusal:
        labeller.sign_file(cat, LABEL, out=cat / "below/out.png")
    assert refusal.value.filename is not None
    (tmp_path / "taken.png").write_bytes(b"taken")
    with pytest.raises(FileExistsError, match=r"looking at its place.*taken\.png"):
        labeller.sign_file(cat, LABEL, out=tmp_path / "taken.png")
    (tmp_path / "cat.png.c2pa").mkdir()
    with pytest.raises(IsADirectoryError, match=r"cat\.png\.c2pa"):
        labeller.sign_file(cat, LABEL, in_place=True, **MARKS)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    (report,) = labeller.sign_files([cat], LABEL, out=tmp_path / "new.png")
    assert report.error is not None
    assert "No space left on device (writing the temporary file for new.png)" in (
        report.error.message
    )
    assert str(tmp_path / ".genlabel-") in report.error.message


def test_a_full_directory_of_temporary_files_is_named(tmp_path, monkeypatch, labeller):
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None: ...

        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def seek(self, *_: int) -> int:
            return 0

    monkeypatch.setattr(buffers, "LARGE", 1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(OSError, match="TMPDIR names another place") as refusal:
        labeller.sign(testing.picture("png"), LABEL)
    assert (refusal.value.errno, refusal.value.filename) == (errno.ENOSPC, str(tmp_path))


def test_both_places_are_looked_at_before_either_is_written(cat, tmp_path):
    (tmp_path / "cat.png.c2pa").mkdir()
    before = cat.read_bytes()
    picture = Output(path=cat, data=b"new", overwrite=True)
    sidecar = Output(path=tmp_path / "cat.png.c2pa", data=b"store", overwrite=True, follow=False)
    with pytest.raises(IsADirectoryError):
        write_outputs(picture, sidecar, sha256=pending.sha256([b"new"]))
    assert cat.read_bytes() == before
    assert files(tmp_path).keys() == {"cat.png"}
