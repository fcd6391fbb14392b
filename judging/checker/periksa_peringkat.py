"""Memeriksa bukti peringkat tanpa portal: setiap angka dihitung ulang dari nilai para juri.

    python3 periksa_peringkat.py bukti.zip [bukti-tahap-sebelumnya.zip ...] [--sidik-jari SHA256]

Cukup Python 3.9 ke atas; tidak ada yang perlu dipasang. Yang diperiksa: berkas utuh, sidik jari
masukan, aturan peringkat, lalu nilai, peringkat, tempat, seri, dan garis batas setiap peserta.
Perubahan urutan oleh sidang pleno diterapkan sesudah aturan dan ditampilkan dengan alasannya.
Hasil 0: cocok semua. Hasil 1: ada yang tidak cocok, disebut satu per satu. Hasil 2: tak terbaca.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import re
import sys
import zipfile
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any, Optional

FORMAT = 2
MAX_BYTES = 400_000_000
PARTS, MANIFEST = ("inputs", "standings", "reorderings"), "MANIFEST.sha256"
NAMES = ("run.json", *(f"{part}.json" for part in PARTS))
NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,30})?", re.ASCII)
LAW_KEYS = {
    "weights", "scale_min", "scale_max", "method", "trim", "cap", "cap_rounds", "correction",
    "step", "min_readings", "style", "tie_margin", "tie_breaks", "at_line", "advance", "tiers",
    "spread_by", "spread", "stage", "stage_weights",
}  # fmt: skip
LAW_NUMBERS = ("scale_min", "scale_max", "step", "tie_margin")
CHOICES: dict[str, set[Any]] = {
    "method": {"mean", "median", "trimmed", "capped"},
    "style": {"standard", "dense"},
    "at_line": {"keep", "leave"},
    "cap_rounds": {False, True},
    "correction": {"none", "additive"},
    "spread_by": {"", "agency", "unit", "category", "track"},
}
FIELDS = {
    "rank": "peringkat", "place": "tempat", "law_place": "tempat menurut aturan",
    "stage_score": "nilai tahap", "score": "nilai akhir", "totals": "nilai tiap juri",
    "advances": "lolos", "tiers": "jenjang", "tie": "pemutus seri",
    "decision": "keputusan di garis batas", "unranked": "alasan tanpa peringkat",
}  # fmt: skip
NUMBERS = {"stage_score", "score"}
UNRANKED: dict[str, Any] = {
    "rank": None, "place": None, "law_place": None, "advances": False, "tiers": [], "tie": "",
    "decision": "unranked",
}  # fmt: skip
BROKEN = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)

Files = dict[str, bytes]
Plain = dict[str, Any]
Line = dict[str, Any]
TieValues = tuple[Optional[Fraction], ...]
Seat = Optional[tuple[int, int]]
Blocks = list[list[str]]
MaybeBlocks = Optional[Blocks]
ZERO = Fraction(0)


class Unreadable(ValueError):
    """Paket tidak dapat dibaca."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Memeriksa bukti peringkat.")
    parser.add_argument("paket", nargs="+", help="berkas ZIP, atau folder hasil ekstraknya")
    parser.add_argument("--sidik-jari", help="sidik jari masukan yang tertulis di berita acara")
    given = parser.parse_args(arguments)
    try:
        bundles = [read_bundle(Path(name)) for name in given.paket]
        problems = [problem for files in bundles for problem in check_bundle(files)]
        problems += check_chain(bundles)
    except BROKEN as error:
        reason = error if isinstance(error, Unreadable) else f"susunan paket rusak ({error!r})."
        print(f"TIDAK TERBACA: {reason}")
        return 2
    if given.sidik_jari and given.sidik_jari.strip().lower() != _sha256(bundles[0]["inputs.json"]):
        problems.append("inputs.json tidak bersidik jari yang Anda berikan (--sidik-jari).")
    for files in bundles:
        print("\n".join([describe(files), *describe_moves(files)]))
    for problem in problems:
        print(f"TIDAK COCOK: {problem}")
    print(f"{len(problems)} hal tidak cocok." if problems else "COCOK: semua dihitung ulang sama.")
    return 1 if problems else 0


def describe(files: Files) -> str:
    run, digest = _json(files, "run.json"), _sha256(files["inputs.json"])
    return f"{run['competition']} / {run['stage']}, versi {run['version']}: {digest}"


def describe_moves(files: Files) -> list[str]:
    """Apa yang dipindahkan sidang pleno, supaya tidak ada yang terlewat dibaca."""
    moves = _json(files, "reorderings.json")
    if not moves:
        return []
    lines = {line["key"]: line for line in _json(files, "standings.json")}
    return [f"  PLENO: sidik jari perubahan urutan {_sha256(files['reorderings.json'])}"] + [
        f"  PLENO {number}: {move['key']} dipindahkan ke tempat {move['place']} (menurut aturan "
        f"{lines[move['key']]['law_place']}). Alasan: {' '.join(move['reason'].split())}"
        for number, move in enumerate(moves, start=1)
    ]


def read_bundle(path: Path) -> Files:
    try:
        files = _read(path)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise Unreadable(f"{path} bukan paket bukti ({error}).") from error
    missing = [name for name in (*NAMES, MANIFEST) if name not in files]
    if missing:
        raise Unreadable(f"{path} tidak memuat {', '.join(missing)}.")
    return files


def _read(path: Path) -> Files:
    if path.is_dir():
        return {each.name: each.read_bytes() for each in path.iterdir() if each.is_file()}
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > MAX_BYTES:
            raise Unreadable(f"{path} terlalu besar.")
        if len({part.filename for part in parts}) != len(parts):
            raise Unreadable(f"{path} memuat dua berkas dengan nama yang sama.")
        return {part.filename: archive.read(part) for part in parts}


def check_bundle(files: Files) -> list[str]:
    """Satu kalimat untuk setiap hal yang tidak cocok."""
    run, inputs = _json(files, "run.json"), _json(files, "inputs.json")
    if run["format"] != FORMAT:
        raise Unreadable("run.json bukan dari format yang dikenal pemeriksa ini.")
    problems = check_manifest(files)
    for part in PARTS:
        name = f"{part}.json"
        if _sha256(files[name]) != run.get(f"{part}_sha256"):
            problems.append(f"{name} tidak bersidik jari yang tertulis di run.json.")
        if canonical(_json(files, name)) != files[name]:
            problems.append(f"{name} tidak ditulis dalam bentuk baku.")
    law, entries = read_law(inputs), inputs["entries"]
    cards = [problem for entry in entries for problem in check_entry(law, entry)]
    if cards:
        return problems + cards
    lines, broken = reorder(law, rank(law, entries), _json(files, "reorderings.json"))
    return problems + broken + compare(lines, _json(files, "standings.json"))


def check_manifest(files: Files) -> list[str]:
    rows = files[MANIFEST].decode("utf-8", "replace").splitlines()
    stated = {name: digest for digest, _space, name in (row.partition("  ") for row in rows)}
    names = (set(files) | set(stated)) - {MANIFEST}
    return [
        f"{name} tidak cocok dengan {MANIFEST}: diubah, ditambah, atau hilang."
        for name in sorted(names)
        if name not in files or _sha256(files[name]) != stated.get(name)
    ]


def check_chain(bundles: list[Files]) -> list[str]:
    """Nilai tahap sebelumnya berasal dari paket tahap itu, bila paketnya ikut diberikan."""
    scores = {}
    for files in bundles:
        law = _json(files, "inputs.json")["law"]
        lines = _json(files, "standings.json")
        scores[law["stage"]] = {line["key"]: line["stage_score"] for line in lines}
    return [
        f"{entry['key']}: nilai tahap {stage} adalah {value}, tetapi paket tahap itu menulis "
        f"{scores[stage].get(entry['key'])}."
        for files in bundles
        for entry in _json(files, "inputs.json")["entries"]
        for stage, value in sorted(entry["earlier"].items())
        if stage in scores and scores[stage].get(entry["key"]) != value
    ]


def read_law(inputs: Plain) -> Plain:
    """Aturan dengan angka pecahan; aturan yang tidak dikenal ditolak, tidak ditebak."""
    law = inputs["law"]
    if inputs["version"] != 2 or set(law) != LAW_KEYS:
        raise Unreadable("aturan peringkat memuat bagian yang tidak dikenal, atau kurang lengkap.")
    for key, known in CHOICES.items():
        if law[key] not in known:
            raise Unreadable(f"aturan {key} = {law[key]} tidak dikenal.")
    if law["correction"] != "none" and law["method"] != "mean":
        raise Unreadable("koreksi hanya dikenal untuk rata-rata.")
    read = {**law, **{key: number(law[key]) for key in LAW_NUMBERS}}
    read["cap"] = number(law["cap"]) if law["method"] == "capped" else None
    for key in ("weights", "stage_weights"):
        read[key] = {code: number(value) for code, value in sorted(law[key].items())}
        if law[key] and sum(read[key].values()) != 100:
            raise Unreadable(f"bobot ({key}) tidak berjumlah 100.")
    return read


def check_entry(law: Plain, entry: Plain) -> list[str]:
    key, problems = entry.get("key"), []
    for judge, card in sorted(entry["scorecards"].items()):
        if len(card) != len(law["weights"]):
            problems.append(f"{key}: lembar {judge} tidak sesuai dengan kriteria.")
            continue
        for code, value in zip(law["weights"], card):
            if not law["scale_min"] <= number(value) <= law["scale_max"]:
                problems.append(f"{key}: nilai {value} ({judge}, {code}) di luar skala.")
    return problems


def rank(law: Plain, entries: list[Plain]) -> list[Line]:
    """Seluruh daftar: yang berperingkat menurut tempat, lalu yang tidak."""
    severity = severities(law, entries) if law["correction"] == "additive" else {}
    scored = [score(law, entry, severity) for entry in entries]
    scored.sort(key=lambda line: str(line["key"]))
    ranked = sorted((line for line in scored if not line["unranked"]), key=lambda x: -x["score"])
    lines: list[Line] = []
    for count, group in enumerate(tied_groups(law, ranked), start=1):
        first = len(lines) + 1
        shared = count if law["style"] == "dense" else first
        lines.extend(place_group(law, group, shared=shared, first=first))
    lines = decide_all(law, lines)
    return lines + [{**line, **UNRANKED} for line in scored if line["unranked"]]


def score(law: Plain, entry: Plain, severity: dict[str, Fraction]) -> Line:
    cards = [
        dict(zip(law["weights"], map(number, card)))
        for _judge, card in sorted(entry["scorecards"].items())
    ]
    by_judge = totals_of(law, entry)
    totals = list(by_judge.values())
    value = combine(law, sorted(totals)) if len(totals) >= law["min_readings"] else None
    if severity and value is not None:
        value = max(mean([total - severity[judge] for judge, total in by_judge.items()]), ZERO)
    stage_score = None if value is None else half_up(value, law["step"])
    earlier = {stage: number(value) for stage, value in entry["earlier"].items()}
    unranked = why_unranked(law, readings=len(totals), earlier=earlier)
    vote = None if entry["panel_vote"] is None else number(entry["panel_vote"])
    return {
        "key": entry["key"],
        "group": group_of(law, entry),
        "totals": by_judge,
        "stage_score": stage_score,
        "score": None if unranked else cumulate(law, stage_score, earlier),
        "unranked": unranked,
        "chain": tuple(
            tie_value(law, link, cards=cards, totals=totals, earlier=earlier, vote=vote)
            for link in law["tie_breaks"]
        ),
    }


def totals_of(law: Plain, entry: Plain) -> dict[str, Fraction]:
    weights = law["weights"].values()
    return {
        judge: sum((number(value) * weight for value, weight in zip(card, weights)), ZERO) / 100
        for judge, card in sorted(entry["scorecards"].items())
    }


def group_of(law: Plain, entry: Plain) -> Any:
    if law["spread"] is not None and not entry["group"]:
        raise Unreadable(f"{entry['key']} tidak punya kelompok, padahal ada aturan sebaran.")
    return entry["group"]


def severities(law: Plain, entries: list[Plain]) -> dict[str, Fraction]:
    """Ketat atau longgarnya tiap juri; kosong bila tidak aman untuk dikoreksi."""
    read = [totals for totals in (totals_of(law, entry) for entry in entries) if totals]
    judges = sorted({judge for totals in read for judge in totals})
    left = sum(map(len, read)) - len(read) - len(judges) + 1
    if not judges or left < 1 or not connected(read, judges):
        return {}
    inverse, right = normal_equations(read, judges)
    raw = [sum((a * b for a, b in zip(row, right)), ZERO) for row in inverse]
    found = {judge: value - mean(raw) for judge, value in zip(judges, raw)}
    rest = ZERO
    for totals in read:
        cleared = [total - found[judge] for judge, total in totals.items()]
        rest += sum(((value - mean(cleared)) ** 2 for value in cleared), ZERO)
    sums, size = [sum(row, ZERO) for row in inverse], len(judges)
    centre = sum(sums, ZERO) / size**2
    spread = max(inverse[i][i] - 2 * sums[i] / size + centre for i in range(size))
    limit = ((law["scale_max"] - law["scale_min"]) / 20) ** 2
    fewest = min(sum(judge in totals for totals in read) for judge in judges)
    return found if fewest >= 8 and spread * rest / left <= limit else {}


def connected(read: list[dict[str, Fraction]], judges: list[str]) -> bool:
    reached, waiting = {judges[0]}, [judges[0]]
    while waiting:
        judge = waiting.pop()
        new = {each for totals in read if judge in totals for each in totals} - reached
        reached |= new
        waiting += new
    return len(reached) == len(judges)


def normal_equations(
    read: list[dict[str, Fraction]], judges: list[str]
) -> tuple[list[list[Fraction]], list[Fraction]]:
    """Kebalikan matriks juri, dengan juri terakhir dipatok nol, dan sisi kanannya."""
    seats = {judge: seat for seat, judge in enumerate(judges)}
    size = len(judges)
    left, right = [[ZERO] * size for _ in judges], [ZERO] * size
    for totals in read:
        average = mean(list(totals.values()))
        for judge, total in totals.items():
            left[seats[judge]][seats[judge]] += 1
            right[seats[judge]] += total - average
            for other in totals:
                left[seats[judge]][seats[other]] -= Fraction(1, len(totals))
    rows = [row[:-1] + [Fraction(i == j) for j in range(size - 1)] for i, row in enumerate(left)]
    rows = rows[:-1]
    for i in range(size - 1):
        rows[i] = [cell / rows[i][i] for cell in rows[i]]
        for j in range(size - 1):
            if i != j:
                rows[j] = [cell - rows[j][i] * lead for cell, lead in zip(rows[j], rows[i])]
    return [*([*row[size - 1 :], ZERO] for row in rows), [ZERO] * size], right


def combine(law: Plain, totals: list[Fraction]) -> Fraction:
    """Nilai tahap sebelum dibulatkan, menurut cara yang ditetapkan."""
    if law["method"] == "median":
        return median(totals)
    if law["method"] == "trimmed":
        return mean(totals[law["trim"] : len(totals) - law["trim"]])
    if law["method"] == "capped":
        centre = half_up(mean(totals), law["step"]) if law["cap_rounds"] else mean(totals)
        low, high = centre - law["cap"], centre + law["cap"]
        return mean([min(max(total, low), high) for total in totals])
    return mean(totals)


def why_unranked(law: Plain, *, readings: int, earlier: dict[str, Fraction]) -> str:
    if readings == 0:
        return "no_reading"
    if readings < law["min_readings"]:
        return "too_few_readings"
    counted = [stage for stage, weight in law["stage_weights"].items() if weight]
    if any(stage != law["stage"] and stage not in earlier for stage in counted):
        return "stage_missing"
    return ""


def cumulate(law: Plain, stage_score: Any, earlier: dict[str, Fraction]) -> Any:
    if not law["stage_weights"]:
        return stage_score
    scores = {**earlier, law["stage"]: stage_score}
    shares = [scores[stage] * weight for stage, weight in law["stage_weights"].items() if weight]
    return half_up(sum(shares, Fraction(0)) / 100, law["step"])


def tie_value(
    law: Plain,
    link: str,
    *,
    cards: list[dict[str, Fraction]],
    totals: list[Fraction],
    earlier: dict[str, Fraction],
    vote: Fraction | None,
) -> Fraction | None:
    """Angka yang dibandingkan oleh satu pemutus seri."""
    kind, _colon, code = link.partition(":")
    if link == "panel":
        return vote
    if kind == "stage":
        return earlier.get(code)
    if link != "median" and (kind != "criterion" or code not in law["weights"]):
        raise Unreadable(f"pemutus seri {link} tidak dikenal.")
    if not cards:
        return None
    value = median(sorted(totals)) if link == "median" else mean([card[code] for card in cards])
    return half_up(value, law["step"])


def tied_groups(law: Plain, ranked: list[Line]) -> list[list[Line]]:
    """Nilai sama, atau lebih dekat dari selisih seri terhadap baris di atasnya."""
    groups: list[list[Line]] = []
    for line in ranked:
        gap = groups[-1][-1]["score"] - line["score"] if groups else None
        if gap is not None and (gap == 0 or gap < law["tie_margin"]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def place_group(law: Plain, group: list[Line], *, shared: int, first: int) -> list[Line]:
    """Tempat dalam satu seri: satu ditambah banyaknya baris yang lebih unggul."""
    ordered = sorted(group, key=lambda line: strength(line["chain"]), reverse=True)
    sharing = Counter(line["chain"] for line in group)
    place, settled = first, []
    for offset, line in enumerate(ordered):
        if offset and line["chain"] != ordered[offset - 1]["chain"]:
            place = first + offset
        end = place + sharing[line["chain"]] - 1
        tie = tie_of(law, line["chain"], group) if len(group) > 1 else ""
        told = {"rank": shared, "place": place, "end": end, "law_place": None, "tie": tie}
        settled.append({**line, **told})
    return settled


def decide_all(law: Plain, lines: list[Line]) -> list[Line]:
    """Siapa di dalam tiap garis batas; aturan sebaran melewati yang sudah penuh kelompoknya."""
    seats = take_seats(law, lines)
    shared: dict[int, tuple[int, int]] = {}
    for line, seat in zip(lines, seats):
        if seat:
            shared[line["rank"]] = (shared.get(line["rank"], seat)[0], seat[1])
    return [
        {
            **line,
            "advances": inside(law, seat, law["advance"]),
            "tiers": [each["name"] for each in law["tiers"] if inside(law, seat, each["size"])],
            "decision": decide(law, line, seat, shared.get(line["rank"])),
        }
        for line, seat in zip(lines, seats)
    ]


def take_seats(law: Plain, lines: list[Line]) -> list[Seat]:
    if law["spread"] is None:
        return [(line["place"], line["end"]) for line in lines]
    taken: Counter[str] = Counter()
    seats: list[Seat] = []
    for place in sorted({line["place"] for line in lines}):
        groups = [line["group"] for line in lines if line["place"] == place]
        room = {group: law["spread"] - taken[group] for group in groups}
        keeps = law["at_line"] == "keep"
        let = {g for g in groups if groups.count(g) <= room[g] or (keeps and room[g] > 0)}
        before = sum(taken.values())
        taken.update(group for group in groups if group in let)
        seat = (before + 1, sum(taken.values()))
        seats += [seat if group in let else None for group in groups]
    return seats


def reorder(law: Plain, lines: list[Line], moves: list[Plain]) -> tuple[list[Line], list[str]]:
    """Sidang pleno: tiap langkah mencabut satu peserta dan menaruhnya di satu tempat."""
    if not moves:
        return lines, []
    by_key = {line["key"]: line for line in lines if not line["unranked"]}
    blocks: Blocks = []
    for key, line in by_key.items():
        if blocks and by_key[blocks[-1][0]]["place"] == line["place"]:
            blocks[-1].append(key)
        else:
            blocks.append([key])
    problems = []
    for number, move in enumerate(moves, start=1):
        found = moved(blocks, move)
        if found is None or found == blocks or not move["reason"].strip():
            problems.append(f"langkah pleno {number} ({move['key']}) tanpa alasan atau tanpa arti.")
        blocks = found or blocks
    settled = resettle(law, by_key, blocks, {move["key"] for move in moves})
    return settled + [line for line in lines if line["unranked"]], problems


def moved(blocks: Blocks, move: Plain) -> MaybeBlocks:
    """Yang berbagi tempat tetap bersama; tidak ada hasil bila langkahnya tidak dapat dilakukan."""
    if set(move) != {"key", "place", "reason"} or type(move["place"]) is not int:
        raise Unreadable("reorderings.json memuat langkah yang tidak dikenal.")
    rest = [[key for key in block if key != move["key"]] for block in blocks]
    rest = [block for block in rest if block]
    starts = [sum(map(len, rest[:index])) + 1 for index in range(len(rest) + 1)]
    if not any(move["key"] in block for block in blocks) or move["place"] not in starts:
        return None
    rest.insert(starts.index(move["place"]), [move["key"]])
    return rest


def resettle(law: Plain, by_key: dict[str, Line], blocks: Blocks, touched: set[str]) -> list[Line]:
    """Tempat baru, lalu garis batas dan jenjang di atas tempat baru itu."""
    lines: list[Line] = []
    for block in blocks:
        start = len(lines) + 1
        own = {"place": start, "end": start + len(block) - 1}
        lines += [{**by_key[k], **own, "law_place": by_key[k]["place"]} for k in block]
    settled = []
    for line, seat in zip(lines, take_seats(law, lines)):
        cuts: Line = {
            "advances": inside(law, seat, law["advance"]),
            "tiers": [each["name"] for each in law["tiers"] if inside(law, seat, each["size"])],
        }
        if line["key"] in touched or any(line[name] != value for name, value in cuts.items()):
            cuts["decision"] = "plenary"
        settled.append({**line, **cuts})
    return settled


def strength(chain: TieValues) -> tuple[tuple[bool, Fraction], ...]:
    """Yang lebih tinggi menang; yang tidak punya angka kalah dari angka apa pun."""
    return tuple((value is not None, value or Fraction(0)) for value in chain)


def tie_of(law: Plain, chain: TieValues, group: list[Line]) -> str:
    for depth, link in enumerate(law["tie_breaks"], start=1):
        if Counter(line["chain"][:depth] for line in group)[chain[:depth]] == 1:
            return str(link)
    return "unbroken"


def inside(law: Plain, seat: Seat, size: int | None) -> bool:
    if seat is None or size is None:
        return False
    return (seat[0] if law["at_line"] == "keep" else seat[1]) <= size


def decide(law: Plain, line: Line, seat: Seat, shared: Seat) -> str:
    cut, own = law["advance"], (line["place"], line["end"])
    if cut is None:
        return "no_cut"
    if seat is None or shared is None:
        return "passed" if inside(law, own, cut) else "clear"
    if seat[0] <= cut < seat[1]:
        return "kept" if law["at_line"] == "keep" else "left"
    if inside(law, seat, cut) and not inside(law, own, cut):
        return "entered"
    return "tie_break" if shared[0] <= cut < shared[1] else "clear"


def compare(computed: list[Line], stated: list[Plain]) -> list[str]:
    keys, said = [line["key"] for line in computed], [line["key"] for line in stated]
    problems = [f"{key} tidak ada dalam daftar peringkat." for key in keys if key not in said]
    problems += [f"{key} terdaftar, tetapi tidak dinilai." for key in said if key not in keys]
    if not problems and keys != said:
        problems.append("urutan daftar peringkat lain dari hitungan ulang.")
    lines = {line["key"]: line for line in stated}
    for line in computed:
        for field, label in FIELDS.items() if line["key"] in lines else ():
            says = lines[line["key"]][field]
            if not same(line[field], says, field=field):
                problems.append(
                    f"{line['key']}: {label} tertulis {says}, hitungan ulang {shown(line[field])}."
                )
    return problems


def same(value: Any, says: Any, *, field: str) -> bool:
    if field == "totals":
        return {key: number(text) for key, text in dict(says or {}).items()} == dict(value)
    if field in NUMBERS and value is not None and says is not None:
        return bool(number(says) == value)
    return bool(value == says and type(value) is type(says))


def shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {shown(each)}" for key, each in value.items())
    return f"{float(value):.4f}" if isinstance(value, Fraction) else str(value)


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def median(ordered: list[Fraction]) -> Fraction:
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1 : middle + 1])


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """Kelipatan terdekat; tepat di tengah dibulatkan ke atas."""
    return math.floor(value / step + Fraction(1, 2)) * step


def number(text: Any) -> Fraction:
    if not isinstance(text, str) or not NUMBER.fullmatch(text):
        raise Unreadable(f"{text!r} bukan angka.")
    return Fraction(text)


def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(files: Files, name: str) -> Any:
    return json.loads(files[name].decode("utf-8"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
