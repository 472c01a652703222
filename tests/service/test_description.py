"""The service's description says what is really sent."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, get_args

import pytest

from station import acts, model, overview
from station.store.service import bodies
from station.store.service import fields as fields_of
from station.store.service.callers import ANYBODY, ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

PAIRS = [
    (model.Address, bodies.AddressBody),
    (model.OrderItem, bodies.ItemBody),
    (model.Order, bodies.OrderBody),
    (model.Barcode, bodies.BarcodeBody),
    (model.Product, bodies.ProductBody),
    (model.Entry, bodies.EntryBody),
    (model.Label, bodies.LabelBody),
    (model.Presence, bodies.Hello),
    (acts.Act, bodies.ActBody),
    (acts.Signature, bodies.SignatureBody),
    (acts.Head, bodies.HeadBody),
    (overview.Pulse, bodies.PulseBody),
]


@pytest.mark.parametrize(("record", "body"), PAIRS, ids=lambda kind: kind.__name__)
def test_bodies_follow_the_records(record: Any, body: Any) -> None:
    """A record's body has exactly its fields, and may leave out those that have a default."""
    needed = {f.name for f in fields(record) if _is_needed(f)}
    assert set(body.model_fields) == {f.name for f in fields(record)}
    assert {name for name, f in body.model_fields.items() if f.is_required()} == needed


def _is_needed(field: Any) -> bool:
    return "MISSING" in repr(field.default) and "MISSING" in repr(field.default_factory)


def _operations(app: FastAPI) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_words_follow_the_records() -> None:
    """A decision and a state are named as the records name them, and there is no other."""
    assert get_args(fields_of.Decision) == tuple(acts.ActKind)
    assert get_args(fields_of.State) == tuple(model.OrderState)


def test_operations(app: FastAPI) -> None:
    """Every operation has a name of its own, a summary, a tag, and its refusals described."""
    names = [operation["operationId"] for _, operation in _operations(app)]
    assert len(names) == len(set(names)) == len(ROLES)
    for line, operation in _operations(app):
        assert operation["summary"]
        assert operation["tags"]
        needs_token = ROLES[line] is not ANYBODY
        assert ("security" in operation) == needs_token, line
        assert {"401", "403"} <= set(operation["responses"]) or not needs_token
        for status, answer in operation["responses"].items():
            if status != "200":
                assert list(answer["content"]) == ["application/problem+json"]


def test_references(app: FastAPI) -> None:
    """Every reference leads somewhere, and every link to an operation that takes its parameters."""
    made = app.openapi()
    for name in _references(made):
        assert name.removeprefix("#/components/schemas/") in made["components"]["schemas"]
    by_name = {operation["operationId"]: operation for _, operation in _operations(app)}
    links = [
        link
        for operation in by_name.values()
        for link in operation["responses"]["200"].get("links", {}).values()
    ]
    assert len(links) >= 10
    for link in links:
        target = by_name[link["operationId"]]
        taken = {parameter["name"] for parameter in target.get("parameters", ())}
        assert set(link.get("parameters", ())) <= taken
        assert "requestBody" not in link or "requestBody" in target


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def test_bytes_and_bounds(app: FastAPI) -> None:
    """Bytes are described as base64, numbers with their bounds, and nothing else is allowed."""
    schemas = app.openapi()["components"]["schemas"]
    assert schemas["Label"]["properties"]["document"]["contentEncoding"] == "base64"
    assert schemas["Serials"]["properties"]["count"]["maximum"] == 1000
    assert schemas["Claim"]["properties"]["skip"]["maxItems"] == 200
    assert schemas["Counts"]["required"] == [f.name for f in fields(model.Counts)]
    for schema in schemas.values():
        assert not schema.get("properties") or schema["additionalProperties"] is False
    assert json.dumps(schemas).count("binary") == 0
