"""A bucket of Amazon S3, or of a store that speaks its language."""

from __future__ import annotations

import base64
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from audiopress.errors import PublishError
from audiopress.publish.files import md5, opened, sha256
from audiopress.publish.plan import FEED, cache_control

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiopress.publish.files import LocalFile
    from audiopress.publish.store import Moved
    from audiopress.publish.targets import BucketTarget

#: From this size on (bytes) a file goes in parts, so that a line that breaks costs one part only. An hour of speech has
#: 43 MB; in one piece S3 takes 5 GB.
_LARGE = 64 << 20
_PART = 16 << 20
#: Files at once: a line is filled where each waits for its answer. boto3 keeps ten connections.
_PARALLEL = 8
#: Seconds until a store must have answered, and how often boto3 tries: in its "standard" mode it knows which of the
#: errors of S3 pass.
_CONNECT, _READ, _ATTEMPTS = 20, 120, 5
#: Names of our own facts beside an object (x-amz-meta-…).
_SHA256, _ACL, _POLICY = "sha256", "acl", "headers"

_KEYS = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "TokenRefreshRequired"}
_REGION = {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "301"}
_DENIED = {"AccessDenied", "AllAccessDisabled", "403"}
_BUSY = 500  # HTTP status from which on the fault lies with the server


class BucketStore:
    """Keeps files as objects; one there is as ours if its MD5 (or our SHA-256 beside it) and its headers are.

    A list tells the MD5 of each object, but not its headers. So the feed, which is sent last, has a digest of all
    headers beside it: while that holds, one question answers for all objects; else each is asked.
    """

    parallel = _PARALLEL

    def __init__(self, target: BucketTarget) -> None:
        """Load boto3; raises PublishError where it is not installed."""
        self._target = target
        self._prefix = f"{target.prefix}/" if target.prefix else ""
        self._policy = ""
        self._client = _client(target)

    def compare(self, files: Sequence[LocalFile]) -> Mapping[str, bool]:
        """Return the names of the objects below the prefix, and whether each is as ours."""
        self._policy = _policy(files, self._target.acl)
        with self._errors(str(self._target)):
            listed = dict(self._listed())
            known = [file for file in files if file.name in listed]
            feeds = [file for file in known if file.wave == FEED]
            trusted = bool(feeds) and all(self._facts(file).get(_POLICY) == self._policy for file in feeds)

            def same(file: LocalFile) -> bool:
                size, tag = listed[file.name]
                return size == file.size and self._same(file, tag, trusted=trusted)

            with ThreadPoolExecutor(_PARALLEL) as pool:
                found = dict(zip((file.name for file in known), pool.map(same, known), strict=True))
        return dict.fromkeys(listed, False) | found

    def _listed(self) -> Iterator[tuple[str, tuple[int, str]]]:
        """Yield each object's name with its size and entity tag; "folders" that consoles make are none."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._target.bucket, Prefix=self._prefix)
        for page in pages:
            for entry in page.get("Contents", ()):
                name = entry["Key"].removeprefix(self._prefix)
                if name and not name.endswith("/"):
                    yield name, (entry["Size"], entry["ETag"].strip('"'))

    def _same(self, file: LocalFile, tag: str, *, trusted: bool) -> bool:
        with opened(file) as stream:
            if md5(stream) == tag:
                return trusted or self._has_headers(file, self._head(file))
            # Encrypted with a key of the user's, or sent in parts: the tag is no MD5.
            head = self._head(file)
            return head.get("Metadata", {}).get(_SHA256) == sha256(stream) and self._has_headers(file, head)

    def _has_headers(self, file: LocalFile, head: Mapping[str, Any]) -> bool:
        facts = head.get("Metadata", {})
        wanted = self._headers(file)
        plain = all(_even(head.get(name, "")) == _even(wanted[name]) for name in ("ContentType", "CacheControl"))
        return plain and all(facts.get(name, "") == wanted["Metadata"].get(name, "") for name in (_ACL, _POLICY))

    def _headers(self, file: LocalFile) -> dict[str, Any]:
        """What an object is sent with; an ACL cannot be asked for everywhere, so it is noted beside."""
        facts = {_ACL: self._target.acl} if self._target.acl else {}
        if file.wave == FEED:
            facts[_POLICY] = self._policy
        headers = {"ContentType": file.upload.media_type, "CacheControl": cache_control(file), "Metadata": facts}
        return headers | ({"ACL": self._target.acl} if self._target.acl else {})

    def _facts(self, file: LocalFile) -> Mapping[str, str]:
        facts: Mapping[str, str] = self._head(file).get("Metadata", {})
        return facts

    def _head(self, file: LocalFile) -> Mapping[str, Any]:
        """An object's headers; none where it has gone since it was listed."""
        from botocore.exceptions import ClientError  # noqa: PLC0415 - an extra

        try:
            answer: Mapping[str, Any] = self._client.head_object(Bucket=self._target.bucket, Key=self._key(file.name))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004 - HTTP's "not found"
                return {}
            raise
        return answer

    def put(self, file: LocalFile, moved: Moved) -> None:
        """Send an object; it appears when all of it has arrived, as S3 promises."""
        place = {"Bucket": self._target.bucket, "Key": self._key(file.name)}
        headers = self._headers(file)
        with opened(file) as stream, self._errors(file.name):
            headers["Metadata"][_SHA256] = sha256(stream)
            if file.size < _LARGE:
                checksum = base64.b64encode(bytes.fromhex(md5(stream))).decode()
                self._client.put_object(**place, **headers, Body=stream, ContentMD5=checksum)
                moved(file.size)
            else:
                from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 - an extra

                parts = TransferConfig(multipart_threshold=_LARGE, multipart_chunksize=_PART, max_concurrency=4)
                self._client.upload_fileobj(stream, **place, ExtraArgs=headers, Config=parts, Callback=moved)

    def remove(self, name: str) -> None:
        """Remove an object; one by one, as not every store understands S3's list of removals."""
        with self._errors(name):
            self._client.delete_object(Bucket=self._target.bucket, Key=self._key(name))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _key(self, name: str) -> str:
        return self._prefix + name

    @contextmanager
    def _errors(self, what: str) -> Iterator[None]:
        """Turn what boto3 raises within the block into a PublishError that says what to do."""
        from boto3.exceptions import Boto3Error  # noqa: PLC0415 - an extra
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra

        try:
            yield
        except ClientError as error:
            raise PublishError(self._refusal(error.response, what)) from error
        except (BotoCoreError, Boto3Error) as error:
            cause = error.__context__ if isinstance(error, Boto3Error) else None
            if isinstance(cause, ClientError):
                raise PublishError(self._refusal(cause.response, what)) from error
            raise PublishError(self._failure(error, what)) from error

    def _refusal(self, response: Mapping[str, Any], what: str) -> str:
        """What to do where the store answers no."""
        target = self._target
        code = str(response.get("Error", {}).get("Code", ""))
        status = int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code == "NoSuchBucket":
            return f"There is no bucket called {target.bucket} at {self._where()}; make it, or correct the target."
        if code in _KEYS:
            return f"The store does not accept the keys ({code}); check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        if code == "AccessControlListNotSupported":
            return f"The bucket {target.bucket} takes no ACLs; leave acl= out, and let its policy make files public."
        if code in _DENIED:
            rights = "s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject"
            return f"The keys do not open {what}; give them the rights {rights} in {target.bucket}."
        if code in _REGION:
            return f"The bucket {target.bucket} lies in another region; add ?region=… to the target."
        if code == "RequestTimeTooSkewed":
            return "The clock of this machine is wrong; set it, and publish again."
        if status >= _BUSY or code == "SlowDown":
            return f"{what} was not taken, as the store at {self._where()} is busy ({code}); publish again later."
        return f"{what} was refused by the store at {self._where()} ({code}); check the target, and publish again."

    def _failure(self, error: Exception, what: str) -> str:
        """What to do where no answer comes; boto3's own words may quote headers, so only its kind is told."""
        kind = type(error).__name__
        if kind in {"NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"}:
            return f"There are no keys for {self._target}; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        return f"{what} did not reach {self._where()} ({kind}); check the network and the endpoint, and publish again."

    def _where(self) -> str:
        return self._target.endpoint or "Amazon S3"


def _client(target: BucketTarget) -> Any:
    try:
        from boto3.session import Session  # noqa: PLC0415 - an extra
        from botocore.config import Config  # noqa: PLC0415 - an extra
        from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise PublishError("Sending to a bucket needs boto3; install it with: pip install boto3") from error
    config = Config(
        retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
        connect_timeout=_CONNECT,
        read_timeout=_READ,
        # Newer checksums than MD5 are refused by many stores that are not Amazon's.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    try:
        return Session().client(
            "s3", endpoint_url=target.endpoint or None, region_name=target.region or None, config=config
        )
    except (BotoCoreError, ValueError) as error:  # a profile that is not there, a region that is no word
        raise PublishError(
            f"boto3 cannot be set up for {target} ({type(error).__name__}); check region, endpoint and AWS_PROFILE."
        ) from error


def _policy(files: Sequence[LocalFile], acl: str) -> str:
    """A digest of the headers of all files: it stays the same from episode to episode."""
    kinds = {(PurePosixPath(file.name).suffix, file.upload.media_type, cache_control(file)) for file in files}
    return hashlib.sha256(json.dumps([acl, sorted(kinds)]).encode()).hexdigest()[:32]


def _even(header: str) -> str:
    """A header as some stores change it: ``"text/vtt;charset=UTF-8"`` and ``"text/vtt; charset=utf-8"`` are one."""
    return header.replace(" ", "").lower()
