"""The programs of the roles as child processes: found, started, waited for, and ended together."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Self

from egcore.program import ProgramError, say
from tally.rehearsal.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PAUSE: Final = 0.02  # seconds between two looks at the children
_LINES_SHOWN: Final = 20  # of what a failed child said
_ERROR: Final = "error: "
_HINT: Final = "hint: "
_HINT_OF_A_FAILURE: Final = "read what the program said above; start again in an empty folder"


class Call(NamedTuple):
    """One call of a program. who: whose program it is, for errors. argv: begins with its name."""

    who: str
    argv: tuple[str, ...]

    @property
    def words(self) -> str:
        """Program and command, without the arguments."""
        ends = (at for at, word in enumerate(self.argv) if at and word.startswith("-"))
        return " ".join(self.argv[: next(ends, len(self.argv))])


class Child:
    """A running program. out, err: files that take what it writes, so that it never blocks.

    out: None for one whose stdout is a pipe.
    """

    def __init__(
        self, call: Call, process: subprocess.Popen[str], out: IO[str] | None, err: IO[str]
    ) -> None:
        self.call = call
        self.process = process
        self.out = out
        self.err = err

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    @property
    def silent(self) -> bool:
        """Whether it runs and has said nothing yet: until then it opens its key file."""
        return self.running and os.fstat(self.err.fileno()).st_size == 0

    def said(self) -> list[str]:
        """Lines of its stderr."""
        self.err.seek(0)
        return self.err.read().splitlines()

    def result(self) -> str:
        """What it wrote to stdout. Raises ProgramError unless it ended with code 0."""
        self.require_success()
        return "".join(self._written())

    def require_success(self) -> None:
        """Raise ProgramError, with what it said, unless it ended with code 0."""
        code = self.process.wait()
        if code == 0:
            return
        lines = self.said()
        for line in lines[-_LINES_SHOWN:]:
            say(f"  {self.call.who}: {line}")
        last = (self._written() or [f"exit code {code}"])[-1].strip()  # the verifier's verdict
        reason = next((line for line in reversed(lines) if _ERROR in line), last)
        hint = next((line for line in reversed(lines) if _HINT in line), _HINT_OF_A_FAILURE)
        raise ProgramError(
            f"{self.call.words} of {self.call.who} failed: {reason.partition(_ERROR)[2] or reason}",
            hint.partition(_HINT)[2] or hint,
        )

    def _written(self) -> list[str]:
        """Lines of its stdout, where that is a file."""
        if self.out is None:
            return []
        self.out.seek(0)
        return self.out.readlines()

    def kill(self) -> None:
        """End it and what it started, at once, as a power cut does."""
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Its files are closed, and what it wrote is gone."""
        for file in (self.out, self.err, self.process.stdin, self.process.stdout):
            if file is not None:
                with suppress(OSError):  # a pipe whose reader is gone
                    file.close()


class Programs:
    """Starts programs, each in a process group of its own, and ends them all on an error.

    cores: how many are at work at a time. May be used by several threads.
    """

    def __init__(self, cores: int) -> None:
        self.cores = cores
        self._children: list[Child] = []
        self._lock = Lock()
        self._ended = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def run(self, call: Call) -> str:
        """Return what one program writes to stdout. Raises ProgramError when it fails."""
        return self.run_all([call])[0]

    def run_all(self, calls: Sequence[Call]) -> list[str]:
        """Return what each of the programs writes, as many at a time as there are cores."""
        return self._gather(calls, lambda child: child.running)

    def run_together(self, calls: Sequence[Call]) -> list[str]:
        """Run all programs at once, since they wait for each other.

        No more than there are cores open their key file at a time: that takes 256 MiB each.
        """
        return self._gather(calls, lambda child: child.silent)

    def talk(self, call: Call) -> Conversation:
        """Start a program that answers lines with lines until its input ends."""
        return Conversation(self._start(call, lines=True))

    def end(self) -> None:
        """Every program that still runs is killed, and none is started any more."""
        with self._lock:
            self._ended = True
            for child in self._children:
                child.kill()
                child.close()

    def _gather(self, calls: Sequence[Call], busy: Callable[[Child], bool]) -> list[str]:
        started: list[Child] = []
        while len(started) < len(calls) or any(child.running for child in started):
            for child in started:
                if not child.running:
                    child.require_success()  # the others would wait for it in vain
            room = sum(busy(child) for child in started) < self.cores
            if room and len(started) < len(calls):
                started.append(self._start(calls[len(started)]))
            else:
                time.sleep(_PAUSE)
        results = [child.result() for child in started]
        with self._lock:
            for child in started:
                child.close()
                self._children.remove(child)
        return results

    def _start(self, call: Call, *, lines: bool = False) -> Child:
        program, *arguments = call.argv
        command = [find_program(program), *arguments]
        err = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed by end()
        out = None if lines else TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        with self._lock:
            if self._ended:
                raise ProgramError("the rehearsal has ended", "start again in an empty folder")
            process = subprocess.Popen(  # noqa: S603 - our own programs
                command,
                stdin=subprocess.PIPE if lines else subprocess.DEVNULL,
                stdout=out or subprocess.PIPE,
                stderr=err,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            child = Child(call, process, out, err)
            self._children.append(child)
        return child


def find_program(name: str) -> str:
    """Return a program of this distribution: beside this Python, else on the path.

    Raises ProgramError.
    """
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise ProgramError(f"{name} is not installed here", 'run: pip install "dalel[all]"')
    return found


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
