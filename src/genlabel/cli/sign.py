"""`genlabel sign`: pictures are labelled and signed, without touching a pixel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel.cli import label_options, options
from genlabel.cli.inputs import gather
from genlabel.cli.stderr import progress, talk
from genlabel.model.errors import ConfigurationError, GenlabelError

if TYPE_CHECKING:
    from genlabel.model.label import Label
    from genlabel.operations.labeller import Labeller
    from genlabel.storage import Target

_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1)
@label_options.label
@click.option("--parent", metavar="FILE", type=_FILE, help="The picture that was edited.")
@click.option(
    "--existing",
    type=click.Choice(["wrap", "keep", "replace", "refuse"]),
    default="wrap",
    show_default=True,
    help="What to do with a manifest that is there.",
)
@click.option(
    "--accept-broken-parent", is_flag=True, help="Record a parent that does not verify, as broken."
)
@click.option(
    "--signer", metavar="URI", help="Where the key is: file:, env:, exec:, pkcs11:, awskms:."
)
@click.option("--key", metavar="FILE", type=_FILE, help="The private key, or PKCS#12.")
@click.option("--certificates", metavar="FILE", type=_FILE, help="Its certificates, PEM.")
@click.option("--passphrase-file", metavar="FILE", type=_FILE, help="Holds the key's passphrase.")
@options.authorities
@click.option(
    "--ocsp", is_flag=True,
    help="Ask the certificate's authority whether it was revoked, and put the answer in.",
)  # fmt: skip
@click.option(
    "--stamp",
    type=click.Choice(["required", "preferred", "later", "off"]),
    help="Whether labels get a time-stamp; required with --tsa, else off.",
)
@options.identity
@click.option("-o", "--out", metavar="FILE|DIR", help="Where results go; a tree is mirrored.")
@click.option("--in-place", is_flag=True, help="Replace each file, all or nothing.")
@click.option("--overwrite", is_flag=True, help="Results may replace files that are there.")
@click.option(
    "--sidecar", is_flag=True, help="Write the manifest beside the picture: cat.png.c2pa."
)
@click.option(
    "--marks", metavar="MARK,...", help="With --sidecar: iptc, iim, exif go into the picture."
)
@click.option(
    "--remote-url", metavar="URL", help="Where the sidecar will be served; goes into the XMP."
)
@click.option("--no-fsync", "fsync", is_flag=True, flag_value=False, default=True,
              help="Let the system choose when to write to disk: faster.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--show-public", is_flag=True, help="Show every word that will become public.")
@options.trust
@options.fail_on
@options.inputs
@options.output_format
@options.configuration
@click.pass_context
def sign(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    parent: Path | None,
    existing: str,
    accept_broken_parent: bool,
    signer: str | None,
    key: Path | None,
    certificates: Path | None,
    passphrase_file: Path | None,
    tsa: tuple[str, ...],
    stamp: str | None,
    ocsp: bool,
    identity_key: Path | None,
    identity_certificates: Path | None,
    identity_passphrase_file: Path | None,
    identity_roles: tuple[str, ...],
    out: str | None,
    in_place: bool,
    overwrite: bool,
    sidecar: bool,
    marks: str | None,
    remote_url: str | None,
    fsync: bool,
    dry_run: bool,
    show_public: bool,
    trusted: Mapping[str, object],
    fail_on: str | None,
    files_from: Path | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    format: str,
    config: Path | None,
    no_config: bool,
    quiet: bool,
    verbose: bool,
    **words: object,
) -> None:
    """Label pictures and sign the label, without touching a pixel.

    Say how they came to be, who answers for them and where the results go. Each result is read
    back and compared with the label before it takes its place; a second run changes nothing.

    \b
    genlabel sign cat.png -o labelled/ --generated --by "Acme Studio" --using "FLUX.1 [dev]"
    genlabel sign retouched.jpg --in-place --edited --parent original.jpg --by "Acme Studio"
    """
    from genlabel import storage
    from genlabel.cli import stream
    from genlabel.cli.results import Results
    from genlabel.manifests.external import Apart
    from genlabel.model.report import Trouble
    from genlabel.model.results import SignReport
    from genlabel.operations.labeller import Labeller
    from genlabel.operations.signing.sign import Existing
    from genlabel.rendering.json import SIGN
    from genlabel.storage import STDIN, Target, batch

    given, label_file = label_options.settings(words)
    settings = options.settings(
        {
            **given,
            "signer.uri": signer,
            "signer.key": key,
            "signer.certificates": certificates,
            "signer.passphrase_file": passphrase_file,
            "signer.ocsp": ocsp or None,
            "time.stamp": stamp,
            "time.authorities": tsa,
            "identity.key": identity_key,
            "identity.certificates": identity_certificates,
            "identity.passphrase_file": identity_passphrase_file,
            "identity.roles": identity_roles,
            **trusted,
            "verify.fail_on": fail_on,
        },
        config=config,
        no_config=no_config,
        quiet=quiet,
        label=label_file,
    )
    label = settings.label()
    chosen = options.marks(marks, option="--marks") or ()
    apart = Apart.asked(sidecar, chosen, remote_url)
    expansion = gather(
        paths,
        files_from=files_from,
        include=include,
        exclude=exclude,
        quiet=quiet,
    )
    if parent is not None and len(expansion.files) > 1:
        raise ConfigurationError(
            f"--parent: {parent} cannot be the parent of {len(expansion.files)} pictures",
            remedy="sign them one by one",
        )
    if apart is not None and STDIN in (*paths, out):
        raise ConfigurationError(
            "--sidecar: nothing lies beside a stream", remedy="name files instead of -"
        )
    if apart is not None and apart.leaves_bytes and out is None:
        in_place = True  # the picture stays as it is, and the manifest goes beside it
    way = stream.route(expansion.files, out, in_place=in_place, overwrite=overwrite, fsync=fsync)
    if way is not None:
        stream.check_output(way, format=format, dry_run=dry_run)
        targets: Sequence[Target] = [
            Target(source=way.source, output=way.out or Path(STDIN), in_place=False)
        ]
    else:
        targets = storage.plan(
            expansion.files,
            out=out,
            in_place=in_place,
            overwrite=overwrite,
            sidecars=apart is not None,
        )
    labeller = Labeller(
        signer=settings.signer(ask=options.ask),
        identity=settings.identity(ask=options.ask),
        trust=settings.trust(),
        existing=Existing(existing),
        accept_broken_parent=accept_broken_parent,
        stamp=settings.stamp(),
        tsa=settings.tsa(),
        ocsp=settings.ocsp(),
    )
    if show_public:
        _show_public(targets, label, labeller)
    results = Results(
        schema=SIGN,
        format=format,
        fail_on=settings.fail_on(),
        quiet=quiet,
        verbose=verbose,
        trust_lists=tuple(anchors.name for anchors in labeller.trust.entries),
        to_stderr=way is not None and way.out is None,
    )
    if not dry_run and way is None:
        for folder in sorted({target.output.absolute().parent for target in targets}):
            storage.sweep(folder)

    def work(target: Target) -> SignReport:
        if way is not None:
            return stream.sign(labeller, label, way, parent=parent, dry_run=dry_run)
        return labeller.sign_file(
            target.source.path,
            label,
            out=None if target.in_place else target.output,
            in_place=target.in_place,
            overwrite=overwrite,
            parent=parent,
            fsync=fsync,
            dry_run=dry_run,
            sidecar=sidecar,
            marks=chosen,
            remote_url=remote_url,
        )

    def reports() -> Iterator[SignReport]:
        for path, error in expansion.unreadable:
            yield SignReport(path=str(path), error=Trouble.of(error))
        for done in batch.run(progress(targets, quiet=quiet), work):
            if done.result is not None:
                yield done.result
            elif done.error is not None:
                yield SignReport(path=str(done.item.source.path), error=Trouble.of(done.error))

    status = results.deliver(reports())
    if dry_run:
        talk("dry run: nothing was written", quiet=quiet)
    context.exit(status)


def _show_public(targets: Sequence[Target], label: Label, labeller: Labeller) -> None:
    """Before anything is signed: what the label says, and what is in the files already."""
    from genlabel.credentials.signer import certificate_of
    from genlabel.operations import inspect
    from genlabel.rendering import text
    from genlabel.rendering.text import Style

    holders = [labeller.signer, labeller.identity.signer if labeller.identity else None]
    names = [
        name
        for holder in holders
        if holder is not None
        for name in (certificate_of(holder).organisation, certificate_of(holder).common_name)
    ]
    click.echo(text.public(label, dict.fromkeys(name for name in names if name), Style()), err=True)
    for target in targets:
        if target.source.is_stdin:
            continue
        try:
            found = inspect.personal(target.source.path.read_bytes())
        except (GenlabelError, OSError):
            continue  # signing says why
        if found:
            click.echo(text.personal(str(target.source.path), found, Style()), err=True)
