"""Name constraints (RFC 5280 §4.2.1.10): inside passes, outside is refused, for every form."""

from ipaddress import ip_address, ip_network

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID, ObjectIdentifier

import hand_made_chains as made
from genlabel.credentials.x509 import profile
from hand_made_chains import link

ROOT = made.root()


def directory(*pairs):
    return x509.DirectoryName(x509.Name([x509.NameAttribute(oid, text) for oid, text in pairs]))


def acme(text="Acme Ltd", common_name="Leaf"):
    return directory((NameOID.COMMON_NAME, common_name), (NameOID.ORGANIZATION_NAME, text))


def constrained(*, permitted=None, excluded=None):
    constraints = x509.NameConstraints(permitted, excluded)
    return made.intermediate(ROOT, more=[(constraints, True)])


def chain(middle, *alternative, **how):
    more = [(x509.SubjectAlternativeName(alternative), False)] if alternative else []
    return [made.leaf(middle, more=more, **how).certificate, middle.certificate]


def refused(found):
    names = [each.name for each in profile.faults(found)]
    assert names in ([], ["name constraints"])
    return bool(names)


DNS, MAIL, URI, IP = (
    x509.DNSName, x509.RFC822Name, x509.UniformResourceIdentifier, x509.IPAddress,
)  # fmt: skip

# the constraint, names inside, names outside
FORMS = [
    (DNS("acme.example"), [DNS("acme.example"), DNS("a.b.ACME.example"), DNS("acme.example.")],
     [DNS("xacme.example"), DNS("example"), DNS("acme.example.org")]),
    (DNS(".acme.example"), [DNS("www.acme.example")], [DNS("acme.example")]),
    (MAIL("acme.example"), [MAIL("a@acme.example"), MAIL("a@ACME.example")],
     [MAIL("a@www.acme.example"), MAIL("acme.example@b.example")]),
    (MAIL(".acme.example"), [MAIL("a@www.acme.example")], [MAIL("a@acme.example")]),
    (MAIL("a@acme.example"), [MAIL("a@Acme.example")], [MAIL("A@acme.example")]),
    (URI("acme.example"), [URI("https://acme.example/x")],
     [URI("https://www.acme.example"), URI("https://acme.example@other.example/")]),
    (URI(".acme.example"), [URI("https://u@www.acme.example:8/x")], [URI("https://acme.example")]),
    (IP(ip_network("192.0.2.0/24")), [IP(ip_address("192.0.2.7"))],
     [IP(ip_address("192.0.3.7")), IP(ip_address("2001:db8::1"))]),
    (IP(ip_network("2001:db8::/32")), [IP(ip_address("2001:db8::1"))],
     [IP(ip_address("2001:db9::1"))]),
    (directory((NameOID.COUNTRY_NAME, "FR")),
     [directory((NameOID.COUNTRY_NAME, "FR"), (NameOID.ORGANIZATION_NAME, "x"))],
     [directory((NameOID.ORGANIZATION_NAME, "x"), (NameOID.COUNTRY_NAME, "FR"))]),
]  # fmt: skip


@pytest.mark.parametrize(("constraint", "inside", "outside"), FORMS, ids=lambda each: "")
def test_each_form_of_a_name(constraint, inside, outside):
    own = [acme()] if isinstance(constraint, x509.DirectoryName) else []
    permitting = constrained(permitted=[constraint, *own])
    forbidding = constrained(excluded=[constraint])
    for name in inside:
        assert not refused(chain(permitting, name))
        assert refused(chain(forbidding, name))
    for name in outside:
        assert refused(chain(permitting, name)), name
        assert not refused(chain(forbidding, name)), name


def test_the_subject_counts_without_regard_to_case_and_spaces():
    permitting = constrained(permitted=[acme("aCME  ltd", " leaf ")])
    assert not refused(chain(permitting))
    assert refused(chain(permitting, organisation="Acme Ltd."))
    assert refused(chain(constrained(excluded=[directory((NameOID.COMMON_NAME, "LEAF"))])))


def test_an_attribute_is_its_kind_and_its_value():
    other = directory((NameOID.ORGANIZATION_NAME, "Leaf"))
    assert not refused(chain(constrained(excluded=[other])))
    assert refused(chain(constrained(excluded=[directory((NameOID.COMMON_NAME, "Leaf"))])))


def test_nothing_before_a_mailboxs_host_means_all():
    every = x509.RFC822Name._init_without_validation("")
    assert refused(chain(constrained(excluded=[every]), MAIL("a@b.example")))
    assert not refused(chain(constrained(permitted=[every]), MAIL("a@b.example")))


def test_no_subject_is_no_name():
    middle = constrained(permitted=[directory((NameOID.COMMON_NAME, "Other"))])
    nobody = _named(made.leaf(middle), middle, x509.Name([]), [])
    assert not refused([nobody, middle.certificate])


def test_forms_that_are_not_named_are_free():
    assert not refused(chain(constrained(permitted=[DNS("acme.example")]), MAIL("a@b.example")))
    assert not refused(chain(constrained(excluded=[DNS("")]), MAIL("a@b.example")))
    assert refused(chain(constrained(excluded=[DNS("")]), DNS("a.example")))


def test_the_old_place_of_a_mailbox_counts_where_there_is_no_new_one():
    middle = constrained(permitted=[MAIL("acme.example")])

    def mailed(address, *alternative):
        email = x509.NameAttribute(NameOID.EMAIL_ADDRESS, address)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Leaf"), email])
        builder_made = made.leaf(middle)
        more = [x509.SubjectAlternativeName(alternative)] if alternative else []
        return [_named(builder_made, middle, name, more), middle.certificate]

    assert not refused(mailed("a@acme.example"))
    assert refused(mailed("a@other.example"))
    assert not refused(mailed("a@other.example", MAIL("a@acme.example")))


def _named(leaf, issuer, name, more):
    """`leaf` with another subject and further extensions."""
    from cryptography.hazmat.primitives import hashes

    old = leaf.certificate
    builder = x509.CertificateBuilder(
        issuer.certificate.subject, name, old.public_key(), old.serial_number,
        old.not_valid_before_utc, old.not_valid_after_utc, list(old.extensions),
    )  # fmt: skip
    for each in more:
        builder = builder.add_extension(each, critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def test_what_cannot_be_compared_is_refused_where_it_is_there():
    other = x509.OtherName(ObjectIdentifier("1.2.3"), b"\x05\x00")
    middle = constrained(permitted=[other])
    assert not refused(chain(middle))
    assert [each.name for each in profile.faults(chain(middle, other))] == ["encoding"]
    broken = constrained(permitted=[MAIL("acme.example")])
    assert [each.name for each in profile.faults(chain(broken, MAIL("nobody")))] == ["encoding"]
    broken = constrained(excluded=[URI("acme.example")])
    assert [each.name for each in profile.faults(chain(broken, URI("urn:x")))] == ["encoding"]


def test_a_constraint_holds_for_all_below_but_those_that_name_themselves():
    top = made.link(
        "Top", ROOT, **made.AUTHORITY,
        more=[(x509.NameConstraints([acme(common_name="Leaf"), acme(common_name="Top")], None),
               True)],
    )  # fmt: skip
    renewed = made.link("Top", top, **made.AUTHORITY)
    leaf = made.leaf(renewed)
    assert not refused([each.certificate for each in (leaf, renewed, top)])
    stranger = made.link("Middle", top, **made.AUTHORITY)
    leaf = made.leaf(stranger)
    assert refused([each.certificate for each in (leaf, stranger, top)])


def test_a_self_issued_authority_may_not_free_its_leaf():
    top = made.link(
        "Top", ROOT, **made.AUTHORITY,
        more=[(x509.NameConstraints([acme(common_name="Other")], None), True)],
    )  # fmt: skip
    renewed = made.link("Top", top, **made.AUTHORITY)
    assert refused([each.certificate for each in (made.leaf(renewed), renewed, top)])


def too_many(found):
    return ["too many" in each.message for each in profile.faults(found)] == [True]


def test_the_work_is_bounded():
    many = [DNS(f"{n}.example") for n in range(200)]
    middle = constrained(permitted=many)
    assert too_many(chain(middle, *many))
    assert not refused(chain(middle, *many[:10]))
    long = DNS("a." * 20_000 + "1.example")
    assert too_many(chain(middle, long))
    assert not refused(chain(constrained(permitted=many[:20]), long))


def test_a_root_in_the_chain_constrains_too():
    root = made.root(more=[(x509.NameConstraints(None, [acme()]), True)])
    middle = link("Intermediate", root, **made.AUTHORITY)
    leaf = made.leaf(middle)
    assert refused([each.certificate for each in (leaf, middle, root)])
    assert not refused([each.certificate for each in (leaf, middle)])
