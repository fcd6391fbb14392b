"""Ed25519: what this portal signed, anyone can check with the public key and any tool.

A key is the base64 text of 32 bytes: private ones are secret, public ones are published.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SIZE = 32


def read_key(value: str) -> str:
    """A key from a setting: the text itself, or the path of a file that holds nothing else.

    Raises `ValueError` for anything else.
    """
    text = value.strip()
    if not _is_key(text):
        try:
            text = Path(text).read_text().strip()
        except OSError as error:
            raise ValueError("neither a key nor a file") from error
        _decode(text)
    return text


def derive_key(secret: str) -> str:
    """A private key that follows from another secret, for wherever nobody relies on signatures."""
    return base64.b64encode(hashlib.sha256(f"signing:{secret}".encode()).digest()).decode()


def public_key(private: str) -> str:
    return base64.b64encode(_private(private).public_key().public_bytes_raw()).decode()


def key_id(public: str) -> str:
    """The short name by which a signature says which key to check it with."""
    return hashlib.sha256(_decode(public)).hexdigest()[:16]


def by_id(publics: Iterable[str]) -> Mapping[str, str]:
    return {key_id(public): public for public in publics}


def public_pem(public: str) -> str:
    """The form that openssl reads."""
    key = Ed25519PublicKey.from_public_bytes(_decode(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign(message: bytes, *, private: str) -> str:
    return base64.b64encode(_private(private).sign(message)).decode()


def is_signed(message: bytes, *, signature: str, public: str) -> bool:
    key = Ed25519PublicKey.from_public_bytes(_decode(public))
    try:
        key.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, binascii.Error):
        return False
    return True


@cache
def _private(text: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_decode(text))


def _is_key(text: str) -> bool:
    try:
        _decode(text)
    except ValueError:
        return False
    return True


def _decode(text: str) -> bytes:
    """Raises `ValueError` for anything but 32 bytes."""
    decoded = base64.b64decode(text, validate=True)
    if len(decoded) != SIZE:
        raise ValueError("not a key of 32 bytes")
    return decoded
