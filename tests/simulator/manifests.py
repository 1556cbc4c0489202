"""Small manifests for tests: areas, precincts, contests and styles by a few numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from egcore.records.manifest import (
    Area,
    Contest,
    Guardians,
    Label,
    Manifest,
    NoLog,
    Option,
    Precinct,
    Registrars,
    Rule,
    Style,
    manifest_faults,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def label(text: str) -> Label:
    return Label(kk=f"{text} kk", ru=f"{text} ru", en=f"{text} en")


def contest(
    name: str,
    candidates: int = 2,
    *,
    option_limit: int = 1,
    contest_limit: int = 1,
    data_blocks: int = 0,
    area_kind: str = "region",
    threshold_base: Literal["cast", "valid"] = "cast",
) -> Contest:
    """A contest of some candidates, then `against`, then `blank`."""
    roles = [(f"c{number}", "candidate") for number in range(1, candidates + 1)]
    roles += [("against", "against_all"), ("blank", "blank")]
    return Contest(
        id=name,
        label=label(name),
        area_kind=area_kind,
        option_limit=option_limit,
        contest_limit=contest_limit,
        data_blocks=data_blocks,
        options=tuple(
            Option(id=option, label=label(option), role=role)  # type: ignore[arg-type]
            for option, role in roles
        ),
        rule=Rule(threshold_base=threshold_base, percent_base="valid"),
    )


def manifest(
    registrar_keys: Sequence[bytes],
    *,
    contests: Sequence[Contest] = (),
    styles: dict[str, tuple[str, ...]] | None = None,
    precincts: Sequence[tuple[str, str, tuple[str, ...]]] = (("p-1", "a-1", ("s-1",)),),
    need: int = 2,
    n: int = 3,
    k: int = 2,
    floor: int = 1,
    rehearsal: bool = True,
    undecided: Literal["cast", "void"] = "cast",
) -> Manifest:
    """A manifest that keeps all rules. precincts: (id, region, styles) each."""
    chosen = tuple(contests) or (contest("one"),)
    by_style = styles or {"s-1": tuple(c.id for c in chosen)}
    regions = list(dict.fromkeys(region for _, region, _ in precincts))
    made = Manifest(
        format="dalel/manifest/1",
        election="test-election",
        title=label("title"),
        date="2022-11-20",
        rehearsal=rehearsal,
        guardians=Guardians(n=n, k=k),
        areas=tuple(Area(id=region, kind="region", label=label(region)) for region in regions),
        precincts=tuple(
            Precinct(
                id=precinct,
                areas=(region,),
                label=label(precinct),
                opens="2022-11-20T07:00+05:00",
                closes="2022-11-20T20:00+05:00",
                styles=used,
            )
            for precinct, region, used in precincts
        ),
        contests=chosen,
        styles=tuple(Style(id=style, contests=ids) for style, ids in by_style.items()),
        floor=floor,
        undecided=undecided,
        chaining="simple",
        device_string="dalel/1 <precinct> <device>",
        registrars=Registrars(need=need, keys=tuple(registrar_keys)),
        board=NoLog(),
    )
    faults = manifest_faults(made)
    assert not faults, faults
    return made
