"""Options and label files for releases, keywords and the text for those who do not see."""

from __future__ import annotations


def test_options_and_label_files_say_them(studio, genlabel, exiftool):
    (studio / "label.toml").write_text(
        'history = "captured"\nkeywords = "sea"\n'
        '[rights]\nmodel_release_ids = ["MR-17"]\npublic = true\n'
    )
    first = ("sign", "cat.png", "--label", "label.toml", "--out")
    words = ("--alt-text", "A harbour", "--model-release", "umr", "--property-release", "PR-NAP")
    done = genlabel(*first, "b.png", *words, "--minor-model-age", "AG-A25")
    assert done.status == 0, done.err
    tags = exiftool.read((studio / "b.png").read_bytes())
    assert tags["XMP-plus:ModelReleaseStatus"] == "MR-UMR"
    assert tags["XMP-plus:ModelReleaseID"] == ["MR-17"]
    assert tags["XMP-plus:PropertyReleaseStatus"] == "PR-NAP"
    assert tags["XMP-plus:MinorModelAgeDisclosure"] == "AG-A25"
    assert tags["XMP-iptcCore:AltTextAccessibility"] == "A harbour"
    assert tags["XMP-dc:Subject"] == ["sea"]
    again = genlabel(*first, "c.png", "--keyword", "x", "--keyword", "y")
    assert again.status == 0, again.err
    assert exiftool.read((studio / "c.png").read_bytes())["XMP-dc:Subject"] == ["x", "y"]


def test_a_wrong_code_is_told_with_the_nearest(studio, genlabel):
    done = genlabel("sign", "cat.png", "--captured", "--model-release", "MR-UMS", "--out", "b.png")
    assert done.status == 2
    assert "did you mean MR-UMR?" in done.err
    assert not (studio / "b.png").exists()


def test_a_column_of_a_batch_file_says_them(studio, genlabel, exiftool):
    (studio / "batch.csv").write_text(
        "path,out,keywords,rights.model_release\ncat.png,d.png,sea;sand,MR-NON\n"
        "cat.png,e.png,sea,MR-NONE\n"
    )
    done = genlabel("sign", "--captured", "--batch", "batch.csv")
    assert done.status == 2
    assert "line 3, column rights.model_release" in done.out
    tags = exiftool.read((studio / "d.png").read_bytes())
    assert tags["XMP-dc:Subject"] == ["sea", "sand"]
    assert tags["XMP-plus:ModelReleaseStatus"] == "MR-NON"
