"""Work spread over processes, in which the death of a worker is an answer and not the end.

Workers are spawned (the same on Linux, macOS and Windows), ignore Ctrl-C, which is the parent's business, and are
replaced when they die. Answers come in the order in which they are ready: whoever needs another order sorts.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar, cast

Task = TypeVar("Task")
Answer = TypeVar("Answer")

#: How long the parent listens to its workers before it looks up (seconds).
LISTEN_SECONDS = 0.5


@dataclass(frozen=True)
class Lost:
    """Instead of an answer: the worker died, with this exit code (minus the signal that ended it)."""

    exit_code: int


@dataclass
class _Worker(Generic[Task]):
    process: Any
    connection: Connection
    task: Task | None = None


def _serve(connection: Connection, work: Callable[[Any], Any]) -> None:
    """A worker's life: take a task, answer, until the parent hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settled = False
    try:
        while True:
            connection.send(work(connection.recv()))
            if not settled:
                # What is loaded by now stays: the collector of cycles need not look through it during later runs.
                gc.collect()
                gc.freeze()
                settled = True
    except (EOFError, BrokenPipeError):
        connection.close()


def spread(
    work: Callable[[Task], Answer], tasks: Iterable[Task], jobs: int
) -> Iterator[tuple[Task, Answer | Lost]]:
    """Do ``work`` on each task over ``jobs`` processes; ``work`` must be importable and must not raise.

    Closing the iterator, or an exception in the caller's loop, ends the workers at once.
    """
    context = multiprocessing.get_context("spawn")
    waiting = list(tasks)[::-1]
    workers: list[_Worker[Task]] = []

    def start() -> None:
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        process.start()
        theirs.close()
        workers.append(_Worker(process, ours))

    def hand_out(worker: _Worker[Task]) -> None:
        if waiting:
            worker.task = waiting.pop()
            # A worker that is already dead is found out, with its exit code, when its answer is read.
            with suppress(OSError):
                worker.connection.send(worker.task)
        else:
            worker.connection.close()
            worker.process.join()
            workers.remove(worker)

    asked_to_stop, restore = _heed_interrupts()
    try:
        for _ in range(min(jobs, len(waiting))):
            start()
            hand_out(workers[-1])
        while workers:
            by_connection = {worker.connection: worker for worker in workers}
            found = wait(list(by_connection), timeout=LISTEN_SECONDS)
            if asked_to_stop:
                raise KeyboardInterrupt
            for ready in found:
                worker = by_connection[cast(Connection, ready)]
                task = cast(Task, worker.task)
                answer = _receive(worker)
                yield task, answer
                if isinstance(answer, Lost):
                    workers.remove(worker)
                    if waiting:
                        start()
                        hand_out(workers[-1])
                else:
                    hand_out(worker)
    finally:
        restore()
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            worker.process.join()


def _heed_interrupts() -> tuple[list[int], Callable[[], Any]]:
    """Remember Ctrl-C besides raising it; returns the memory and what puts the old handler back.

    Python drops a KeyboardInterrupt that is raised while an object is being finalised; without a memory of it the
    work would go on as if nobody had asked. Outside the main thread signals can't be handled: the memory stays empty.
    """
    asked: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        return asked, lambda: None
    before = signal.getsignal(signal.SIGINT)

    def remember(number: int, frame: Any) -> None:
        asked.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, remember)
    return asked, lambda: signal.signal(signal.SIGINT, before or signal.default_int_handler)


def _receive(worker: _Worker[Any]) -> Any:
    """The worker's answer; a pipe that breaks means that it died."""
    try:
        return worker.connection.recv()
    except (EOFError, OSError):
        worker.connection.close()
        worker.process.join()
        return Lost(worker.process.exitcode or 0)
