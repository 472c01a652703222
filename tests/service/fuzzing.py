"""Requests made of the service's own description, good and bad ones, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.engine import events, from_schema
from service.shop import TOKENS, cursor, who
from store.samples import MIDNIGHT

from station.model import QueueRow, ServiceClass
from station.store.service.callers import ROLES
from station.store.service.cursor import FORMAT

if TYPE_CHECKING:
    from collections.abc import Collection

    from fastapi import FastAPI

_MOMENTS = [datetime(year, 2, 28, 23, 59, 59, tzinfo=UTC) for year in (1970, 2000, 2999)]
_MOMENTS.append(MIDNIGHT)  # by the store's clock this is today
_ROWS = [
    QueueRow(order_id, when, ServiceClass.PRIME, when, 0, 0, "")
    for when in _MOMENTS
    for order_id in ("0", "111-5", "é漢😀")
]
# Few values, drawn fast: what else a time and a place may be is tried by hand.
schemathesis.openapi.format("date-time", st.sampled_from([m.isoformat() for m in _MOMENTS]))
schemathesis.openapi.format(FORMAT, st.sampled_from([cursor(row) for row in _ROWS]))


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Leave out what stands in a pair: Schemathesis 4.32 cannot check it in an answer."""
    del context
    for schema in raw_schema["components"]["schemas"].values():
        for part in schema.get("properties", {}).values():
            part.get("items", {}).pop("prefixItems", None)


@dataclass
class Report:
    """What a run did, and what it found."""

    requests: Counter[str] = field(default_factory=Counter)
    """By phase."""
    statuses: Counter[int] = field(default_factory=Counter)
    done: set[str] = field(default_factory=set)
    """Lines of the table of roles that were answered 200."""
    faults: list[str] = field(default_factory=list)

    def add(self, scenario: events.ScenarioFinished) -> None:
        """Count the requests of a scenario, and keep what is wrong."""
        recorder = scenario.recorder
        for case, interaction in recorder.interactions.items():
            self.requests[scenario.phase.value] += 1
            if interaction.response is not None:
                self.statuses[interaction.response.status_code] += 1
                if interaction.response.status_code == 200:
                    self.done.add(recorder.cases[case].value.operation.label)
        for case, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None:
                    told = check.failure_info.failure
                    asked = recorder.cases[case].value.as_curl_command()
                    words = f"{check.name}: {told.title}: {told.message}"
                    self.faults.append(f"{words}\n{asked[:1000]}"[:3000])


def fuzz(
    app: FastAPI,
    name: str,
    examples: int,
    only: Collection[str] = (),
    *,
    linked: bool = False,
    follows: bool = True,
    seed: int = 1,
) -> Report:
    """Ask for everything that a caller may, in all phases, and check each answer.

    Args:
        app: The service.
        name: Whose token the requests bring.
        examples: How many requests the random phases make of each operation.
        only: Lines of the table of roles; all of the caller's if none is named.
        linked: Make good requests alone, and follow links from answer to request.
        follows: Follow links at all; among some lines there are none.
        seed: Which random requests.
    """
    caller = who(TOKENS[name])
    assert caller is not None
    mine = {line for line, roles in ROLES.items() if not roles or caller.role in roles}
    config = schemathesis.Config.from_dict(
        {
            "seed": seed,
            "headers": {"Authorization": f"Bearer {TOKENS[name]}"},
            "generation": {
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "mode": "positive" if linked else "all",
            },
            "phases": {
                # What else is no method of a path is tried by hand.
                "coverage": {"enabled": not linked, "unexpected-methods": ["PUT"]},
                "fuzzing": {"enabled": not linked},
                "stateful": {"enabled": follows},
            },
        }
    )
    schema = schemathesis.openapi.from_asgi("/openapi.json", app, config=config)
    wanted = mine & set(only) if only else mine
    chosen = schema.include(lambda context: context.operation.label in wanted)
    report = Report()
    for event in from_schema(chosen).execute():
        if isinstance(event, events.ScenarioFinished):
            report.add(event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            report.faults.append(repr(event))
    return report
