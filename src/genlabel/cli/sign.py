"""`genlabel sign`: pictures are labelled and signed, without touching a pixel."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genlabel import storage
from genlabel.cli import options
from genlabel.cli.inputs import InputOptions, input_options, read_stdin
from genlabel.cli.label_options import label_options
from genlabel.cli.options import FILE, PlacementOptions, RunOptions, collected, setting
from genlabel.model.asset import Asset
from genlabel.model.errors import ConfigurationError, GenlabelError
from genlabel.storage import STDIN, Found, Target

if TYPE_CHECKING:
    from genlabel.cli.settings import Settings
    from genlabel.manifests.external import Apart
    from genlabel.model.label import Label
    from genlabel.model.report import Mark
    from genlabel.model.results import SignReport
    from genlabel.operations.labeller import Labeller


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentOptions:
    """What came before the picture."""

    parent: Path | None
    existing: str
    accept_broken_parent: bool


parent_options = collected(
    "earlier", ParentOptions,
    click.option("--parent", metavar="FILE", type=FILE, help="The picture that was edited."),
    click.option(
        "--existing", type=click.Choice(["wrap", "keep", "replace", "refuse"]), default="wrap",
        show_default=True, help="What to do with a manifest that is there.",
    ),
    click.option(
        "--accept-broken-parent", is_flag=True,
        help="Record a parent that does not verify, as broken.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SidecarOptions:
    """Whether the manifest goes beside the picture."""

    sidecar: bool
    marks: tuple[Mark, ...] | None
    remote_url: str | None

    def external(self) -> Apart | None:
        """How the manifest is kept outside the picture; None where it goes into it."""
        from genlabel.manifests.external import Apart

        return Apart.asked(self.sidecar, self.marks or (), self.remote_url)


sidecar_options = collected(
    "beside", SidecarOptions,
    click.option(
        "--sidecar", is_flag=True, help="Write the manifest beside the picture: cat.png.c2pa."
    ),
    click.option(
        "--marks", metavar="MARK,...", callback=options.parse_marks,
        help="With --sidecar: iptc, iim, exif go into the picture.",
    ),
    click.option(
        "--remote-url", metavar="URL",
        help="Where the sidecar will be served; goes into the XMP.",
    ),
)  # fmt: skip

signer_options = options.together(
    setting("--signer", sets="signer.uri", metavar="URI",
            help="Where the key is: file:, env:, exec:, pkcs11:, awskms:."),
    setting("--key", sets="signer.key", metavar="FILE", type=FILE,
            help="The private key, or PKCS#12."),
    setting("--certificates", sets="signer.certificates", metavar="FILE", type=FILE,
            help="Its certificates, PEM."),
    setting("--passphrase-file", sets="signer.passphrase_file", metavar="FILE", type=FILE,
            help="Holds the key's passphrase."),
    options.tsa_option,
    setting("--ocsp", sets="signer.ocsp", is_flag=True,
            help="Ask the certificate's authority whether it was revoked, and put the answer in."),
    setting("--stamp", sets="time.stamp",
            type=click.Choice(["required", "preferred", "later", "off"]),
            help="Whether labels get a time-stamp; required with --tsa, else off."),
    setting("--identity-key", sets="identity.key", metavar="FILE", type=FILE,
            help="Sign an identity assertion, too, with this key, or PKCS#12."),
    setting("--identity-certificates", sets="identity.certificates", metavar="FILE", type=FILE,
            help="Its certificates, PEM."),
    setting("--identity-passphrase-file", sets="identity.passphrase_file", metavar="FILE",
            type=FILE, help="Holds the passphrase of that key."),
    setting("--identity-role", "identity_roles", sets="identity.roles", metavar="ROLE",
            multiple=True,
            help="What the identity did for the picture; else the producer's role."),
)  # fmt: skip
"""Who signs, when, and who attests the label beside the signer."""


@click.command()
@label_options
@parent_options
@signer_options
@options.placement_options
@sidecar_options
@click.option("--dry-run", is_flag=True, help="Do everything but write.")
@click.option("--show-public", is_flag=True, help="Show every word that will become public.")
@options.trust_options
@options.fail_on_option
@input_options
@options.run_options
def sign(
    inputs: InputOptions,
    label: Path | None,
    earlier: ParentOptions,
    placement: PlacementOptions,
    beside: SidecarOptions,
    dry_run: bool,
    show_public: bool,
    run: RunOptions,
) -> None:
    """Label pictures and sign the label, without touching a pixel.

    Say how they came to be, who answers for them and where the results go. Each result is read
    back and compared with the label before it takes its place; a second run changes nothing.

    \b
    genlabel sign cat.png -o labelled/ --generated --by "Acme Studio" --using "FLUX.1 [dev]"
    genlabel sign retouched.jpg --in-place --edited --parent original.jpg --by "Acme Studio"
    """
    from genlabel.cli.results import Results, failure
    from genlabel.model.results import SignReport
    from genlabel.rendering.json import SIGN

    settings = run.settings(label=label)
    declared, external = settings.label(), beside.external()
    files = inputs.expand(quiet=run.quiet)
    if earlier.parent is not None and len(files.files) > 1:
        raise ConfigurationError(
            f"--parent: {earlier.parent} cannot be the parent of {len(files.files)} pictures",
            remedy="sign them one by one",
        )
    to_stdout = _goes_to_stdout(files.files, placement)
    targets = _targets(files.files, placement, external)
    if to_stdout and not dry_run:
        _check_stdout(run)
    labeller = _labeller(settings, earlier)
    if show_public:
        _show_public(targets, declared, labeller)
    if not dry_run and not to_stdout:
        options.sweep(targets)
    job = _Job(labeller, declared, earlier, placement, beside, to_stdout, dry_run)
    Results(
        schema=SIGN,
        run=run,
        fail_on=settings.fail_on(),
        trust=labeller.trust,
        to_stderr=to_stdout,
        closing="dry run: nothing was written" if dry_run else None,
    ).deliver(
        targets,
        job.sign,
        failed=failure(SignReport),
        unreadable=files.unreadable,
        jobs=inputs.jobs,
    )


@dataclass(frozen=True, slots=True)
class _Job:
    """What is the same for all targets of one run."""

    labeller: Labeller
    label: Label
    earlier: ParentOptions
    placement: PlacementOptions
    beside: SidecarOptions
    to_stdout: bool
    dry_run: bool

    def sign(self, target: Target) -> SignReport:
        """Sign one picture into its place. Raises `GenlabelError` or `OSError`."""
        if self.to_stdout or target.source.is_stdin:
            return self._sign_stream(target)
        return self.labeller.sign_file(
            target.source.path,
            self.label,
            out=None if target.in_place else target.output,
            in_place=target.in_place,
            overwrite=self.placement.overwrite,
            parent=self.earlier.parent,
            fsync=self.placement.fsync,
            dry_run=self.dry_run,
            sidecar=self.beside.sidecar,
            marks=self.beside.marks or (),
            remote_url=self.beside.remote_url,
        )

    def _sign_stream(self, target: Target) -> SignReport:
        """The same where the picture is standard input, or its result standard output."""
        source, parent = target.source, self.earlier.parent
        signed = self.labeller.sign(
            Asset(read_stdin())
            if source.is_stdin
            else Asset(source.path.read_bytes(), name=source.path.name),
            self.label,
            parent=Asset(parent.read_bytes(), name="parent") if parent is not None else None,
        )
        if self.to_stdout and not self.dry_run:
            sys.stdout.buffer.write(signed.data)
            sys.stdout.buffer.flush()
        elif not self.dry_run:
            storage.write_atomically(
                target.output,
                signed.data,
                overwrite=self.placement.overwrite,
                fsync=self.placement.fsync,
            )
        output = STDIN if self.to_stdout else str(target.output)
        return signed.reported(str(source.path), output)


def _labeller(settings: Settings, earlier: ParentOptions) -> Labeller:
    from genlabel.operations.labeller import Labeller
    from genlabel.operations.options import Existing

    return Labeller(
        signer=settings.signer(ask=options.ask_passphrase),
        identity=settings.identity(ask=options.ask_passphrase),
        trust=settings.trust(),
        existing=Existing(earlier.existing),
        accept_broken_parent=earlier.accept_broken_parent,
        stamp=settings.stamp(),
        tsa=settings.tsa(),
        ocsp=settings.ocsp(),
    )


def _goes_to_stdout(files: Sequence[Found], placement: PlacementOptions) -> bool:
    """Does standard output carry the picture?"""
    return placement.out == STDIN or (
        placement.out is None and any(each.is_stdin for each in files)
    )


def _targets(
    files: Sequence[Found], placement: PlacementOptions, external: Apart | None
) -> tuple[Target, ...]:
    """Where each result goes. Raises `ConfigurationError` where streams and files do not fit."""
    if placement.out != STDIN and not any(each.is_stdin for each in files):
        # Where the manifest alone is written, the picture stays as it is.
        beside = external is not None and external.leaves_bytes and placement.out is None
        return placement.plan(
            files, in_place=placement.in_place or beside, sidecars=external is not None
        )
    if external is not None:
        raise ConfigurationError(
            "--sidecar: nothing lies beside a stream", remedy="name files instead of -"
        )
    if len(files) != 1:
        raise ConfigurationError(
            "-: stands for one picture, and several were named", remedy="sign the others apart"
        )
    if placement.in_place:
        raise ConfigurationError("-: a stream has no place", remedy="leave --in-place out")
    if _goes_to_stdout(files, placement):
        return (Target(source=files[0], output=Path(STDIN), in_place=False),)
    return placement.plan(files)


def _check_stdout(run: RunOptions) -> None:
    """Raise `ConfigurationError` where a picture on stdout would meet something else there."""
    if run.format != "text":
        raise ConfigurationError(
            f"--format {run.format}: stdout carries the picture",
            remedy="send the picture to a file with -o FILE",
        )
    if sys.stdout.isatty():
        raise ConfigurationError(
            "stdout: is a terminal, and no place for a picture",
            remedy="send it to a file or program, or use -o FILE",
        )


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
            personal = inspect.personal(target.source.path.read_bytes())
        except (GenlabelError, OSError):
            continue  # signing says why
        if personal:
            click.echo(text.personal(str(target.source.path), personal, Style()), err=True)
