from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
import redis
from django.conf import settings
from kombu import Connection, Consumer, Message, Queue
from redis.exceptions import ResponseError

from kipp.celery import app

UNACKED = "test-broker-unacked"
QUEUE = Queue("test-broker", routing_key="test-broker")


@pytest.fixture
def server() -> Iterator[redis.Redis]:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        yield client
        client.delete(UNACKED, f"{UNACKED}_index", QUEUE.name)


@pytest.fixture
def broker(server: redis.Redis) -> Iterator[Connection]:
    options = {"unacked_key": UNACKED, "unacked_index_key": f"{UNACKED}_index"}
    with app.connection(transport_options=options) as connection:
        yield connection


def test_worker_hears_on_after_an_answer_that_redis_did_not_take(
    server: redis.Redis, broker: Connection
) -> None:
    received: list[Message] = []
    producer = broker.Producer()
    for number in (1, 2):
        producer.publish(number, routing_key=QUEUE.name, declare=[QUEUE])

    with Consumer(broker, [QUEUE], on_message=received.append, prefetch_count=1):
        broker.drain_events(timeout=5)
        server.delete(UNACKED)
        server.set(UNACKED, "no hash: Redis refuses the answer")
        with pytest.raises(ResponseError):
            received[0].ack()
        server.delete(UNACKED)
        with suppress(TimeoutError):
            broker.drain_events(timeout=5)

    assert [message.payload for message in received] == [1, 2]
