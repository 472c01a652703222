"""The error tree: every error says what happened and what the person at the bench can do.

```
StationError(message, remedy)
├── ConfigError            a setting is missing or wrong: mend station.toml
├── InputError             a file or an argument cannot be used: mend it and try again
├── JournalError           stop work: nothing is accepted that is not stored
├── DeviceError            a printer, scanner or scale
│   ├── DeviceAbsent       not there: work goes on, it is tried again
│   ├── DeviceRefused      paper out, lid open: needs a hand; nothing was sent
│   └── DeviceDoubtful     bytes left, the outcome is not known: a person must look
└── StoreError             the order store
    ├── StoreUnreachable   retried quietly
    └── StoreRefused       conflict or permission: needs a decision
        └── Quarantined    this station's memory is not the one that the store knows
```

A wrong product is not an error: it is a Verdict (`station.packing`).
"""

from __future__ import annotations


class StationError(Exception):
    """The root: a message for the person and what he can do about it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        """What happened, in one sentence."""
        self.remedy = remedy
        """What to do now, in the imperative; may be empty."""

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ConfigError(StationError):
    """A setting is missing, unknown or wrong."""


class InputError(StationError):
    """A file or an argument cannot be used."""


class JournalError(StationError):
    """The station's own memory cannot be written or read: nothing may be accepted."""


class DeviceError(StationError):
    """A printer, a scanner or a scale."""


class DeviceAbsent(DeviceError):  # noqa: N818 - the tree reads as states of the device
    """The device is not there; nothing was sent, and it is safe to try again."""


class DeviceRefused(DeviceError):  # noqa: N818 - the tree reads as states of the device
    """The device needs a hand (paper, lid, pause); nothing was sent."""


class DeviceDoubtful(DeviceError):  # noqa: N818 - the tree reads as states of the device
    """Some bytes left, and what became of them is not known: never repeat blindly."""


class StoreError(StationError):
    """The central order store."""


class StoreUnreachable(StoreError):  # noqa: N818 - the tree reads as states of the store
    """The store did not answer; the same request may be sent again."""


class StoreRefused(StoreError):  # noqa: N818 - the tree reads as states of the store
    """The store will not do this: somebody else holds the order, or the label exists already."""


class Quarantined(StoreRefused):
    """Two memories speak under one station's name: nothing is accepted until a person decides."""
