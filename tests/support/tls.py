"""https as an operator's own proxy speaks it: a certificate for some names, and a door that passes everything on."""

import asyncio
import datetime as dt
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.support.waiting import TIMEOUT


def certificate(folder: Path, *names: str) -> Path:
    """Key and certificate in one file; only tests trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Outlay's tests")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "tls.pem"
    file.write_bytes(plain + signed.public_bytes(pem))
    return file


class TlsProxy:
    """Passes what comes to a loopback port over TLS on to another one, without it."""

    def __init__(self, target: int) -> None:
        self._target = target
        self.alter: Callable[[bytes], bytes] = lambda said: said
        """What a client's peculiarities make of what is said to it."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(
            _pour(reader, inner_writer, lambda said: said),
            _pour(inner_reader, writer, self.alter),
        )


@contextmanager
def tls_proxy(port: int, target: int, pem: Path) -> Iterator[TlsProxy]:
    """Such a door, open."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    loop, door, started = asyncio.new_event_loop(), TlsProxy(target), threading.Event()

    def run() -> None:
        loop.run_until_complete(asyncio.start_server(door.serve, "127.0.0.1", port, ssl=context))
        started.set()
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        assert started.wait(TIMEOUT)
        yield door
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(timeout=10)


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bend: Callable[[bytes], bytes]) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(bend(data))
            await writer.drain()
    except OSError:
        pass  # the other end has left
    finally:
        writer.close()
