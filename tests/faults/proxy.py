"""Stands between a client and its server on loopback, and cuts their connection when told to."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

from psycopg.conninfo import conninfo_to_dict

Direction = Literal["requests", "answers"]


class Proxy:
    """
    Passes on what client and server say, up to message *number* in one *direction*.

    That message is swallowed, and the connection cut on both sides: a request never arrives,
    or it does and nobody hears of it. From then on everything passes; or, with *for_good*,
    nobody gets through again.
    """

    def __init__(
        self, place: str, direction: Direction, number: int, *, for_good: bool = False
    ) -> None:
        parts = conninfo_to_dict(place)
        self._server = (str(parts["host"]), int(parts["port"] or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.place = place.replace(f":{self._server[1]}/", f":{self._listener.getsockname()[1]}/")
        self._direction = direction
        self._left = number
        self._for_good = for_good
        self._closing = False
        self._threads = [threading.Thread(target=self._listen)]
        self._counting = threading.Lock()

    @property
    def has_cut(self) -> bool:
        """Whether it came to that."""
        return self._left <= 0

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing = True
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def _listen(self) -> None:
        while not self._closing:
            if not select.select([self._listener], [], [], 0.05)[0]:
                continue
            client, _ = self._listener.accept()
            if self._for_good and self.has_cut:
                client.close()
                continue
            thread = threading.Thread(target=self._pass_on, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _pass_on(self, client: socket.socket) -> None:
        with client, socket.create_connection(self._server, 10) as server, suppress(OSError):
            other = {client: server, server: client}
            while not self._closing:
                if self._for_good and self.has_cut:
                    return
                for side in select.select([client, server], [], [], 0.05)[0]:
                    said = side.recv(65_536)
                    if not said or self._swallows("requests" if side is client else "answers"):
                        return
                    other[side].sendall(said)

    def _swallows(self, direction: Direction) -> bool:
        """Count a message in this *direction*; return whether it is the one to be swallowed."""
        with self._counting:
            self._left -= direction == self._direction
            return direction == self._direction and self._left == 0
