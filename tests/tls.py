"""Certificates made for a test, and a TLS end before a server that speaks in the open: what a hospital's network has."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SSL_REQUEST = bytes.fromhex("0000000804d2162f")  # PostgreSQL, protocol 3, SSLRequest


@dataclass(frozen=True)
class Authority:
    """Who vouches for servers."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    file: Path

    @staticmethod
    def make(folder: Path, name: str) -> "Authority":
        key = ec.generate_private_key(ec.SECP256R1())
        made = _signed(name, name, key.public_key(), key, [x509.BasicConstraints(ca=True, path_length=0)])
        file = folder / f"{name}.pem"
        file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return Authority(key, made, file)

    def server(self, host: str) -> ssl.SSLContext:
        """What a server of this name shows."""
        key = ec.generate_private_key(ec.SECP256R1())
        try:
            name: x509.GeneralName = x509.IPAddress(ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        made = _signed(
            host,
            _name_of(self.certificate),
            key.public_key(),
            self.key,
            [x509.SubjectAlternativeName([name])],
        )
        file = self.file.with_name(f"{self.file.stem}-{host}.pem")
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _name_of(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _signed(
    subject: str, issuer: str, public: ec.EllipticCurvePublicKey, key: ec.EllipticCurvePrivateKey,
    extensions: list[x509.ExtensionType],
) -> x509.Certificate:  # fmt: skip
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    for one in extensions:
        builder = builder.add_extension(one, critical=isinstance(one, x509.BasicConstraints))
    return builder.sign(key, hashes.SHA256())


@contextmanager
def behind_tls(
    context: ssl.SSLContext, target: str | tuple[str, int], *, postgres: bool = False
) -> Iterator[int]:
    """A port that ends TLS before a socket's path or an address; of PostgreSQL it also answers the question for TLS."""
    with ExitStack() as stack, socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        over = threading.Event()
        stack.callback(over.set)
        thread = threading.Thread(target=_accept, args=(listening, context, target, postgres, over))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            thread.join(10)


def _accept(
    listening: socket.socket, context: ssl.SSLContext, target: str | tuple[str, int], postgres: bool, over: threading.Event
) -> None:  # fmt: skip
    lanes = []
    while not over.is_set():
        with suppress(TimeoutError):
            came, _ = listening.accept()
            lanes.append(threading.Thread(target=_serve, args=(came, context, target, postgres, over)))
            lanes[-1].start()
    for lane in lanes:
        lane.join(10)


def _serve(
    came: socket.socket, context: ssl.SSLContext, target: str | tuple[str, int], postgres: bool, over: threading.Event
) -> None:  # fmt: skip
    with came, suppress(OSError):
        came.settimeout(10)
        if postgres:
            if came.recv(8, socket.MSG_WAITALL) != SSL_REQUEST:
                return  # it would go on in the open
            came.sendall(b"S")
        kind = socket.AF_UNIX if isinstance(target, str) else socket.AF_INET
        with context.wrap_socket(came, server_side=True) as near, socket.socket(kind) as far:
            far.connect(target)
            near.settimeout(0.05)
            far.settimeout(0.05)
            while not over.is_set():
                for one, other in ((near, far), (far, near)):
                    with suppress(TimeoutError, ssl.SSLWantReadError):
                        data = one.recv(65536)
                        if not data:
                            return
                        other.sendall(data)
