"""A real S3 server, and the portal's storage as the settings build it for one of its buckets."""

from __future__ import annotations

import gc
import warnings

import boto3
from django.conf import settings as configured
from moto.server import ThreadedMotoServer
from pytest_django import Settings

KEYS = {"region_name": "ap-southeast-3", "access_key": "kunci", "secret_key": "rahasia"}


class S3Server:
    """On a port of its own; it can go away and come back with what it held."""

    def __init__(self) -> None:
        self.start(port=0)

    def start(self, *, port: int) -> None:
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
        self.server.start()
        self.host, self.port = self.server.get_host_and_port()

    def stop(self) -> None:
        self.server.stop()

    def come_back(self) -> None:
        self.start(port=self.port)

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"


def use_bucket(name: str, *, at: str, settings: Settings) -> None:
    make_bucket(name, at=at)
    options = configured.S3_OPTIONS | KEYS | {"bucket_name": name, "endpoint_url": at}
    storage = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": storage}


def make_bucket(name: str, *, at: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=at,
        region_name=KEYS["region_name"],
        aws_access_key_id=KEYS["access_key"],
        aws_secret_access_key=KEYS["secret_key"],
    )
    place = {"LocationConstraint": KEYS["region_name"]}
    client.create_bucket(Bucket=name, CreateBucketConfiguration=place)


def collect_buffers() -> None:
    """The server and a download that broke off leave their buffers to the garbage collector."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
