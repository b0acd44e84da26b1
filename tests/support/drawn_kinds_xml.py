"""Drawings in SVG, written by hand: every form that a root and its metadata may take."""

from __future__ import annotations

from oracles.drawings import NAMESPACE

DRAWN = (
    '<g id="a"><rect width="48" height="36" fill="#468"/>'
    '<text y="9">Gr\u00fc\u00dfe &amp; &#169;</text></g>'
)
PROLOG = '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n'
DOCTYPE = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"\n'
    ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [\n'
    '  <!ENTITY ns_svg "http://www.w3.org/2000/svg">\n'
    "  <!-- it's <metadata> ]> here -->\n"
    "]>\n"
)
ODD = '<!DOCTYPE svg [<!ENTITY odd "]><svg>">]>'

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:cc="http://creativecommons.org/ns#"><cc:Work rdf:about=""/></rdf:RDF>'
)


def drawing(
    inside: str = DRAWN, *, prolog: str = "", attributes: str = "", tail: str = "\n"
) -> bytes:
    """An SVG document around `inside`."""
    root = f'<svg xmlns="{NAMESPACE}" width="48" height="36"{attributes}>'
    return f"{prolog}{root}{inside}</svg>{tail}".encode()


def svgs(packet: bytes) -> dict[str, bytes]:
    """Every kind of SVG, some of them with `packet`."""
    old = packet.decode()
    wrapped = (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n{old}\n<?xpacket end="w"?>'
    )
    comment = f"<!-- {'made by hand ' * 30}<svg> -->\n"
    return {
        "svg": drawing(prolog=PROLOG),
        "svg bare": drawing(),
        "svg with metadata": drawing(f"\n<metadata id='m'>{RDF}</metadata>{DRAWN}"),
        "svg with empty metadata": drawing(f"<metadata id='m'/>\n{DRAWN}", prolog=PROLOG),
        "svg full": drawing(
            f"\n  <title>t</title><metadata>\n  {wrapped}\n  </metadata>\n{DRAWN}\n",
            prolog=PROLOG + DOCTYPE,
        ),
        "svg after a comment": drawing(prolog=PROLOG + comment + ODD),
        "svg with xmp at its end": drawing(f"{DRAWN}<metadata>{old}</metadata>"),
        "svg with metadata twice": drawing(
            f"<metadata><a/></metadata>{DRAWN}<metadata>{RDF}</metadata>"
        ),
        "svg prefixed": (
            f'<s:svg xmlns:s="{NAMESPACE}"><s:g><s:metadata/></s:g><s:rect width="4"/></s:svg>'
        ).encode(),
        "svg in latin-1": drawing(prolog='<?xml version="1.0" encoding="ISO-8859-1"?>\r\n')
        .decode()
        .encode("latin-1"),
        "svg confusing": drawing(
            "<!--<metadata>--><style><![CDATA[ a>b{} </svg> <metadata> ]]></style>"
            "<desc class='>metadata>' >x</desc><switch><metadata>inner</metadata></switch>"
        ),
        "svg with two lines": drawing("", attributes='\n  data-a="b>c"\n ').replace(
            b"></", b">\n</"
        ),
    }
