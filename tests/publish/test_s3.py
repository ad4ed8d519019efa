"""A show that is sent to a bucket: moto's server on loopback."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from bucketserver import BucketServer
from showfolder import FILES, SIZE, Listener, ShowFolder, child

from audiopress.errors import PublishError
from audiopress.publish import s3
from audiopress.publish.send import send_files
from audiopress.publish.targets import BucketTarget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiopress.publish.plan import Report


@pytest.fixture(scope="module")
def running() -> Iterator[BucketServer]:
    server = BucketServer()
    yield server
    server.close()


@pytest.fixture
def server(running: BucketServer, monkeypatch: pytest.MonkeyPatch) -> BucketServer:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test-key",
        "AWS_SECRET_ACCESS_KEY": "test-hidden",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    running.reset()
    return running


@pytest.fixture
def client(server: BucketServer) -> Iterator[Any]:
    """A client of the test's own, with an empty bucket called "podcasts"."""
    client = boto3.session.Session().client("s3", endpoint_url=server.url)
    client.create_bucket(Bucket="podcasts")
    server.reset()
    yield client
    server.reset()
    for entry in client.list_objects_v2(Bucket="podcasts").get("Contents", ()):
        client.delete_object(Bucket="podcasts", Key=entry["Key"])
    client.delete_bucket(Bucket="podcasts")
    client.close()


def target(server: BucketServer, acl: str = "") -> BucketTarget:
    return BucketTarget("podcasts", "daily", server.url, acl=acl)


def stored(client: Any) -> dict[str, bytes]:
    entries = client.list_objects_v2(Bucket="podcasts").get("Contents", ())
    return {entry["Key"]: client.get_object(Bucket="podcasts", Key=entry["Key"])["Body"].read() for entry in entries}


def below_daily(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"daily/{name}": data for name, data in files.items()}


def send(server: BucketServer, show: ShowFolder, listener: Listener | None = None, **options: bool) -> Report:
    return send_files(target(server), show.survey(), listener or Listener(), **options)


def test_all_arrives_with_its_headers(server: BucketServer, client: Any, show: ShowFolder, listener: Listener) -> None:
    report = send(server, show, listener)
    puts = [path.removeprefix("/podcasts/daily/") for method, path in server.calls if method == "PUT"]
    assert (set(puts), len(puts), puts[-1]) == (set(FILES), 9, "feed.xml")
    assert {puts.index(name) < 5 for name in puts if name.startswith(("episodes", "cover"))} == {True}
    assert stored(client) == below_daily(FILES)
    assert (report.sent, report.bytes, listener.bytes) == (9, SIZE, SIZE)
    feed = client.head_object(Bucket="podcasts", Key="daily/feed.xml")
    assert (feed["ContentType"], feed["CacheControl"]) == (
        "application/rss+xml; charset=utf-8",
        "public, max-age=300",
    )
    mp3 = client.head_object(Bucket="podcasts", Key="daily/episodes/bridge/bridge.mp3")
    assert (mp3["ContentType"], mp3["CacheControl"]) == ("audio/mpeg", "public, max-age=3600")
    assert mp3["Metadata"] == {"sha256": hashlib.sha256(FILES["episodes/bridge/bridge.mp3"]).hexdigest()}


def test_a_second_run_asks_twice_and_sends_nothing(server: BucketServer, client: Any, show: ShowFolder) -> None:
    send(server, show)
    server.reset()
    report = send(server, show)
    assert (report.sent, report.kept) == (0, 9)
    assert sorted(method for method, _ in server.calls) == ["GET", "HEAD"]  # the list, and the feed's headers


def test_only_what_changed_is_sent(server: BucketServer, client: Any, show: ShowFolder, listener: Listener) -> None:
    send(server, show)
    server.reset()
    show.write({"episodes/bridge/bridge.mp3": b"BRIDGE" * 40000, "feed.xml": b"<rss/>", "feed-2.xml": b"<rss>2</rss>"})
    send(server, show, listener)
    assert listener.steps == [("replace", "episodes/bridge/bridge.mp3"), ("replace", "feed.xml")]
    assert server.count("PUT") == 2
    assert stored(client) == below_daily(
        FILES | {"episodes/bridge/bridge.mp3": b"BRIDGE" * 40000, "feed.xml": b"<rss/>"}
    )


def test_headers_are_a_part_of_what_must_be_right(server: BucketServer, client: Any, show: ShowFolder) -> None:
    for name, data in FILES.items():  # as another tool would have sent them
        client.put_object(Bucket="podcasts", Key=f"daily/{name}", Body=data, ContentType="application/octet-stream")
    assert send(server, show).sent == 9
    mp3 = client.head_object(Bucket="podcasts", Key="daily/episodes/bridge/bridge.mp3")
    assert mp3["ContentType"] == "audio/mpeg"
    assert send(server, show).sent == 0


def test_right_headers_of_another_tool_are_kept(server: BucketServer, client: Any, show: ShowFolder) -> None:
    for upload in show.uploads():
        client.put_object(
            Bucket="podcasts",
            Key=f"daily/{upload.name}",
            Body=FILES[upload.name],
            ContentType=upload.media_type.replace("; charset=utf-8", ";charset=UTF-8"),
            CacheControl="public, max-age=31536000, immutable"
            if upload.name.endswith(".jpg")
            else "public, max-age=3600"
            if upload.wave == 0
            else "public, max-age=300",
        )
    report = send(server, show)
    assert [step.name for step in report.steps] == ["feed.xml"]  # which gets the digest of all headers


def test_another_acl_sends_all_again(server: BucketServer, client: Any, show: ShowFolder) -> None:
    send(server, show)
    for sent in (9, 0):
        assert send_files(target(server, "public-read"), show.survey(), Listener()).sent == sent
    grants = client.get_object_acl(Bucket="podcasts", Key="daily/feed.xml")["Grants"]
    assert {grant["Permission"] for grant in grants if grant["Grantee"]["Type"] == "Group"} == {"READ"}


def test_large_files_go_in_parts_and_are_known_again(
    server: BucketServer, client: Any, show: ShowFolder, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_LARGE", 6 << 20)
    monkeypatch.setattr(s3, "_PART", 5 << 20)
    large = bytes(range(256)) * (12 << 12)  # 12 MiB
    show.write({"episodes/long/long.mp3": large})
    send(server, show, listener)
    assert listener.bytes == SIZE + len(large)
    head = client.head_object(Bucket="podcasts", Key="daily/episodes/long/long.mp3")
    assert head["ETag"].endswith('-3"')
    assert (head["ContentType"], head["ContentLength"]) == ("audio/mpeg", len(large))
    server.reset()
    assert send(server, show).sent == 0
    assert server.count("PUT") == server.count("POST") == 0
    show.write({"episodes/long/long.mp3": large[::-1]})
    assert [step.name for step in send(server, show).steps] == ["episodes/long/long.mp3"]


def test_removal_touches_only_what_is_a_shows(server: BucketServer, client: Any, show: ShowFolder) -> None:
    foreign = ["daily/about.html", "daily/episodes/", "other/episodes/a/a.mp3", "episodes/a/a.mp3"]
    for key in [*foreign, "daily/episodes/old/old.mp3"]:
        client.put_object(Bucket="podcasts", Key=key, Body=b"x")
    assert send(server, show, delete=True).removed == 1
    assert server.calls[-1] == ("DELETE", "/podcasts/daily/episodes/old/old.mp3")
    assert set(stored(client)) == set(below_daily(FILES)) | set(foreign)


def test_a_dry_run_only_asks(server: BucketServer, client: Any, show: ShowFolder, listener: Listener) -> None:
    assert send(server, show, listener, dry_run=True, delete=True).sent == 9
    assert {method for method, _ in server.calls} == {"GET"}
    assert len(listener.steps) == 9


def test_three_hundred_files(server: BucketServer, client: Any, tmp_path: Any) -> None:
    show = ShowFolder(tmp_path / "many")
    show.write({f"episodes/خبر-{n}/خبر-{n}.mp3": b"%d" % n for n in range(300)} | {"feed.xml": b"<rss/>"})
    assert send(server, show).sent == 301
    assert server.calls[-1] == ("PUT", "/podcasts/daily/feed.xml")
    server.reset()
    assert send(server, show).sent == 0
    assert len(server.calls) == 2


def test_a_file_that_is_refused_stops_the_run_before_the_feed(
    server: BucketServer, client: Any, show: ShowFolder, listener: Listener
) -> None:
    server.refuse["PUT", "river.mp3"] = ("403 Forbidden", "AccessDenied")
    with pytest.raises(PublishError, match=r"do not open episodes/river/river\.mp3; .* s3:PutObject") as told:
        send(server, show, listener)
    assert "hidden" not in str(told.value)
    keys = set(stored(client))
    assert not keys & {"daily/feed.xml", "daily/index.html", "daily/feed-2.xml"}
    assert listener.bytes == sum(len(data) for key, data in below_daily(FILES).items() if key in keys)
    server.reset()
    send(server, show)
    assert stored(client) == below_daily(FILES)


def test_killed_half_way_the_next_run_sends_the_rest(server: BucketServer, client: Any, show: ShowFolder) -> None:
    server.stop_at = "index.html"
    address = f"s3://podcasts/daily?endpoint={server.url}"
    process = subprocess.Popen(child(show, address), stderr=subprocess.PIPE)
    assert server.stopped.wait(60)
    process.kill()
    process.communicate()
    server.go_on.set()
    assert "daily/feed.xml" not in stored(client)
    server.reset()
    report = send(server, show)
    assert report.kept >= 5  # the media, which were there before the page was begun
    assert server.count("PUT") == report.sent <= 4
    assert stored(client) == below_daily(FILES)


@pytest.mark.parametrize(
    ("method", "ending", "answer", "sentence"),
    [
        ("GET", "podcasts", ("403 Forbidden", "AccessDenied"), "give them the rights s3:ListBucket"),
        ("GET", "podcasts", ("403 Forbidden", "InvalidAccessKeyId"), "check AWS_ACCESS_KEY_ID"),
        ("GET", "podcasts", ("403 Forbidden", "SignatureDoesNotMatch"), "check AWS_ACCESS_KEY_ID"),
        ("GET", "podcasts", ("403 Forbidden", "RequestTimeTooSkewed"), "clock of this machine is wrong"),
        ("GET", "podcasts", ("400 Bad Request", "AuthorizationHeaderMalformed"), r"add \?region="),
        ("PUT", "feed.xml", ("400 Bad Request", "AccessControlListNotSupported"), "leave acl= out"),
        ("PUT", "feed.xml", ("400 Bad Request", "QuotaExceeded"), r"feed\.xml was refused by the store"),
    ],
)
@pytest.mark.usefixtures("client")
def test_refusals_say_what_to_do(
    server: BucketServer, show: ShowFolder, *, method: str, ending: str, answer: tuple[str, str], sentence: str
) -> None:
    server.refuse[method, ending] = answer
    with pytest.raises(PublishError, match=sentence) as told:
        send(server, show)
    assert "hidden" not in str(told.value)


def test_a_busy_store_is_asked_again(
    server: BucketServer, client: Any, show: ShowFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_ATTEMPTS", 2)
    server.refuse["PUT", "cover-0123abcd.jpg"] = ("503 Slow Down", "SlowDown")
    with pytest.raises(PublishError, match=r"cover-0123abcd\.jpg was not taken, .* busy .* publish again later"):
        send(server, show)
    assert sum(path.endswith("cover-0123abcd.jpg") for _, path in server.calls) == 2


def test_a_missing_bucket_is_told(server: BucketServer, show: ShowFolder) -> None:
    with pytest.raises(PublishError, match="There is no bucket called nowhere at http"):
        send_files(BucketTarget("nowhere", "", server.url), show.survey(), Listener())


def test_missing_keys_are_told(server: BucketServer, show: ShowFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(PublishError, match="There are no keys for s3://podcasts/daily; set AWS_ACCESS_KEY_ID"):
        send(server, show)


def test_a_profile_that_is_not_there_is_told(
    server: BucketServer, show: ShowFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    with pytest.raises(PublishError, match=r"ProfileNotFound.*AWS_PROFILE"):
        send(server, show)


def test_a_store_that_is_not_there_is_told(
    server: BucketServer, show: ShowFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    nobody = BucketTarget("podcasts", "", "http://127.0.0.1:1")
    with pytest.raises(PublishError, match=r"did not reach http://127\.0\.0\.1:1 .*check the network"):
        send_files(nobody, show.survey(), Listener())


def test_without_boto3_the_line_that_installs_it_is_told(
    server: BucketServer, show: ShowFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3.session", None)
    with pytest.raises(PublishError, match="install it with: pip install boto3"):
        send(server, show)
