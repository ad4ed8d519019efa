"""What a user writes for a target, and what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiopress.errors import PublishError
from audiopress.publish.targets import BucketTarget, ChannelTarget, FolderTarget, ServerTarget, parse_target

TOKEN = "123456:AAbbCC-dd_eeFFggHHiiJJkkLLmmNNooPPq"  # noqa: S105 - made up
BOT = {"AUDIOPRESS_TELEGRAM_TOKEN": TOKEN}
PRINT = "SHA256:" + "a" * 42 + "+"


@pytest.mark.parametrize(
    ("text", "environment", "target"),
    [
        ("/srv/www/podcast", {}, FolderTarget(Path("/srv/www/podcast"))),
        ("./site", {}, FolderTarget(Path("site"))),
        (" پادکست من ", {}, FolderTarget(Path("پادکست من"))),
        ("./@channel", {}, FolderTarget(Path("@channel"))),
        ("file:///srv/my%20show", {}, FolderTarget(Path("/srv/my show"))),
        ("file://localhost/srv", {}, FolderTarget(Path("/srv"))),
        ("s3://bucket", {}, BucketTarget("bucket")),
        ("S3://bucket//a/./b/", {}, BucketTarget("bucket", "a/b")),
        (
            "s3://Bucket.name/p?endpoint=https://s3.ir-thr-at1.arvanstorage.ir/&region=eu&acl=public-read",
            {"AUDIOPRESS_S3_ENDPOINT": "https://other.example"},
            BucketTarget("Bucket.name", "p", "https://s3.ir-thr-at1.arvanstorage.ir", "eu", "public-read"),
        ),
        (
            "s3://pod/p",
            {"AUDIOPRESS_S3_ENDPOINT": "http://127.0.0.1:9000"},
            BucketTarget("pod", "p", "http://127.0.0.1:9000"),
        ),
        ("sftp://me@example.org/srv/www", {}, ServerTarget("example.org", "/srv/www", "me")),
        (
            "sftp://me@example.org:2222/~/www//podcast",
            {"AUDIOPRESS_SFTP_PASSWORD": "p w"},
            ServerTarget("example.org", "www/podcast", "me", 2222, password="p w"),  # noqa: S106 - made up
        ),
        ("sftp://example.org/~", {}, ServerTarget("example.org", ".")),
        (f"sftp://[::1]:22/srv?fingerprint={PRINT}=", {}, ServerTarget("::1", "/srv", "", 22, PRINT)),
        ("telegram:@khabar", BOT, ChannelTarget("@khabar", TOKEN)),
        (
            "telegram:-1001234567890",
            {"AUDIOPRESS_TELEGRAM_TOKEN": f" {TOKEN}\n", "AUDIOPRESS_TELEGRAM_API": "http://127.0.0.1:8081/"},
            ChannelTarget("-1001234567890", TOKEN, "http://127.0.0.1:8081"),
        ),
    ],
)
def test_targets(text: str, environment: dict[str, str], target: object) -> None:
    assert parse_target(text, environment) == target


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "The target is empty"),
        (" \n", "The target is empty"),
        ("ftp://example.org/x", "cannot be sent to ftp://"),
        ("https://t.me/khabar", "telegram:@CHANNEL"),
        ("@khabar", "telegram:@khabar"),
        ("me@example.org:/srv/www", "sftp://USER@HOST/PATH"),
        ("file://server/share", "file:///srv/www/podcast"),
        ("s3://", "names a bucket"),
        ("s3://bucket/x/../../y", "without .."),
        ("s3://KEY:hunter2@bucket/x", "AWS_ACCESS_KEY_ID"),
        ("s3://bucket?acl=everybody", "acl=public-read"),
        ("s3://bucket?endpoint=minio:9000", "must look like https://"),
        ("s3://bucket?endpoint=https://a:b@minio", "must look like https://"),
        ("s3://bucket?colour=red", "stand endpoint, region, acl"),
        ("s3://bucket?region=a&region=b", "each at most once"),
        ("sftp://example.org", "a folder there"),
        ("sftp://me:hunter2@example.org/x", "AUDIOPRESS_SFTP_PASSWORD"),
        ("sftp://example.org:port/x", "cannot be read"),
        ("sftp://example.org:99999/x", "cannot be read"),
        ("sftp://[::1/x", "cannot be read"),
        ("sftp://example.org/x?fingerprint=MD5:00", "SHA256:"),
        ("telegram:khabar", "telegram:@its_name"),
        ("telegram:@a", "telegram:@its_name"),
        (f"telegram:{TOKEN}@khabar", "telegram:@its_name"),
        ("~nobody-of-this-name/x", "write the folder's whole path"),
    ],
)
def test_what_is_no_target_is_told_in_a_sentence_without_secrets(text: str, part: str) -> None:
    with pytest.raises(PublishError) as told:
        parse_target(text, BOT)
    said = str(told.value)
    assert part in said
    assert said.endswith(".")
    assert "hunter2" not in said
    assert TOKEN not in said


@pytest.mark.parametrize("token", ["", "  ", "no token", "123456", "123:a b", f"bot{TOKEN}"])
def test_a_wrong_token_is_not_repeated(token: str) -> None:
    with pytest.raises(PublishError, match="@BotFather") as told:
        parse_target("telegram:@khabar", {"AUDIOPRESS_TELEGRAM_TOKEN": token})
    assert not token.strip() or token not in str(told.value)


def test_secrets_are_in_no_repr() -> None:
    server = parse_target("sftp://me@example.org:2222/~/www", {"AUDIOPRESS_SFTP_PASSWORD": "hunter2"})
    channel = parse_target("telegram:@khabar", BOT)
    assert (str(server), str(channel)) == ("sftp://me@example.org:2222/~/www", "telegram:@khabar")
    assert "hunter2" not in repr(server)
    assert TOKEN not in repr(channel)
    assert str(parse_target("s3://pod/p?acl=private", {})) == "s3://pod/p"


@given(
    st.one_of(
        st.text(),
        st.sampled_from(["s3://", "sftp://", "file://", "telegram:"]).flatmap(lambda s: st.text().map(s.__add__)),
    )
)
def test_nothing_else_is_raised(text: str) -> None:
    try:
        parse_target(text, BOT)
    except PublishError as error:
        assert TOKEN not in str(error)  # noqa: PT017 - any text may be a target or none
