"""`jobs=` from Python: processes where what is given can go there, the same results everywhere."""

import pytest

import batches
import genlabel
from genlabel import ConfigurationError, Label, Producer, testing

LABEL = Label.generated(producer=Producer("Acme Studio"))


@pytest.fixture(scope="module")
def acme():
    return testing.Authority.new("Acme Studio")


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(8):
        (folder / f"{number}.png").write_bytes(testing.picture("png", seed=number, size=(16, 16)))
    (folder / "3.png").write_bytes((folder / "3.png").read_bytes()[:60])
    return folder


@pytest.fixture
def started(monkeypatch):
    return batches.counted(monkeypatch)


class Kept:
    """A signer that goes nowhere: its function is made in a function."""

    def __init__(self, signer):
        self.algorithm, self.chain_pem = signer.algorithm, signer.chain_pem
        self.sign = lambda data: signer.sign(data)

    def private_key_pem(self):
        return None


@pytest.mark.parametrize("kind", ["key", "uri", "kept"])
def test_many_are_signed_and_verified_with_several_jobs(acme, pictures, tmp_path, started, kind):
    files = acme.write(tmp_path / "keys")
    signer = {
        "key": acme.signer(),
        "uri": genlabel.signer(f"file:{files.key}", certificates=files.certificates),
        "kept": Kept(acme.signer()),
    }[kind]
    out = tmp_path / "out"
    signed = list(genlabel.sign_files([pictures], LABEL, signer, out=out, jobs=2))
    assert any(started) == (kind != "kept")
    assert [each.error is not None for each in signed].index(True) == 3
    assert [each.outcome for each in signed].count("signed") == 7
    started.clear()
    one, two = (
        list(genlabel.verify_files([out], trust=acme.anchors, jobs=jobs)) for jobs in (1, 2)
    )
    assert one == two
    assert len(two) == 7
    assert {each.integrity for each in two} == {"intact"}
    assert started == [True, True]


def test_published_pictures_are_compared_with_several_jobs(acme, pictures, tmp_path, started):
    out = tmp_path / "out"
    genlabel.sign_files([pictures], LABEL, acme.signer(), out=out)
    options = {"against": out, "trust": acme.anchors, "require": ["manifest"]}
    one, two = (
        list(genlabel.strip_check_files([pictures], jobs=jobs, **options)) for jobs in (1, 2)
    )
    assert one == two
    assert [each.marks["manifest"] for each in two if each.error is None] == ["lost"] * 7
    assert started == [True, True]


@pytest.mark.parametrize("wrong", [0, -2, "all", 1.5])
def test_what_is_no_number_of_jobs_is_refused(acme, pictures, tmp_path, wrong):
    with pytest.raises(ConfigurationError, match="jobs"):
        list(genlabel.verify_files([pictures], jobs=wrong))
    out = tmp_path / "out"
    with pytest.raises(ConfigurationError, match="jobs"):
        list(genlabel.sign_files([pictures], LABEL, acme.signer(), out=out, jobs=wrong))
    assert not out.exists()
