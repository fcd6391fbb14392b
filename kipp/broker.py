"""Redis as Celery's broker, for workers that outlive its troubles; named in `kipp.celery`."""

from __future__ import annotations

from kombu.transport import redis, virtual


class QoS(redis.QoS):
    def ack(self, delivery_tag: str) -> None:
        """Frees the place of a message even if Redis cannot be told.

        Kombu keeps the place and Celery only logs the error: a worker that fetches one message
        ahead would never fetch another. What Redis was not told comes again and has expired.
        """
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    QoS = QoS


class Transport(redis.Transport):
    Channel = Channel
