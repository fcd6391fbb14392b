"""The results as JSON, as `docs/results-json.md` describes them: keys are added, none changes."""

from __future__ import annotations

import json
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from judging.queries.results import Announced, Moved, TierShown, Winner
from judging.ranking.numbers import plain

FORMAT = 1
LICENSE = "https://creativecommons.org/licenses/by/4.0/"


def announced_json(results: Announced) -> bytes:
    """The same version gives the same bytes."""
    publication = results.publication
    competition = publication.competition
    visible = publication.visible_from
    data = {
        "format": FORMAT,
        "license": LICENSE,
        "source": _address("public-results", competition.slug),
        "competition": {
            "slug": competition.slug,
            "name": competition.name,
            "year": competition.year,
        },
        "version": publication.number,
        "visible_from": visible.isoformat() if visible else None,
        "decree": {
            "number": publication.decree_number,
            "date": publication.decree_on.isoformat(),
        },
        "inputs_sha256": publication.ranking.inputs_hash,
        "tiers": [_tier(tier) for tier in results.tiers],
        "reorderings": [_reordering(moved) for moved in results.reorderings],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _tier(tier: TierShown) -> dict[str, object]:
    return {
        "name": tier.name,
        "size": tier.size,
        "winners": [_winner(winner) for winner in tier.winners],
    }


def _winner(winner: Winner) -> dict[str, object]:
    return {
        "place": winner.place,
        "title": winner.title,
        "unit": winner.unit,
        "score": _number(winner.score),
        "certificate": winner.code,
        "certificate_url": _address("certificate", winner.code),
    }


def _reordering(moved: Moved) -> dict[str, object]:
    return {
        "name": moved.name,
        "law_place": moved.law_place,
        "place": moved.final_place,
        "reason": moved.reason,
    }


def _number(value: Decimal) -> str:
    """As text: no reader's floats round a score."""
    return plain(value)


def _address(name: str, *args: object) -> str:
    return settings.SITE_URL + reverse(f"judging:{name}", args=args)
