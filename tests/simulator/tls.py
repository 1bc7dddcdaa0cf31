"""Certificates that nobody trusts, made when a test wants to serve TLS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
import ssl
from tempfile import TemporaryDirectory

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

LIFETIME = timedelta(days=1)
NAME = "plex.test"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate, for both ends of a connection."""

    server_context: ssl.SSLContext
    """For `SimulatedPlex(ssl_context=...)`."""
    client_context: ssl.SSLContext
    """For a client that trusts this certificate and no other."""
    public: bytes
    private: bytes = field(repr=False)

    @contextmanager
    def replaced_by(self, other: Certificate) -> Iterator[None]:
        """Have the server show another certificate to those who connect meanwhile."""
        _load(self.server_context, other)
        try:
            yield
        finally:
            _load(self.server_context, self)

    @contextmanager
    def out_of_date(self) -> Iterator[None]:
        """Have the server speak only a version of TLS that is too old for a while."""
        self.server_context.maximum_version = ssl.TLSVersion.TLSv1_2
        self.client_context.minimum_version = ssl.TLSVersion.TLSv1_3
        try:
            yield
        finally:
            self.server_context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED


def self_signed_certificate(
    address: str = "127.0.0.1", *, age: timedelta = timedelta()
) -> Certificate:
    """Make a certificate for an IP address and NAME; nothing else matches it.

    It is valid for a day; one that is older has expired.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "simulated plex")])
    now = datetime.now(UTC) - age
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - LIFETIME)
        .not_valid_after(now + LIFETIME)
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.IPAddress(ip_address(address)), x509.DNSName(NAME)]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    public = certificate.public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    made = Certificate(
        server_context=ssl.create_default_context(ssl.Purpose.CLIENT_AUTH),
        client_context=ssl.create_default_context(cadata=public.decode()),
        public=public,
        private=private,
    )
    _load(made.server_context, made)
    return made


def _load(context: ssl.SSLContext, certificate: Certificate) -> None:
    """Have a server show a certificate; `ssl` can only read its key from a file."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "certificate.pem"
        file.write_bytes(certificate.public + certificate.private)
        context.load_cert_chain(file)
