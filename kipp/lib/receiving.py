"""Large files of a form go to the temporary folder while they arrive; it may be full."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import Any, NoReturn

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from kipp.lib.files import NO_SPACE


class UnkeptFile(UploadedFile):  # type: ignore[type-arg]  # no type argument at run time
    """A file that found no room: whoever reads it meets the error that writing it met."""

    def __init__(self, error: OSError | None, **facts: Any) -> None:
        super().__init__(None, **facts)
        self.error = error or OSError(errno.ENOSPC, "No room.")

    def seek(self, _offset: int, _whence: int = 0) -> NoReturn:
        raise self.error

    def read(self, _size: int = -1) -> NoReturn:
        raise self.error

    def close(self) -> None:
        """There is nothing to close."""


class RoomyUploadHandler(TemporaryFileUploadHandler):
    """The rest of the request is still read, so that a form can answer with a sentence.

    The temporary name says nothing of the person's own name, which may be too long for a disk.
    """

    file: TemporaryUploadedFile
    problem: OSError | None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.problem = None
        try:
            self.file = TemporaryUploadedFile("upload", self.content_type, 0, self.charset)
        except OSError as error:
            self._give_up(error)
        else:
            self.file.name = self.file_name

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.problem:
            return
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            self._give_up(error)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if self.problem is None:
            try:
                return super().file_complete(file_size)
            except OSError as error:
                self._give_up(error)
        return UnkeptFile(self.problem, name=self.file_name, size=file_size)

    def _give_up(self, error: OSError) -> None:
        if error.errno not in NO_SPACE:
            raise error
        self.problem = error
        with suppress(OSError, AttributeError):
            self.file.close()
