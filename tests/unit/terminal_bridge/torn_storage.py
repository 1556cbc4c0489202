"""A disk that keeps only what was fsynced, under the real FolderStorage.

`TornFileSystem` performs every operation in a real folder, and beside it keeps two trees: what a
running system sees (*now*) and what a power cut cannot take away (*durable*). After every
operation it takes an image of both. From an image `survivors` makes every folder that a power cut
may leave: each name and each content that was not synced is there or is not, independently. A
killed process loses nothing, and its successor goes on with both trees: `TornFileSystem(image)`.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Generic, TypeVar

from egcore.storage import FileSystem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
Files = dict[str, bytes]
_UNFINISHED = ".unfinished-"


@dataclass(eq=False)
class Node:
    """A file: the bytes that were written, and the bytes that were synced."""

    now: bytes = b""
    durable: bytes = b""


@dataclass(eq=False)
class Folder:
    """Names that a running system sees, and names that were synced."""

    now: dict[str, Node | Folder] = field(default_factory=dict)
    durable: dict[str, Node | Folder] = field(default_factory=dict)


@dataclass(frozen=True)
class Image(Generic[T]):
    """The disk after an operation, and what the caller had been told by then.

    appended: path, bytes before and bytes after, when the operation was a write to a file that
    others read, so that any part of it may have come to the disk.
    """

    operation: str
    top: Folder
    told: T
    appended: tuple[str, bytes, bytes] | None = None

    @classmethod
    def after_cut(cls, files: Files, told: T) -> Image[T]:
        """A disk that was switched on again: all that is there is durable."""
        return cls("switched on", _tree(files), told)

    @property
    def dirty(self) -> bool:
        """Whether a power cut can take something away that a running system sees."""
        return next(_dirty(self.top, ""), None) is not None

    def now(self) -> Files:
        """What a killed process leaves to its successor."""
        return dict(_files(self.top.now))

    def survivors(self) -> Iterator[Files]:
        """Every folder that a power cut may leave here, but for torn appends."""
        dirty = sorted(_dirty(self.top, ""))
        for kept in product((False, True), repeat=len(dirty)):
            yield dict(_chosen(self.top, "", dict(zip(dirty, kept, strict=True))))

    def torn(self) -> Iterator[Files]:
        """The folder with each part of an append, and with its length but none of its bytes."""
        if self.appended is None:
            return
        path, before, after = self.appended
        for length in range(len(before), len(after) + 1):
            yield {**self.now(), path: after[:length]}
        yield {**self.now(), path: before.ljust(len(after), b"\x00")}


class TornFileSystem(FileSystem, Generic[T]):
    """Operations in `top`, a real folder that is there, with an image after each of them.

    told: called for every image; what the caller has been told, as a value that does not change.
    image: of a process that was killed; `top` is then made to look as it left it.
    """

    def __init__(self, top: Path, told: Callable[[], T], image: Image[T] | None = None) -> None:
        self.top = top.resolve()
        self._told = told
        self._tree = Folder() if image is None else copy.deepcopy(image.top)
        write_files(self.top, dict(_files(self._tree.now)))
        self.images: list[Image[T]] = []
        self.observe("start")

    def observe(self, operation: str, appended: tuple[str, bytes, bytes] | None = None) -> None:
        """Take an image; also called for what happens outside the folder."""
        image = Image(operation, copy.deepcopy(self._tree), self._told(), appended)
        self.images.append(image)

    def create(self, place: Path) -> BinaryIO:
        file = super().create(place)
        self._parent(place).now[place.name] = Node()
        self.observe(f"create {place.name}")
        return file

    def lengthen(self, place: Path) -> BinaryIO:
        file = super().lengthen(place)
        self._parent(place).now.setdefault(place.name, Node())
        self.observe(f"open {place.name}")
        return file

    def write(self, file: BinaryIO, data: bytes) -> None:
        super().write(file, data)
        place = Path(file.name)
        node = self._node(place)
        before, node.now = node.now, node.now + data
        path = place.relative_to(self.top).as_posix()
        hidden = place.name.startswith(_UNFINISHED)
        self.observe(f"write {place.name}", None if hidden else (path, before, node.now))

    def sync(self, file: BinaryIO) -> None:
        node = self._node(Path(file.name))
        node.durable = node.now
        self.observe(f"sync {Path(file.name).name}")

    def rename(self, place: Path, to: Path) -> None:
        super().rename(place, to)
        self._parent(to).now[to.name] = self._parent(place).now.pop(place.name)
        self.observe(f"rename to {to.name}")

    def remove(self, place: Path) -> None:
        super().remove(place)
        del self._parent(place).now[place.name]
        self.observe(f"remove {place.name}")

    def make_folder(self, folder: Path) -> None:
        super().make_folder(folder)
        self._parent(folder).now.setdefault(folder.name, Folder())
        self.observe(f"make folder {folder.name}")

    def sync_folder(self, folder: Path) -> None:
        found = self._folder(folder)
        found.durable = dict(found.now)
        self.observe(f"sync folder {folder.name}")

    def _parent(self, place: Path) -> Folder:
        return self._folder(place.parent)

    def _folder(self, folder: Path) -> Folder:
        found = self._tree
        for name in folder.relative_to(self.top).parts:
            entry = found.now[name]
            assert isinstance(entry, Folder)
            found = entry
        return found

    def _node(self, place: Path) -> Node:
        entry = self._parent(place).now[place.name]
        assert isinstance(entry, Node)
        return entry


class UnsyncedFileSystem(FileSystem):
    """The file system as it is, without waiting for a disk."""

    def sync(self, file: BinaryIO) -> None:
        pass

    def sync_folder(self, folder: Path) -> None:
        pass


def write_files(top: Path, files: Files) -> None:
    """These files are below a folder; a name that ends with `/` is an empty folder."""
    made: set[Path] = set()
    for path, data in files.items():
        place = top / path
        folder = place if path.endswith("/") else place.parent
        if folder not in made:
            folder.mkdir(parents=True, exist_ok=True)
            made.add(folder)
        if not path.endswith("/"):
            place.write_bytes(data)


def read_files(top: Path) -> Files:
    """All files below a folder, also those that no storage lists."""
    return {
        place.relative_to(top).as_posix(): place.read_bytes()
        for place in sorted(top.rglob("*"))
        if place.is_file()
    }


def key_of(files: Files) -> frozenset[tuple[str, bytes]]:
    """Equal for folders that differ in the random names of unfinished files alone."""
    return frozenset(
        (path.partition(_UNFINISHED)[0] + _UNFINISHED * (_UNFINISHED in path), data)
        for path, data in files.items()
    )


def _tree(files: Files) -> Folder:
    top = Folder()
    for path, data in files.items():
        *above, name = path.split("/")
        folder = top
        for step in above:
            inner = folder.now.setdefault(step, Folder())
            assert isinstance(inner, Folder)
            folder.durable[step], folder = inner, inner
        if name:
            folder.now[name] = folder.durable[name] = Node(data, data)
    return top


def _files(entries: dict[str, Node | Folder], above: str = "") -> Iterator[tuple[str, bytes]]:
    for name, entry in entries.items():
        if isinstance(entry, Node):
            yield above + name, entry.now
        elif entry.now:
            yield from _files(entry.now, f"{above}{name}/")
        else:
            yield f"{above}{name}/", b""


def _dirty(folder: Folder, above: str) -> Iterator[str]:
    """Places where now and durable differ: `name` for the entry, `name*` for the content."""
    for name in {*folder.now, *folder.durable}:
        now, durable = folder.now.get(name), folder.durable.get(name)
        if now is not durable:
            yield above + name
        for entry in {id(e): e for e in (now, durable) if e is not None}.values():
            if isinstance(entry, Folder):
                yield from _dirty(entry, f"{above}{name}/")
            elif entry.now != entry.durable:
                yield f"{above}{name}*"


def _chosen(folder: Folder, above: str, kept: dict[str, bool]) -> Iterator[tuple[str, bytes]]:
    found = False
    for name in sorted({*folder.now, *folder.durable}):
        at = above + name
        entry = (folder.now if kept.get(at, True) else folder.durable).get(name)
        if isinstance(entry, Folder):
            yield from _chosen(entry, f"{at}/", kept)
        elif entry is not None:
            yield at, entry.now if kept.get(f"{at}*", True) else entry.durable
        found = found or entry is not None
    if not found and above:
        yield above, b""
