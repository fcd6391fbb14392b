from __future__ import annotations

import pytest

from tests.editions.test_checking import MINIMAL, problems_of


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('slug = "kipp-2026"', "", "competition.slug: is missing"),
        (
            'slug = "kipp-2026"',
            'slug = "kipp 2026"',
            "competition.slug: has at most 60 letters, digits, - and _",
        ),
        ('name = "KIPP 2026"', 'name = ""', "competition.name: is empty"),
        (
            'name = "KIPP 2026"',
            f'name = "{"x" * 201}"',
            "competition.name: is longer than 200 characters",
        ),
        (
            'name = "KIPP 2026"',
            'name = """a\nb"""',
            "competition.name: is one line, without a line break",
        ),
        (
            'name = "KIPP 2026"',
            'name = "a\\u0000b"',
            "competition.name: holds a control character",
        ),
        ('name = "KIPP 2026"', "name = 7", "competition.name: is a text in quotes"),
        (
            "year = 2026",
            'year = "2026"',
            "competition.year: is a whole number from 2000 to 2100",
        ),
        ("year = 2026", "year = true", "competition.year: is a whole number from 2000 to 2100"),
        ("year = 2026", "year = 26", "competition.year: is a whole number from 2000 to 2100"),
        (
            "year = 2026",
            'year = 2026\ntime_zone = "Asia/Tokyo"',
            (
                "competition.time_zone: is one of: "
                "Asia/Jakarta, Asia/Pontianak, Asia/Makassar, Asia/Jayapura"
            ),
        ),
        (
            "year = 2026",
            'year = 2026\ncontact_email = "nobody"',
            "competition.contact_email: is no e-mail address",
        ),
        (
            "year = 2026",
            f'year = 2026\nsummary = "{"x" * 100_001}"',
            "competition.summary: is longer than 100000 characters",
        ),
        (
            "year = 2026",
            "year = 2026\nthem = 'x'",
            "competition.them: is not known here; is theme meant?",
        ),
        ("year = 2026", "year = 2026\nxyz = 1", "competition.xyz: is not known here"),
        ('key = "umum"', 'key = "Umum"', "tracks[Umum].key: KEY"),
        (
            "word_limit = 200",
            "word_limit = 0",
            "tracks[umum].sections[ringkasan].word_limit: is a whole number from 1 to 100000",
        ),
        (
            "word_limit = 200",
            "word_limit = 200\nweight = 101",
            "tracks[umum].sections[ringkasan].weight: is a number from 0 to 100",
        ),
        (
            "word_limit = 200",
            "word_limit = 200\nweight = nan",
            "tracks[umum].sections[ringkasan].weight: is a number from 0 to 100",
        ),
        (
            "word_limit = 200",
            "word_limit = 200\nweight = 12.345",
            "tracks[umum].sections[ringkasan].weight: has at most 2 decimal places",
        ),
        (
            "word_limit = 200",
            "word_limit = 200\nweight = 40",
            (
                "tracks[umum].sections: has weights that add up to 40; "
                "they add up to 100, or all are 0"
            ),
        ),
        (
            "word_limit = 200",
            "word_limit = 200\nis_required = 1",
            "tracks[umum].sections[ringkasan].is_required: is true or false",
        ),
        (
            "[[rounds]]",
            '[[tracks.sections]]\nkey = "ringkasan"\nlabel = "R"\nword_limit = 9\n[[rounds]]',
            "tracks[umum].sections[ringkasan]: stands in the list twice",
        ),
        (
            "[[rounds]]",
            '[[tracks.rules]]\nkind = "quota"\narticle = "1"\n[[rounds]]',
            "tracks[umum].rules[quota].limit: is missing",
        ),
        (
            "[[rounds]]",
            '[[tracks.rules]]\nkind = "no_earlier_tier"\narticle = "1"\n[[rounds]]',
            "tracks[umum].rules[no_earlier_tier].tiers: is missing",
        ),
        (
            "[[rounds]]",
            (
                '[[tracks.rules]]\nkind = "no_earlier_tier"\narticle = "1"\n'
                'tiers = ["A", "A"]\n[[rounds]]'
            ),
            "tracks[umum].rules[no_earlier_tier].tiers: names something twice",
        ),
        (
            "[[rounds]]",
            '[[tracks.rules]]\nkind = "luck"\narticle = "1"\n[[rounds]]',
            (
                "tracks[umum].rules[luck].kind: is one of: "
                "min_age, no_earlier_tier, earlier_tier, tier_limit, quota, unit_quota, "
                "sections, letters, unique_title, video"
            ),
        ),
        (
            "[[rounds]]",
            '[[tracks.rules]]\nkind = "letters"\narticle = "1"\nitems = ["surat"]\n[[rounds]]',
            "tracks[umum].rules[letters].items: names surat, which the track does not have",
        ),
        (
            "[[rounds]]",
            '[[tracks.rules]]\nkind = "video"\narticle = "1"\nseverity = "mild"\n[[rounds]]',
            "tracks[umum].rules[video].severity: is one of: refuses, warns",
        ),
        (
            "[[rounds]]",
            '[[tracks.rules]]\nkind = "tier_limit"\narticle = "1"\nlimit = 2\n[[rounds]]',
            "tracks[umum].rules[tier_limit].tiers: is missing",
        ),
        (
            'key = "umum"\nname = "Umum"',
            'key = "umum"\nname = "Umum"\nrules = [{kind = "video"}]',
            "tracks[umum].rules[video].article: is missing",
        ),
        (
            "[[tracks.sections]]",
            "[[tracks.slots]]",
            "tracks[umum].sections: has no section",
        ),
        (
            "advance_count = 10",
            'advance_count = 10\nreadings = "all"',
            "stages[desk].readings: is a whole number from 1 to 100",
        ),
        (
            'slug = "kipp-2026"',
            "slug = ['a']",
            "competition.slug: is a text in quotes",
        ),
        (
            'kind = "submission"',
            'kind = "party"',
            (
                "rounds[pengajuan].kind: is one of: workshop, submission, endorsement, screening, "
                "judging, objection, announcement"
            ),
        ),
        (
            'starts = "2026-02-01 08:00"',
            'starts = "1 Feb"',
            'rounds[pengajuan].starts: is a local time such as "2026-02-28 08:00"',
        ),
        (
            'starts = "2026-02-01 08:00"',
            "starts = 2026-02-01T08:00:00+07:00",
            'rounds[pengajuan].starts: is a local time such as "2026-02-28 08:00"',
        ),
        (
            'ends = "2026-02-28 24:00"',
            'ends = "2026-02-30 24:00"',
            "rounds[pengajuan].ends: is a day or an hour that does not exist",
        ),
        (
            'ends = "2026-02-28 24:00"',
            'ends = "2026-02-28 23:59"',
            "rounds[pengajuan].ends: is written 24:00 for the end of the day",
        ),
        (
            'ends = "2026-02-28 24:00"',
            'ends = "2026-01-31 24:00"',
            "rounds[pengajuan].ends: does not lie after the start",
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nworkshop = {seats = 10}',
            "rounds[penilaian].workshop: stands in a round of another kind",
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nworkshop = {seats = 0}',
            "rounds[penilaian].workshop.seats: is a whole number from 1 to 100000",
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nworkshop = {seats = 1, online_url = "javascript:x"}',
            "rounds[penilaian].workshop.online_url: is no web address",
        ),
        (
            'name = "Penilaian"',
            f'name = "Penilaian"\nworkshop={{seats=1, online_url="https://a.id/{"x" * 200}"}}',
            "rounds[penilaian].workshop.online_url: is longer than 200 characters",
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nreminders = [{audience = "judges", leads = ["soon"]}]',
            (
                "rounds[penilaian].reminders[judges].leads: "
                'holds a lead that is not like "10d", "3h" or "30m"'
            ),
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nreminders = [{audience = "judges", leads = ["1d", "24h"]}]',
            "rounds[penilaian].reminders[judges].leads: names something twice",
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nreminders = [{audience = "judges", leads = "1d"}]',
            'rounds[penilaian].reminders[judges].leads: is a list such as ["10d", "3h"]',
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nreminders = [{audience = "judges", leads = ["1d"], text = "A"}]',
            (
                "rounds[penilaian].reminders[judges].subject: "
                "Write subject and text, or leave both empty for the portal's own words."
            ),
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nreminders = "none"',
            "rounds[penilaian].reminders: is a list of tables",
        ),
        (
            'name = "Penilaian"',
            'name = "Penilaian"\nreminders = [1]',
            "rounds[penilaian].reminders[1]: is a table",
        ),
        (
            'round = "penilaian"',
            'round = "pengajuan"',
            "stages[desk].round: is no round of the kind judging",
        ),
        (
            "advance_count = 10",
            'advance_count = 10\nmethod = "trimmed"\nmethod_parameter = 1.5',
            "stages[desk].method_parameter: is a whole number for a trimmed mean",
        ),
        (
            "advance_count = 10",
            'advance_count = 10\nmethod = "trimmed"\nmethod_parameter = 1',
            "stages[desk]: Dropping the 1 highest and lowest needs at least 3 readings.",
        ),
        (
            "[[stages.criteria]]",
            '[[stages.panels]]\nkind = "field"\n[[stages.criteria]]',
            "stages[desk].panels[field]: stands in a stage of another kind",
        ),
        (
            "advance_count = 10",
            'advance_count = 10\ntie_break = ["criterion:luck"]',
            "stages[desk]: The tie-break criterion:luck is not known in this stage.",
        ),
        (
            "advance_count = 10",
            'advance_count = 10\ntie_break = "median"',
            "stages[desk].tie_break: is a list of texts",
        ),
        (
            "advance_count = 10",
            "advance_count = 10\nstage_weights = 7",
            "stages[desk].stage_weights: is a table of percentages",
        ),
        (
            "weight = 100",
            "weight = 90",
            "stages[desk]: The weights add up to 90; they must add up to 100.",
        ),
        (
            "weight = 100",
            'weight = 100\nsection_key = "lain"',
            "stages[desk].criteria[mutu].section_key: is no section of any track",
        ),
        (
            "[[tracks.sections]]",
            """[[tracks.rules]]
kind = "quota"
limit = 3
items = ["agency=5", "puskesmas=1", "agency=0"]
article = "Pasal 6"
[[tracks.sections]]""",
            "tracks[umum].rules[quota].items: holds agency=0, which is no level=number",
        ),
        (
            "[[tracks.sections]]",
            """[[tracks.slots]]
key = "foto"
label = "Foto"
kind = "image"
section_key = "lain"
[[tracks.sections]]""",
            "tracks[umum].slots[foto].section_key: is no section of this track",
        ),
        (
            "weight = 100",
            "weight = 100\nlevels = [{value = 9, label = 'b'}, {value = 1, label = 'a'}]",
            "stages[desk].criteria[mutu].levels: do not go from low to high",
        ),
        (
            "weight = 100",
            "weight = 100\nlevels = [{value = 101, label = 'b'}]",
            "stages[desk].criteria[mutu].levels: leave the scale of the stage",
        ),
    ],
)
def test_broken_edition_names_key_and_reason(old: str, new: str, problem: str) -> None:
    broken = MINIMAL.replace(old, new, 1)
    assert broken != MINIMAL

    expected = problem.replace("KEY", "has at most 40 small letters, digits, - and _")
    assert expected in problems_of(broken)
