"""The load generator, a process of its own: closed loops on bare sockets, so that it costs the machine little.

    python benchmarks/load.py PORT KEY CLIENTS SECONDS PREFIX [RATE]

Each client keeps one connection and sends its next case when the last one is answered, or, with a rate, when its time
has come. Prints JSON: answers per status, seconds, latencies in milliseconds, CPU of this process.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from bodies import cases


@dataclass
class Client:
    """One connection and the answer that it waits for."""

    socket: socket.socket
    sent_at: float = 0.0
    answer: bytearray = field(default_factory=bytearray)

    def send(self, request: bytes) -> None:
        self.answer.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> int | None:
        """The status once the whole answer is there."""
        self.answer += (got := self.socket.recv(65536))
        if not got:
            raise ConnectionError("the API closed the connection")
        head, gap, body = self.answer.partition(b"\r\n\r\n")
        if not gap:
            return None
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head[9:12]) if len(body) >= length else None


def run(
    port: int, key: str, clients: int, seconds: float, prefix: str, rate: float | None
) -> dict[str, object]:
    """Send for so many seconds; ``rate`` per second over all clients, or as fast as they are answered."""
    most = int(seconds * (rate or 3_000)) + clients
    head = f"POST /v1/submissions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    requests = [f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body for body in cases(most, prefix)]
    requests.reverse()
    selector = selectors.DefaultSelector()
    idle = []
    for _ in range(clients):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        idle.append(Client(connection))
        selector.register(connection, selectors.EVENT_READ, idle[-1])
    statuses: Counter[int] = Counter()
    latencies: list[float] = []
    began, cpu, sent = time.perf_counter(), time.process_time(), 0
    while (now := time.perf_counter() - began) < seconds or len(idle) < clients:
        while idle and now < seconds and (rate is None or sent <= now * rate):
            idle.pop().send(requests.pop())
            sent += 1
        pause = 1.0 if rate is None or now >= seconds else max(0.0, (sent / rate) - now)
        for ready, _ in selector.select(pause):
            client: Client = ready.data
            if (status := client.read()) is not None:
                latencies.append((time.perf_counter() - client.sent_at) * 1000)
                statuses[status] += 1
                idle.append(client)
    return {
        "statuses": statuses,
        "seconds": time.perf_counter() - began,
        "latencies": latencies,
        "cpu": time.process_time() - cpu,
    }


if __name__ == "__main__":
    arguments = sys.argv[1:]
    found = run(
        int(arguments[0]), arguments[1], int(arguments[2]), float(arguments[3]), arguments[4],
        float(arguments[5]) if len(arguments) > 5 else None,
    )  # fmt: skip
    print(json.dumps(found))
