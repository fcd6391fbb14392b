"""Asks the web process of this container whether it answers, under the name it expects."""

from __future__ import annotations

import os
import urllib.request
from urllib.parse import urlsplit

host = urlsplit(os.environ["SITE_URL"]).hostname or "localhost"
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
urllib.request.urlopen(request, timeout=4).close()  # noqa: S310 - the address is fixed above
