"""Labels at random, with the texts that break careless writers."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from genlabel.model.label import Label
from genlabel.model.parties import Generator, Licensor, Producer, Rights
from genlabel.model.plus import DataMining, MinorModelAge, ModelRelease, PropertyRelease
from genlabel.model.vocabulary import DigitalSourceType, Role

NASTY = (
    "東京の夜、雨 🌧️👩🏽‍🎨",
    "שלום עולם مرحبا",
    "“quoted” 'single' \"double\" <b>&amp;</b>",
    "line one\nline two\n\n\ttabbed",
    "</rdf:RDF></x:xmpmeta>",
    "<![CDATA[ ]]> ]]>",
    "&#0; &nosuch; <!-- -->",
    '<?xpacket end="w"?>',
    "été 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u2028 \ufeffx\u00a0y",
    "a; b; c",
    "x" * 5000,
    "語" * 1700,
)

_allowed = st.characters(
    exclude_categories=("Cs", "Cc"),
    exclude_characters=[
        *map(chr, range(0x202A, 0x202F)),
        *map(chr, range(0x2066, 0x206A)),
        "\ufffe",
        "\uffff",
    ],
).filter(lambda char: not 0xE0000 <= ord(char) <= 0xE007F)
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.one_of(_allowed, st.sampled_from("\n\t<>&\"'];:{")), min_size=1, max_size=80),
).filter(lambda text: bool(text.strip()))
addresses = st.sampled_from(
    ["https://acme.example", "http://a.example/?q=1&r=<2>", "https://例え.example/é"]
)
identifiers = st.one_of(
    addresses,
    st.sampled_from(
        ["urn:uuid:0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5BD9CB469FA16570867728950E"]
    ),
    texts,
)


def maybe(strategy):
    return st.one_of(st.none(), strategy)


producers = st.builds(
    Producer,
    texts,
    url=maybe(addresses),
    identifier=maybe(identifiers),
    role=st.sampled_from(list(Role)),
)
generators = st.builds(Generator, texts, version=maybe(texts), provider=maybe(texts))
licensors = st.one_of(
    st.builds(Licensor, texts, url=maybe(addresses)), st.builds(Licensor, url=addresses)
)
permissions = st.one_of(
    st.sampled_from([each for each in DataMining if not each.refers]).map(
        lambda code: (code, None)
    ),
    st.tuples(st.sampled_from([each for each in DataMining if each.refers]), addresses),
)


released = st.one_of(
    st.tuples(st.sampled_from([None, *ModelRelease]), st.just(())),
    st.tuples(
        st.sampled_from([None, ModelRelease.UNLIMITED, ModelRelease.LIMITED]),
        st.lists(texts, max_size=2),
    ),
)


def _rights(permission, release, **words):
    code, constraint = permission or (None, None)
    status, numbers = release
    return Rights(
        data_mining=code,
        data_mining_constraint=constraint,
        model_release=status,
        model_release_ids=numbers,
        **words,
    )


rights = st.builds(
    _rights,
    maybe(permissions),
    released,
    property_release=maybe(st.sampled_from(list(PropertyRelease))),
    minor_model_age=maybe(st.sampled_from(list(MinorModelAge))),
    public=st.booleans(),
    creator=st.lists(st.one_of(texts, st.just("")), max_size=3).map(tuple),
    credit=maybe(texts),
    copyright=maybe(texts),
    usage_terms=maybe(texts),
    web_statement=maybe(addresses),
    licensor=maybe(licensors),
)


@st.composite
def labels(draw):
    """Any label that `Label` lets pass."""
    source_type = draw(st.sampled_from(list(DigitalSourceType)))
    generative = source_type.generative
    return Label(
        source_type=source_type,
        history=Label.history_of(source_type),
        producer=draw(producers),
        generator=draw(maybe(generators)) if Label.admits_generator(source_type) else None,
        title=draw(maybe(texts)),
        description=draw(maybe(texts)),
        alt_text=draw(maybe(texts)),
        keywords=draw(st.lists(st.one_of(texts, st.just("")), max_size=3)),
        created=draw(maybe(st.datetimes(min_value=datetime(1990, 1, 1), timezones=st.just(UTC)))),
        identifier=draw(maybe(identifiers)),
        rights=draw(rights),
        prompt=draw(maybe(texts)) if generative else None,
        prompt_writer=draw(maybe(texts)) if generative else None,
    )
