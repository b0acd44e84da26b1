"""`awskms:` signers over the service's real API, as moto's server on loopback speaks it."""

import importlib.util
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from cryptography.hazmat.primitives.serialization import load_der_public_key

import genlabel
from genlabel.credentials.signers import awskms, key_source
from genlabel.credentials.x509 import key
from genlabel.model.errors import ConfigurationError, CredentialError, SigningError
from oracles.absence import absent

SPECS = {"es256": "ECC_NIST_P256", "es384": "ECC_NIST_P384", "es512": "ECC_NIST_P521",
         "ps256": "RSA_2048", "ps384": "RSA_2048", "ps512": "RSA_2048"}  # fmt: skip
REGION = "eu-central-1"


@pytest.fixture(scope="session")
def endpoint():
    """Moto's server on a free port of this machine."""
    for needed in ("moto", "flask", "flask_cors", "boto3"):
        if importlib.util.find_spec(needed) is None:
            absent(needed, remedy="pip install 'genlabel[test]'")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def service(endpoint, monkeypatch, tmp_path):
    """The service as a client sees it, with credentials that nobody has."""
    import boto3

    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "dummy",
        "AWS_SECRET_ACCESS_KEY": "dummy",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_KMS": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none"),
    }.items():
        monkeypatch.setenv(name, value)
    return boto3.client("kms")


@pytest.fixture
def key_in_aws(service, chain_for):
    """A new key of the service and the file of its chain."""

    def new(algorithm="es256", name="chain.pem", **more):
        made = service.create_key(KeySpec=SPECS[algorithm], KeyUsage="SIGN_VERIFY", **more)
        number = made["KeyMetadata"]["KeyId"]
        public = load_der_public_key(service.get_public_key(KeyId=number)["PublicKey"])
        return number, made["KeyMetadata"]["Arn"], chain_for(public, name)

    return new


@pytest.fixture
def exact(monkeypatch):
    """Moto hashes digests again and takes another salt; here it does what AWS documents
    (API reference, Sign: MessageType; RSASSA_PSS: the salt is as long as the hash).
    """
    from moto.kms import utils as moto

    def sign(self, message, signing_algorithm):
        chosen = key.ALGORITHMS[
            {"ECDSA": "es", "RSASSA_PSS": "ps"}[signing_algorithm.partition("_SHA")[0]]
            + signing_algorithm[-3:]
        ]
        is_digest = len(message) == chosen.hash.digest_size
        how = utils.Prehashed(chosen.hash) if is_digest else chosen.hash
        if chosen.curve is not None:
            return self.private_key.sign(message, ec.ECDSA(how))
        salt = padding.PSS(padding.MGF1(chosen.hash), chosen.hash.digest_size)
        return self.private_key.sign(message, salt, how)

    monkeypatch.setattr(moto.RSAPrivateKey, "sign", sign)
    monkeypatch.setattr(moto.ECDSAPrivateKey, "sign", sign)


@pytest.mark.parametrize("algorithm", ["es256", "es384", "es512"])
def test_a_key_of_the_service_signs(key_in_aws, good, algorithm):
    number, _, chain = key_in_aws(algorithm)
    signer = genlabel.signer(f"awskms:{number}", certificates=chain)
    assert signer.private_key_pem() is None
    good(signer)


@pytest.mark.parametrize("algorithm", ["ps256", "ps384", "ps512"])
def test_an_rsa_key_signs_with_the_hash_that_is_asked_for(key_in_aws, good, exact, algorithm):
    number, _, chain = key_in_aws(algorithm)
    good(genlabel.signer(f"awskms:{number}", certificates=chain, algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["es256", "ps384"])
def test_what_is_too_long_for_the_service_is_hashed_here(key_in_aws, exact, algorithm):
    number, _, chain = key_in_aws(algorithm)
    signer = genlabel.signer(f"awskms:{number}", certificates=chain, algorithm=algorithm)
    data = b"claim" * 1000
    made = signer.sign(data)
    own = genlabel.credentials.x509.chain.load(chain.read_bytes())[0].public_key()
    assert key.verifies(own, algorithm, made, data)


def test_arn_and_alias_name_the_key_and_an_arn_its_region(service, key_in_aws, good, monkeypatch):
    number, arn, chain = key_in_aws()
    service.create_alias(AliasName="alias/labels", TargetKeyId=number)
    good(genlabel.signer("awskms:///alias/labels", certificates=chain))
    good(genlabel.signer(f"awskms:alias/labels?region={REGION}", certificates=chain))
    monkeypatch.delenv("AWS_REGION")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    good(genlabel.signer(f"awskms:///{arn}", certificates=chain))
    with pytest.raises(ConfigurationError, match="region") as told:
        genlabel.signer(f"awskms:{number}", certificates=chain)
    assert "AWS_REGION" in told.value.remedy


def test_a_key_is_exchanged_behind_its_alias_together_with_the_chain(service, key_in_aws, good):
    first, _, chain = key_in_aws()
    service.create_alias(AliasName="alias/rotating", TargetKeyId=first)
    signer = genlabel.signer("awskms:alias/rotating", certificates=chain)
    before = good(signer).report.signer.serial
    second, _, _ = key_in_aws()  # writes the same file
    service.update_alias(AliasName="alias/rotating", TargetKeyId=second)
    assert good(signer).report.signer.serial != before


def test_the_services_refusal_is_told_with_its_cause(key_in_aws, picture, label):
    _, _, chain = key_in_aws()
    absent_key = genlabel.signer("awskms:alias/none", certificates=chain)
    with pytest.raises(SigningError, match="AWS KMS refused: NotFoundException") as told:
        genlabel.sign(picture, label, absent_key)
    assert type(told.value.__cause__).__name__ == "NotFoundException"
    assert told.value.remedy == "check key, account and region"


def test_moto_s_salt_is_noticed_and_named(key_in_aws, picture, label):
    number, _, chain = key_in_aws("ps256")
    signer = genlabel.signer(f"awskms:{number}", certificates=chain)
    with pytest.raises(SigningError, match="salt of another length"):
        genlabel.sign(picture, label, signer)


def test_the_wrong_key_of_the_service_is_named(key_in_aws, picture, label):
    number, _, _ = key_in_aws()
    _, _, chain = key_in_aws(name="other.pem")
    signer = genlabel.signer(f"awskms:{number}", certificates=chain)
    with pytest.raises(SigningError, match="made by another key"):
        genlabel.sign(picture, label, signer)


def test_a_service_that_is_not_reached_is_a_loud_error(
    service, chain_for, picture, label, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:9")  # discard: nobody listens
    chain = chain_for(key.new("es256").public_key())
    signer = genlabel.signer("awskms:alias/x", certificates=chain)
    monkeypatch.setattr("time.sleep", lambda seconds: None)  # between the tries
    with pytest.raises(SigningError, match="was not reached") as told:
        genlabel.sign(picture, label, signer)
    assert told.value.__cause__ is not None


class Client:
    """What the service is documented to do with Ed25519, which moto does not know."""

    def __init__(self, private):
        self.private = private

    def sign(self, *, KeyId, Message, MessageType, SigningAlgorithm):
        assert (MessageType, SigningAlgorithm) == ("RAW", "ED25519_SHA_512")
        return {"Signature": self.private.sign(Message)}


def test_ed25519_is_asked_for_as_the_service_names_it(service, chain_for, monkeypatch, good):
    private = key.new("ed25519")
    operation = service.meta.service_model.shape_for("SigningAlgorithmSpec")
    if "ED25519_SHA_512" not in operation.enum:
        pytest.skip("this boto3 is older than Ed25519 in the service")
    monkeypatch.setattr(awskms.AwsKey, "_client", lambda self: Client(private))
    signer = genlabel.signer("awskms:x", certificates=chain_for(private.public_key()))
    good(signer)
    with pytest.raises(SigningError, match="at most 4,096 bytes with Ed25519"):
        signer.sign(b"x" * 4097)


@pytest.mark.parametrize("rest", ["", "//host/alias/x", "alias/x?colour=red", "?region=x"])
def test_a_uri_that_cannot_be_meant_is_refused(rest):
    with pytest.raises(ConfigurationError):
        awskms.of(rest, key_source.KeyOptions())


def test_the_chain_is_asked_for_and_a_bad_one_named(service, tmp_path):
    with pytest.raises(ConfigurationError, match="holds no certificates"):
        genlabel.signer("awskms:alias/x")
    with pytest.raises(CredentialError, match="cannot be read"):
        genlabel.signer("awskms:alias/x", certificates=tmp_path / "none.pem")


def test_without_the_library_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(ConfigurationError) as told:
        genlabel.signer("awskms:alias/x", certificates="chain.pem")
    assert told.value.remedy == "pip install 'genlabel[aws]'"
