"""Many HTTP requests at once from one thread, and an SMTP server that holds its clients back."""

import asyncio
from contextlib import asynccontextmanager


async def request(port, path):
    """(status, body), once the server has closed the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
    finally:
        writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 "), f"{path}: no answer but {answer!r}"
    return int(head[9:12]), body.decode()


async def until(condition, within=60):
    """Looks again and again until condition() is true."""

    async def look():
        while not condition():
            await asyncio.sleep(0.02)

    await asyncio.wait_for(look(), within)


class HoldingServer:
    """Greets nobody before `release` is set; `clients` counts who has connected so far."""

    def __init__(self):
        self.release = asyncio.Event()
        self.clients = 0
        self.port = None

    async def talk(self, reader, writer):
        self.clients += 1
        try:
            await self.release.wait()
            writer.write(b"220 mail.example.test ESMTP\r\n")
            while line := await reader.readline():
                quits = line.upper().startswith(b"QUIT")
                writer.write(b"221 Bye\r\n" if quits else b"250 mail.example.test\r\n")
                if quits:
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def holding_server():
    held = HoldingServer()
    server = await asyncio.start_server(held.talk, "127.0.0.1", 0, backlog=2048)
    held.port = server.sockets[0].getsockname()[1]
    try:
        yield held
    finally:
        held.release.set()
        server.close()
