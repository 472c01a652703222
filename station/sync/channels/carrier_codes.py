"""Amazon's codes for carriers, and what to write for a carrier that has none.

Source: the CarrierCode list of Amazon's fulfillment feed and the page “Confirm multiple shipments
with feeds” in Seller Central help. Case and blanks count at Amazon.
"""

from __future__ import annotations

OTHER = "Other"

CODES = (
    "USPS",
    "UPS",
    "UPSMI",
    "FedEx",
    "DHL",
    "Fastway",
    "GLS",
    "GO!",
    "Hermes Logistik Gruppe",
    "Royal Mail",
    "Parcelforce",
    "City Link",
    "TNT",
    "Target",
    "SagawaExpress",
    "NipponExpress",
    "YamatoTransport",
    "DHL Global Mail",
    "UPS Mail Innovations",
    "FedEx SmartPost",
    "OSM",
    "OnTrac",
    "Streamlite",
    "Newgistics",
    "Canada Post",
    "Blue Package",
    "Chronopost",
    "Deutsche Post",
    "DPD",
    "La Poste",
    "Parcelnet",
    "Poste Italiane",
    "SDA",
    "Smartmail",
    "FEDEX_JP",
    "JP_EXPRESS",
    "NITTSU",
    "SAGAWA",
    "YAMATO",
    "BlueDart",
    "AFL/Fedex",
    "Aramex",
    "India Post",
    "Professional",
    "DTDC",
    "Overnite Express",
    "First Flight",
    "Delhivery",
    "Lasership",
    "Yodel",
)

_CANONICAL = {code.casefold(): code for code in CODES}


def carrier_cells(code: str, name: str) -> tuple[str, str]:
    """Return carrier-code and carrier-name; the name is filled only beside “Other”.

    A code counts whatever its case; without a code the name is looked up in its place.
    """
    wanted = code or name
    listed = _CANONICAL.get(wanted.casefold())
    if listed:
        return listed, ""
    own = code if code.casefold() != OTHER.casefold() else ""
    return OTHER, name or own or "Unknown carrier"
