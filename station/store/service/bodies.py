"""The bodies of requests; those of records have the fields of `station.model`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from station.store.service.fields import (
    MAX_LIST,
    Base64,
    Body,
    Count,
    Data,
    Decision,
    Epoch,
    Grams,
    Hash,
    Id,
    Number,
    SerialCount,
    Service,
    Short,
    State,
    Tally,
    Text,
    Time,
    Units,
    Words,
)


class Nothing(Body):
    """An empty object."""


class AddressBody(Body):
    """A postal address."""

    name: Words
    lines: list[Words] = Field(default_factory=list, max_length=10)
    city: Words = ""
    region: Words = ""
    postal_code: Words = ""
    country: Words = ""
    phone: Words = ""


class ItemBody(Body):
    """One line of an order."""

    item_id: Id
    sku: Words
    title: Words
    quantity: Units
    asin: Words = ""


class OrderBody(Body):
    """What a buyer is owed."""

    order_id: Id
    items: Annotated[list[ItemBody], Field(max_length=1000)]
    ship_by: Time
    purchased: Time
    ship_to: AddressBody
    service: Service = 3
    service_level: Words = ""
    channel: Text = "amazon"
    is_business: bool = False
    purchase_order: Words = ""
    note: Words = ""


class BarcodeBody(Body):
    """One code that stands for units of a product."""

    text: Words
    units: Units = 1


class ProductBody(Body):
    """What the house knows about one SKU."""

    sku: Id
    title: Words = ""
    asin: Words = ""
    bin: Words = ""
    weight_g: Grams | None = None
    barcodes: list[BarcodeBody] = Field(default_factory=list, max_length=1000)
    requires: list[Words] = Field(default_factory=list, max_length=100)
    kit_of: Words = ""


class EntryBody(Body):
    """One line of a station's journal."""

    seq: Number
    kind: Id
    order_id: Text
    fence: Count
    packer: Text
    at: Time
    state: State | None = None
    data: Data = Field(default_factory=dict)


class LabelBody(Body):
    """A label that a carrier sold."""

    order_id: Id
    package: Number
    carrier_code: Text
    carrier_name: Text
    tracking_id: Text
    service: Text = ""
    document: Base64 = ""


class Hello(Body):
    """How a station names itself."""

    journal: Id
    run: Id
    last: Count
    sent: Count
    store: Text = ""
    epoch: Epoch = 0


class Claim(Body):
    """Who wants an order: a named one, or the most urgent one."""

    packer: Text
    order_id: Id | None = None
    skip: list[Id] = Field(default_factory=list, max_length=MAX_LIST)


class Renewal(Body):
    """The orders on a bench."""

    order_ids: Annotated[list[Id], Field(max_length=MAX_LIST)]


class Journal(Body):
    """Entries of a station's journal, in order."""

    journal: Text = ""
    entries: Annotated[list[EntryBody], Field(max_length=MAX_LIST)]


class Serials(Body):
    """How many label numbers a station wants."""

    count: SerialCount


class Beginning(Body):
    """The label that is about to be bought."""

    key: Id
    order_id: Id
    package: Number
    fence: Count
    carrier: Text


class Finishing(Body):
    """The label that was bought."""

    key: Id
    label: LabelBody


class Voiding(Body):
    """The purchase whose label is not used, and why."""

    key: Id
    reason: Words


class SignIn(Body):
    """The number on a badge, and the PIN where it was typed."""

    badge: Short
    pin: Short = Field(default="", repr=False)


class ActBody(Body):
    """One decision."""

    kind: Decision
    order_id: Text = ""
    package: Number = 1
    sku: Words = ""
    units: Tally = 0
    code: Words = ""
    station: Text = ""
    person: Text = ""


class SignatureBody(Body):
    """Who decides, and why."""

    who: Short
    pin: Short = Field(repr=False)
    reason: Text = ""


class Signed(Body):
    """A decision and its signature."""

    act: ActBody
    signature: SignatureBody


class HeadBody(Body):
    """The newest line of a hash chain."""

    seq: Count = 0
    hash: Hash = ""


class PulseBody(Body):
    """How a station is."""

    packer: Text = ""
    order_id: Text = ""
    done: Tally = 0
    units: Tally = 0
    scanned: Time | None = None
    backlog: Count = 0
    printer: Text = ""
    scan_p99_ms: Count | None = None
    journal: HeadBody = Field(default_factory=HeadBody)


class Orders(Body):
    """Orders of one channel."""

    channel: Id
    orders: Annotated[list[OrderBody], Field(max_length=1000)]


class Listed(Body):
    """What a channel's full report lists of the orders purchased in a time."""

    channel: Id
    listed: Annotated[list[Id], Field(max_length=200_000)]
    since: Time
    until: Time


class Resolution(Body):
    """Where an order goes from problem or held."""

    order_id: Id
    state: State


class Halt(Body):
    """An order that must not be packed on, and why."""

    order_id: Id
    state: State
    reason: Words


class Products(Body):
    """Products of the house."""

    products: Annotated[list[ProductBody], Field(max_length=1000)]


class ExportBody(Body):
    """The file that is about to be written; with `again`, the lines of an earlier one."""

    path: Words
    again: Number | None = None


class Seal(Body):
    """The digest of a file."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
