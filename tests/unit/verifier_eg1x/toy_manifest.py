"""The manifest of the toy election, and the hashes of what is in it."""

from __future__ import annotations

from typing import Final

from tests.unit.verifier_eg1x.toy_notation import Hex, Json, h

CONTESTS: Final = (("pair", 0, "all", 2, 3), ("yesno", 1, "east", 1, 2))
STYLES: Final = {"style-all": ["all"], "style-east": ["all", "east"]}


def language(text: str) -> Json:
    return {"text": [{"value": text, "language": "en"}]}


def hash_of_text(text: Json) -> Hex:
    return Hex(h([Hex(h(entry["value"], entry["language"])) for entry in text["text"]]))


def make_manifest() -> Json:
    contests: list[Json] = [
        {
            "object_id": id_,
            "sequence_order": order,
            "electoral_district_id": district,
            "vote_variation": "n_of_m",
            "number_elected": seats,
            "votes_allowed": seats,
            "name": f"Contest {id_}",
            "ballot_selections": [
                {
                    "object_id": f"{id_}-{i}",
                    "sequence_order": i,
                    "candidate_id": f"{id_}-candidate-{i}",
                }
                for i in range(options)
            ],
            "ballot_title": language(f"Title {id_}"),
            "ballot_subtitle": None,
        }
        for id_, order, district, seats, options in CONTESTS
    ]
    candidates = [
        {
            "object_id": selection["candidate_id"],
            "name": language("somebody"),
            "party_id": None,
            "image_uri": None,
            "is_write_in": None,
        }
        for contest in contests
        for selection in contest["ballot_selections"]
    ]
    return {
        "election_scope_id": "toy",
        "spec_version": "1.0",
        "type": "general",
        "start_date": "2026-11-03T08:00:00+00:00",
        "end_date": "2026-11-03T20:00:00.5+02:00",
        "geopolitical_units": [
            {"object_id": id_, "name": id_, "type": "county", "contact_information": None}
            for id_ in ("all", "east")
        ],
        "parties": [
            {
                "object_id": "party",
                "name": language("Пар|тия"),
                "abbreviation": "P",
                "color": None,
                "logo_uri": None,
            }
        ],
        "candidates": candidates,
        "contests": contests,
        "ballot_styles": [
            {"object_id": id_, "geopolitical_unit_ids": units, "party_ids": None, "image_uri": None}
            for id_, units in STYLES.items()
        ],
        "name": language("Toy"),
        "contact_information": {
            "name": "Clerk",
            "address_line": ["1 Main St"],
            "email": [{"annotation": "office", "value": "clerk@example.org"}],
            "phone": None,
        },
    }


def hash_of_selection(selection: Json) -> Hex:
    order, candidate = selection["sequence_order"], selection["candidate_id"]
    return Hex(h(selection["object_id"], order, candidate))


def hash_of_contest(contest: Json) -> Hex:
    subtitle = contest["ballot_subtitle"]
    return Hex(
        h(
            contest["object_id"],
            contest["sequence_order"],
            contest["electoral_district_id"],
            contest["vote_variation"],
            hash_of_text(contest["ballot_title"]),
            None if subtitle is None else hash_of_text(subtitle),
            contest["name"],
            contest["number_elected"],
            contest["votes_allowed"],
            [hash_of_selection(selection) for selection in contest["ballot_selections"]],
        )
    )


def hash_of_manifest(manifest: Json) -> Hex:
    contact = manifest["contact_information"]
    emails = [Hex(h(entry["annotation"], entry["value"])) for entry in contact["email"]]
    units = [
        Hex(h(u["object_id"], u["name"], u["type"], None)) for u in manifest["geopolitical_units"]
    ]
    parties = [
        Hex(h(p["object_id"], hash_of_text(p["name"]), p["abbreviation"], p["color"], None))
        for p in manifest["parties"]
    ]
    styles = [
        Hex(h(s["object_id"], s["geopolitical_unit_ids"], None, None))
        for s in manifest["ballot_styles"]
    ]
    return Hex(
        h(
            manifest["election_scope_id"],
            manifest["type"],
            "2026-11-03T08:00:00Z",
            "2026-11-03T18:00:00Z",
            hash_of_text(manifest["name"]),
            Hex(h(contact["name"], contact["address_line"], emails, None)),
            units,
            parties,
            [hash_of_contest(contest) for contest in manifest["contests"]],
            styles,
        )
    )
