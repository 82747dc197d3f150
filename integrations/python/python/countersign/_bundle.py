"""Configurations that travel: `countersign.toml` and the files that it names, by their relative paths."""

from __future__ import annotations

import glob
import os
from typing import Dict, Iterator, Optional, Union

from countersign import _native
from countersign._errors import ConfigError

Files = Dict[str, bytes]
"""The content of each file by its path from the folder that contains all of them. The configuration is the first one."""

_GLOB = "*?[{"


def pack(config: Optional[Union[str, "os.PathLike[str]"]]) -> Files:
    """The configuration and the files that it names. Empty without a configuration."""
    if config is None:
        return {}
    path = os.path.abspath(os.fspath(config))
    folder = os.path.dirname(path)
    name = os.fspath(config)
    content = _read(path, name)
    absolute = [path]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8; save the file as UTF-8") from error
    for named in _native.config_paths(text):
        if os.path.isabs(named) or named[1:2] == ":":
            raise ConfigError(
                f"{name}: `{named}` is an absolute path, which other machines do not have; "
                "move the file next to the configuration and name it by its relative path"
            )
        found = list(_files_of(folder, named))
        if not found:
            raise ConfigError(f"{name}: {named}: no such file or folder")
        absolute.extend(found)
    absolute = list(dict.fromkeys(absolute))
    root = os.path.commonpath([os.path.dirname(file) for file in absolute])
    files = {}
    for file in absolute:
        relative = os.path.relpath(file, root).replace(os.sep, "/")
        files[relative] = content if file == path else _read(file, relative)
    return files


def unpack(files: Files, folder: str) -> Optional[str]:
    """Writes the files into a folder and returns the path of the configuration."""
    first = None
    for relative, content in files.items():
        path = os.path.join(folder, *relative.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        first = first or path
    return first


def _read(path: str, name: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise ConfigError(f"{name}: {error.strerror or error}") from error


def _files_of(folder: str, named: str) -> Iterator[str]:
    """The files of a path, a folder or a glob."""
    path = os.path.normpath(os.path.join(folder, named))
    if os.path.isfile(path):
        yield path
    elif os.path.isdir(path):
        for below, _, names in sorted(os.walk(path)):
            yield from (os.path.join(below, name) for name in sorted(names))
    elif any(character in named for character in _GLOB):
        yield from (file for file in sorted(glob.glob(path, recursive=True)) if os.path.isfile(file))
