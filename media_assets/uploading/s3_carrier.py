"""Parts that browsers put into the object storage by themselves; apart, so that a local museum loads no S3 client."""

from datetime import timedelta

from django.core.files.storage import storages
from django.utils import timezone

from ..models import Upload
from ..storage import type_of
from ..storage_s3 import s3_errors
from .carriers import SIGNED_FOR, Address, Part


class S3Carrier:
    """Multipart uploads; a file of one part is put at once, which is one request of the storage instead of three.
    What ListParts says is believed: a completion that leaves a part out would be taken by the storage all the same."""

    def __init__(self):
        self.storage = storages["default"]

    def begin(self, upload: Upload) -> str:
        if upload.part_count == 1:
            return ""
        with s3_errors(upload.key):
            made = self.storage.client.create_multipart_upload(
                **self.storage.place(upload.key), **self._headers(upload), ChecksumAlgorithm="CRC32"
            )
        return made["UploadId"]

    def address(self, upload: Upload, number: int, checksum: str) -> Address:
        asked = self.storage.place(upload.key) | {
            "ContentLength": upload.part_length(number),
            "ChecksumCRC32": checksum,
        }
        headers = {"x-amz-checksum-crc32": checksum}
        if upload.storage_id:
            method, asked = "upload_part", asked | {"UploadId": upload.storage_id, "PartNumber": number}
        else:
            # Once only: an address that is still good must not replace what has been examined.
            method, asked = "put_object", asked | self._headers(upload) | {"IfNoneMatch": "*"}
            headers |= {"content-type": asked["ContentType"], "cache-control": asked["CacheControl"]}
            headers |= {"if-none-match": "*"}
        client = self.storage.browser_client
        return Address(
            client.generate_presigned_url(method, Params=asked, ExpiresIn=int(SIGNED_FOR.total_seconds())), headers
        )

    def parts(self, upload: Upload) -> list[Part]:
        if upload.part_count == 1:
            return self._whole(upload)
        place = self.storage.place(upload.key) | {"UploadId": upload.storage_id}
        newest: dict[int, dict] = {}
        try:
            with s3_errors(upload.key):
                for page in self.storage.client.get_paginator("list_parts").paginate(**place):
                    for part in page.get("Parts", ()):
                        # A part that was sent twice may be listed twice.
                        known = newest.get(part["PartNumber"])
                        if known is None or part["LastModified"] >= known["LastModified"]:
                            newest[part["PartNumber"]] = part
        except FileNotFoundError:
            return []
        return [
            Part(number, found["Size"], self._checksum(upload, number, found), found["ETag"])
            for number, found in sorted(newest.items())
        ]

    def finish(self, upload: Upload) -> None:
        """Should the storage know no such upload any more, an earlier call may have come to its end unheard."""
        if upload.part_count == 1 or self._is_there(upload):
            return
        listed = [
            {"PartNumber": part.number, "ETag": part.tag} | ({"ChecksumCRC32": part.checksum} if part.checksum else {})
            for part in self.parts(upload)
        ]
        with s3_errors(upload.key):
            self.storage.client.complete_multipart_upload(
                **self.storage.place(upload.key), UploadId=upload.storage_id, MultipartUpload={"Parts": listed}
            )

    def forget(self, upload: Upload, number: int) -> None:
        if upload.part_count == 1:
            self.storage.remove(upload.key)

    def clear(self, upload: Upload) -> None:
        if upload.storage_id:
            self._abort(upload.key, self.storage.place(upload.key) | {"UploadId": upload.storage_id})

    def sweep(self, known: set[str], older_than: timedelta) -> int:
        storage = self.storage
        prefix = f"{storage.location.rstrip('/')}/" if storage.location else ""
        swept = 0
        with s3_errors("uploads"):
            pages = storage.client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=storage.bucket_name, Prefix=prefix):
                for found in page.get("Uploads", ()):
                    if found["UploadId"] in known or timezone.now() - found["Initiated"] < older_than:
                        continue
                    place = {"Bucket": storage.bucket_name, "Key": found["Key"], "UploadId": found["UploadId"]}
                    self._abort(found["Key"], place)
                    swept += 1
        return swept

    def _abort(self, name: str, place: dict) -> None:
        try:
            with s3_errors(name):
                self.storage.client.abort_multipart_upload(**place)
        except FileNotFoundError:
            return  # finished, or forgotten already

    def _headers(self, upload: Upload) -> dict[str, str]:
        return {"ContentType": type_of(upload.key), "CacheControl": self.storage.cache_control}

    @staticmethod
    def _checksum(upload: Upload, number: int, found: dict) -> str:
        """The storage took the part under an address that was signed for one checksum: the last one, or it will say
        so when it is finished."""
        return found.get("ChecksumCRC32") or upload.signed.get(str(number), "")

    def _whole(self, upload: Upload) -> list[Part]:
        try:
            with s3_errors(upload.key):
                found = self.storage.client.head_object(**self.storage.place(upload.key), ChecksumMode="ENABLED")
        except FileNotFoundError:
            return []
        return [Part(1, found["ContentLength"], self._checksum(upload, 1, found), found["ETag"])]

    def _is_there(self, upload: Upload) -> bool:
        try:
            return self.storage.size(upload.key) == upload.size
        except FileNotFoundError:
            return False
