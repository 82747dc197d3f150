"""The exceptions of the package."""

from __future__ import annotations


class CountersignError(Exception):
    """The work could not be done. Bad payloads are findings, never exceptions."""


class ConfigError(CountersignError, ValueError):
    """The configuration, or a file that it names, cannot be used."""


class InputError(CountersignError, ValueError):
    """A file or an Arrow stream cannot be read, or an object is not JSON."""


class ArrowTypeError(InputError, TypeError):
    """The data is not an Arrow column of strings or bytes."""


class UnknownNameError(CountersignError, LookupError):
    """There is no rule, kind, form or schema of this name."""


class InternalError(CountersignError, RuntimeError):
    """A defect of countersign."""


class ConfigWarning(UserWarning):
    """The configuration can be used, but has a finding, such as an unknown property."""


# Applications catch these as `countersign.ConfigError`.
for _class in (
    CountersignError,
    ConfigError,
    InputError,
    ArrowTypeError,
    UnknownNameError,
    InternalError,
    ConfigWarning,
):
    _class.__module__ = "countersign"
