"""Archives that only the holder of a key reads: age (https://age-encryption.org), streamed.

Its programs `age` and `age-keygen` read and make the same files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage
from pyrage.x25519 import Identity, Recipient

from kipp.backup import BackupError

# With OSError it says that the last part is missing; a broken pipe is only a reader that went.
DAMAGE = (pyrage.DecryptError, OSError)
MARK = b"age-encryption.org/"


def read_recipients(texts: Sequence[str]) -> list[Recipient]:
    try:
        return [Recipient.from_str(text.strip()) for text in texts]
    except pyrage.RecipientError as error:
        raise BackupError("A recipient looks like age1...: the public line of a key.") from error


def read_identities(path: Path) -> list[Identity]:
    lines = path.read_text().splitlines()
    try:
        return [Identity.from_str(line) for line in lines if line.startswith("AGE-SECRET-KEY-")]
    except pyrage.IdentityError as error:
        raise BackupError(f"{path} holds no key that begins with AGE-SECRET-KEY-.") from error


def make_key(path: Path) -> str:
    """Write a new secret key for its owner alone and return the public one."""
    identity = Identity.generate()
    public = str(identity.to_public())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as target:
        target.write(f"# public key: {public}\n{identity}\n")
    return public


@contextmanager
def sealed(target: IO[bytes], recipients: Sequence[Recipient]) -> Iterator[IO[bytes]]:
    """What is written inside goes to `target`, encrypted if anybody is to read it."""
    if not recipients:
        yield target
        return
    with _beside(lambda source: pyrage.encrypt_io(source, target, recipients)) as stream:
        yield stream


@contextmanager
def unsealed(path: Path, identities: Sequence[Identity]) -> Iterator[IO[bytes]]:
    with path.open("rb") as source:
        is_sealed = source.read(len(MARK)) == MARK
        source.seek(0)
        if not is_sealed:
            yield source
            return
        if not identities:
            raise BackupError(f"{path.name} is encrypted: name the file with the key (--identity).")
        with _ahead(lambda target: pyrage.decrypt_io(source, target, identities)) as stream:
            yield stream


@contextmanager
def _beside(work: Callable[[IO[bytes]], object]) -> Iterator[IO[bytes]]:
    """`work` reads, in a thread, what is written into the stream."""
    reading, writing = _pipe()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(_close_after, work, reading)
        try:
            with writing:
                yield writing
        except BrokenPipeError:
            future.result()  # raises what stopped the other side
            raise
        future.result()


@contextmanager
def _ahead(work: Callable[[IO[bytes]], object]) -> Iterator[IO[bytes]]:
    """`work` writes, in a thread, what is read from the stream."""
    reading, writing = _pipe()
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(_close_after, work, writing)
        try:
            with reading:
                yield reading
        finally:
            error = future.exception()
            if isinstance(error, DAMAGE) and not isinstance(error, BrokenPipeError):
                raise BackupError(
                    "The archive cannot be decrypted: it is damaged, or this is another key."
                ) from error


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def _close_after(work: Callable[[IO[bytes]], object], stream: IO[bytes]) -> None:
    with stream:
        work(stream)
