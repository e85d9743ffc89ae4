"""Lets a Java that came without an installer trust what this machine trusts.

Usage: trust.py JAVA_HOME

Rewrites JAVA_HOME/lib/security/cacerts (a Java keystore of type JKS that holds certificates alone, format version 2,
with Java's own default password) from the machine's bundle of certificates: behind a company's proxy Maven could not
fetch anything otherwise. Where the machine has no bundle the Java's own list stays.
"""

import hashlib
import os
import ssl
import struct
import sys

MAGIC = 0xFEEDFEED
VERSION = 2
TRUSTED_CERTIFICATE = 2
PASSWORD = "changeit"
# Part of the format: sun.security.provider.JavaKeyStore.
SALT = b"Mighty Aphrodite"

BEGIN = "-----BEGIN CERTIFICATE-----"
END = "-----END CERTIFICATE-----"


def bundles():
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "CURL_CA_BUNDLE"):
        yield os.environ.get(name)
    yield ssl.get_default_verify_paths().cafile
    yield "/etc/ssl/certs/ca-certificates.crt"
    yield "/etc/pki/tls/certs/ca-bundle.crt"


def certificates(path):
    with open(path, encoding="ascii", errors="replace") as file:
        parts = file.read().split(BEGIN)[1:]
    # A bundle may name one twice; a keystore may not.
    return list(dict.fromkeys(ssl.PEM_cert_to_DER_cert(BEGIN + part.split(END)[0] + END + "\n") for part in parts))


def text(value):
    data = value.encode()
    return struct.pack(">H", len(data)) + data


def keystore(ders):
    body = struct.pack(">III", MAGIC, VERSION, len(ders))
    for number, der in enumerate(ders):
        body += struct.pack(">I", TRUSTED_CERTIFICATE) + text("machine-%d" % number)
        body += struct.pack(">Q", 0) + text("X.509") + struct.pack(">I", len(der)) + der
    return body + hashlib.sha1(PASSWORD.encode("utf-16-be") + SALT + body).digest()


def main():
    for path in bundles():
        if path and os.path.isfile(path):
            ders = certificates(path)
            if ders:
                target = os.path.join(sys.argv[1], "lib", "security", "cacerts")
                with open(target + ".new", "wb") as file:
                    file.write(keystore(ders))
                os.replace(target + ".new", target)
                return


main()
