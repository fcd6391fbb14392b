"""Two web nodes and two workers that share PostgreSQL, Valkey and a bucket, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.buckets import KEYS, S3Server
from tests.chaos.faults import FAULTS, NODES_LIST
from tests.chaos.ground import Ground
from tests.chaos.schedule import Act, schedule
from tests.chaos.verdict import Finding

NODES, ROUNDS = 2, 3


def share_bucket(ground: Ground, service: S3Server, *, name: str) -> None:
    ground.extra |= {
        "S3_BUCKET": name,
        "S3_ENDPOINT_URL": service.address,
        "S3_REGION": KEYS["region_name"],
        "S3_ACCESS_KEY": KEYS["access_key"],
        "S3_SECRET_KEY": KEYS["secret_key"],
    }


def add_nodes(ground: Ground) -> None:
    """Each with a disk of its own."""
    for number in range(NODES):
        ground.add_web(**own_disk(ground, f"web{number}"))
        ground.add_worker(**own_disk(ground, f"worker{number}"))
    ground.add_beat()


def own_disk(ground: Ground, name: str) -> dict[str, str]:
    folder = ground.home / "nodes" / name
    for part in ("media", "tmp"):
        (folder / part).mkdir(parents=True)
    return {"MEDIA_ROOT": str(folder / "media"), "TMPDIR": str(folder / "tmp")}


def losses(seed: int) -> list[Act]:
    """Nodes go and come back, again and again."""
    parts = {name: FAULTS[name].part for name in NODES_LIST}
    seeds = range(seed * ROUNDS, (seed + 1) * ROUNDS)
    return [act for each in seeds for act in schedule(each, parts, jumps=())]


def nothing_is_kept_on_nodes(home: Path) -> Finding:
    nodes = home / "nodes"
    kept = [str(path.relative_to(nodes)) for path in nodes.glob("*/media/**/*") if path.is_file()]
    return Finding("nodes keep nothing on their disks", not kept, f"{len(kept)} files {kept[:3]}")
