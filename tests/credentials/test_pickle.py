"""What goes to other processes: signers, trust and time-stamping authorities, and no secret."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from operator import methodcaller

import pytest

import genlabel
from genlabel import CallbackSigner, Identity, Label, Producer, TimeAuthorities, Trust, testing
from genlabel.credentials.x509 import chain, key
from genlabel.model.errors import ConfigurationError
from genlabel.model.vocabulary import Role
from genlabel.testing import Authority
from key_service import KeyService, passphrase

DATA = b"claim"


@pytest.fixture(scope="module")
def acme():
    return Authority.new("Acme Studio")


@pytest.fixture
def files(acme, tmp_path):
    return acme.write(tmp_path)


def by_uri(files, **options):
    return genlabel.signer(f"file:{files.key}", certificates=files.certificates, **options)


def by_callback(files):
    return CallbackSigner.asking(KeyService(files.key), files.certificates)


def verifies(signer, signature):
    public = chain.load(signer.chain_pem)[0].public_key()
    return key.verifies(public, "es256", signature, DATA)


def again(value):
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("make", [by_uri, by_callback])
def test_a_signer_that_holds_no_key_goes_through_pickle_and_signs(files, make):
    signer = make(files)
    other = again(signer)
    assert verifies(signer, other.sign(DATA))
    assert other.certificate == signer.certificate
    assert b"PRIVATE KEY" not in pickle.dumps(signer)
    assert other.current().fingerprint == signer.fingerprint if make is by_uri else other == signer


def test_a_signer_by_uri_opens_its_source_only_when_it_is_used(acme, files, tmp_path):
    packed = pickle.dumps(by_uri(files))
    files.key.rename(tmp_path / "away.key")
    signer = pickle.loads(packed)
    (tmp_path / "away.key").rename(files.key)
    assert verifies(acme.signer(), signer.sign(DATA))


@pytest.mark.parametrize("secret", ["sesame", b"sesame"])
def test_no_passphrase_is_pickled_but_the_name_of_a_function_is(acme, tmp_path, secret):
    files = acme.write(tmp_path, passphrase="sesame")
    with pytest.raises(ConfigurationError, match="goes into no pickle") as refused:
        pickle.dumps(by_uri(files, passphrase=secret))
    assert "sesame" not in f"{refused.value} {refused.value.remedy}"
    packed = pickle.dumps(by_uri(files, passphrase=passphrase))
    assert b"sesame" not in packed
    assert verifies(acme.signer(), pickle.loads(packed).sign(DATA))


def test_a_pool_of_processes_signs_with_every_kind_of_signer(acme, files):
    signers = [acme.signer(), by_uri(files), by_callback(files)]
    spawn = multiprocessing.get_context("spawn")  # a fork would need no pickle of the signer's
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        signatures = list(pool.map(methodcaller("sign", DATA), signers))
    assert all(verifies(acme.signer(), signature) for signature in signatures)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("sidecar", [False, True])
def test_a_forked_process_signs_with_what_its_parent_signed_with(acme, sidecar):
    signer, label = acme.signer(), Label.generated(producer=Producer("Acme Studio"))
    sign = partial(
        genlabel.sign, testing.picture("png", size=(16, 16)), label, signer, sidecar=sidecar
    )
    assert sign().outcome == "signed"
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert pool.submit(sign).result(60).outcome == "signed"


def test_trust_is_the_same_afterwards(acme):
    trust = Trust.of(signers=acme.anchors, tsa=Authority.new("Acme Time").anchors)
    assert again(trust) == trust


def test_time_authorities_keep_their_limits_and_forget_who_is_not_asked_now():
    authorities = TimeAuthorities(urls=("http://time.example/",), each=2, altogether=3)
    authorities._back_off(authorities.urls)
    other = again(authorities)
    assert other == authorities
    assert not other._backs_off("http://time.example/")


def test_an_identity_keeps_signer_and_roles(files):
    identity = Identity(by_callback(files), roles=(Role.PUBLISHER,))
    assert again(identity) == identity
