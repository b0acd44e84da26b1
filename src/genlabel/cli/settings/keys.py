"""The one table of the configuration keys: what may be set, of which kind, and what it means."""

from __future__ import annotations

from dataclasses import field
from enum import Enum

from genlabel.model import nearest
from genlabel.model.dataclass import dataclass


class Kind(Enum):
    """What a value must be; the value says it to people."""

    TEXT = "a text"
    TEXTS = "a text or a list of texts"
    FLAG = "true or false"
    MOMENT = "a time with time zone, such as 2026-05-01T12:00:00Z, or unknown, file or exif"
    PATH = "a path"
    PATHS = "a path or a list of paths"
    LISTS = "a list such as ['official', 'acme', 'signer=list.pem', 'tsa=tsa.pem']"
    BOOKS = "a list of rule books, by name or FILE.toml"
    SPAN = "a span of time such as 90d, 6w, 3m or 1y"
    ADDRESSES = "a web address or a list of them"
    LOGINS = "a list such as ['https://tsa.example/ basic=env:TSA_LOGIN']"
    SIGNER = "a signer's URI, such as file:keys/signing.p12"
    PAIRS = "a table such as {'Acme Holding' = ['Acme Studio']}, or 'Acme Holding=Acme Studio'"
    ELEMENTS = "a list of paths or of tables with source, title, identifier, relationship, rights"
    INPUTS = "a list of tables with kind and text, source, or a model's name"
    ASSERTIONS = "a list of tables with label and data, or 'com.example.review=review.json'"
    STEPS = "a list of tables with action and by, or a file of them"


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that may be set."""

    name: str
    """With its tables, e.g. ``signer.key``."""
    kind: Kind
    meaning: str
    one_picture: bool = field(default=False, kw_only=True)
    """Does it belong to one picture, so that only a label file or an option may set it?"""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "GENLABEL_" + self.name.replace(".", "_").upper()


KEYS: tuple[Key, ...] = (
    Key("producer.name", Kind.TEXT, "the person or company that answers for the pictures"),
    Key("producer.url", Kind.TEXT, "a web page of the producer"),
    Key("producer.identifier", Kind.TEXT, "the producer's identifier in a register, a URI"),
    Key("producer.role", Kind.TEXT, "what the producer does for the pictures"),
    Key("producer.person", Kind.FLAG, "whether the producer is a natural person"),
    Key(
        "generator.name",
        Kind.TEXT,
        "the AI system or software used; configured, a default for pictures called generated",
    ),
    Key("generator.version", Kind.TEXT, "its version"),
    Key("generator.provider", Kind.TEXT, "the company that offers it"),
    Key("generator.identifier", Kind.TEXT, "a URI or package URL of the model"),
    Key("generator.model_type", Kind.TEXT, "C2PA's type of the model"),
    Key("generator.training.basis", Kind.TEXT, "by what right the model was trained"),
    Key("generator.training.statement", Kind.TEXT, "the page on which its provider says so"),
    Key("label.history", Kind.TEXT, "how the pictures came to be: generated, edited, …"),
    Key(
        "label.source_type", Kind.TEXT, "the digital source type, where history alone is not enough"
    ),
    Key("label.title", Kind.TEXT, "the picture's title", one_picture=True),
    Key("label.description", Kind.TEXT, "what is seen: the caption", one_picture=True),
    Key("label.alt_text", Kind.TEXT, "what is said to those who do not see it", one_picture=True),
    Key("label.keywords", Kind.TEXTS, "words by which they are found, beside those in the file"),
    Key("label.created", Kind.MOMENT, "when this version was made", one_picture=True),
    Key("label.identifier", Kind.TEXT, "a globally unique identifier", one_picture=True),
    Key("label.prompt", Kind.TEXT, "the prompt; public once written", one_picture=True),
    Key("label.prompt_writer", Kind.TEXT, "the person who wrote the prompt"),
    Key("label.elements", Kind.ELEMENTS, "what a composite was made of", one_picture=True),
    Key("label.inputs", Kind.INPUTS, "what the model was given", one_picture=True),
    Key(
        "label.assertions",
        Kind.ASSERTIONS,
        "what is said besides, under labels of one's own",
        one_picture=True,
    ),
    Key("label.steps", Kind.STEPS, "what was done to the pictures, in order"),
    Key("label.oversight", Kind.TEXT, "how far a human watched over the model"),
    Key(
        "label.all_actions",
        Kind.FLAG,
        "whether nothing else was done to the picture",
        one_picture=True,
    ),
    Key("label.rights.creator", Kind.TEXTS, "the human creators"),
    Key("label.rights.credit", Kind.TEXT, "the credit line"),
    Key("label.rights.copyright", Kind.TEXT, "the copyright notice"),
    Key("label.rights.usage_terms", Kind.TEXT, "what may be done with the pictures"),
    Key("label.rights.web_statement", Kind.TEXT, "the page that states the rights"),
    Key("label.rights.licensor.name", Kind.TEXT, "who sells licences"),
    Key("label.rights.licensor.url", Kind.TEXT, "where licences are sold"),
    Key("label.rights.data_mining", Kind.TEXT, "whether data mining is allowed (PLUS code)"),
    Key("label.rights.data_mining_constraint", Kind.TEXT, "what the code refers to"),
    Key(
        "label.rights.mining.data_mining",
        Kind.TEXT,
        "the permission of data mining, in CAWG's words",
    ),
    Key("label.rights.mining.ai_inference", Kind.TEXT, "the same of use as a model's input"),
    Key("label.rights.mining.ai_training", Kind.TEXT, "the same of training other models"),
    Key(
        "label.rights.mining.ai_generative_training",
        Kind.TEXT,
        "the same of training generative models",
    ),
    Key("label.rights.model_release", Kind.TEXT, "whether people in them agree (PLUS code)"),
    Key("label.rights.model_release_ids", Kind.TEXTS, "identifiers of their releases"),
    Key("label.rights.property_release", Kind.TEXT, "whether owners agree (PLUS code)"),
    Key("label.rights.property_release_ids", Kind.TEXTS, "identifiers of their releases"),
    Key("label.rights.minor_model_age", Kind.TEXT, "age of the youngest person (PLUS code)"),
    Key("label.rights.public", Kind.FLAG, "whether identifiers of releases are written into files"),
    Key("signer.uri", Kind.SIGNER, "where the key is: file:, env:, exec:, pkcs11:, awskms:"),
    Key("signer.key", Kind.PATH, "the private key, or a PKCS#12 file that holds all"),
    Key("signer.certificates", Kind.PATH, "its certificate and the intermediates, PEM"),
    Key("signer.passphrase_file", Kind.PATH, "a file that holds the key's passphrase"),
    Key("signer.algorithm", Kind.TEXT, "the signature algorithm, for RSA keys"),
    Key("signer.ocsp", Kind.FLAG, "whether the authority's word on revocation goes into labels"),
    Key("signer.sealing", Kind.TEXT, "who puts manifests in and hashes: genlabel, or engine"),
    Key("time.stamp", Kind.TEXT, "whether labels get a time-stamp: required, preferred, …"),
    Key("time.authorities", Kind.ADDRESSES, "time-stamping authorities, asked in this order"),
    Key("time.logins", Kind.LOGINS, "where the secrets are for authorities that want a login"),
    Key("identity.key", Kind.PATH, "the identity's private key, or a PKCS#12 file"),
    Key("identity.certificates", Kind.PATH, "its certificate and the intermediates, PEM"),
    Key("identity.passphrase_file", Kind.PATH, "a file that holds the passphrase of that key"),
    Key("identity.algorithm", Kind.TEXT, "the identity's signature algorithm, for RSA keys"),
    Key(
        "identity.roles",
        Kind.TEXTS,
        "what the identity does for the pictures; else the producer's role",
    ),
    Key("identity.form", Kind.TEXT, "what the identity signs: standard, or c2pa-rs"),
    Key("trust.signers", Kind.PATHS, "PEM files of the signers whom you know"),
    Key("trust.tsa", Kind.PATHS, "PEM files of time-stamping authorities"),
    Key("trust.identity", Kind.PATHS, "PEM files of those whose identity you know"),
    Key("trust.lists", Kind.LISTS, "kept trust lists by name, published ones by kind=FILE"),
    Key(
        "trust.producers",
        Kind.PAIRS,
        "names that an organisation may use beside the one in its certificate",
    ),
    Key("trust.max_age", Kind.SPAN, "from which age on a fetched list is a finding; 90d"),
    Key("verify.policy", Kind.BOOKS, "the rule books"),
    Key("verify.declarations", Kind.PATH, "what is declared to the rule books, in TOML"),
    Key("verify.fail_on", Kind.TEXT, "the least severity that makes a run fail"),
    Key("words.language", Kind.TEXT, "the language of verdicts: en, fr; prepared: de, zh"),
)
_BY_NAME = {each.name: each for each in KEYS}
_TABLES = frozenset(
    each.name.rsplit(".", depth)[0] for each in KEYS for depth in range(1, each.name.count(".") + 1)
)


def key(name: str) -> Key | None:
    """The key called `name`; None when there is none."""
    return _BY_NAME.get(name)


def is_table(name: str) -> bool:
    """Is `name` a table that holds keys, e.g. ``label.rights``?"""
    return name in _TABLES


def did_you_mean(name: str, *, tables: bool = False) -> str:
    """The nearest name there is, as a remedy: in the same table, or of the same word in another."""
    names = sorted(_TABLES) if tables else list(_BY_NAME)
    top = sorted({each.split(".")[0] for each in _BY_NAME})
    known = f"known tables: {', '.join(top)}; `genlabel config` lists all keys"
    table, _, word = name.rpartition(".")
    beside = {each.rpartition(".")[2]: each for each in names if each.rpartition(".")[0] == table}
    if not beside:
        return nearest.did_you_mean(name, names, known)
    elsewhere = [each for each in names if each.endswith(f".{word}")]
    alike = nearest.nearest(word, beside)  # the table's name, which both have, makes nothing alike
    meant = [*elsewhere, *([beside[alike]] if alike is not None else [])]
    return f"did you mean {meant[0]}?" if meant else known
