"""A real nginx before Elasticsearch, as an installer sets it up: TLS from an authority of its own, an API key or a user
with a password, a path below which the cluster lies, and a bound on what is sent at once.

Where nginx or openssl is not installed the caller is told what to install.
"""

import shutil
import ssl
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.servers.process import find_free_port

API_KEY = "a2V5LW9mLXRoZS10ZXN0OnMzY3JldA=="
WEAK_KEY = "d2Vhay1rZXk6dzNhaw=="
USER, PASSWORD = "thuthu", "p@ss/Mật-khẩu:1"
CONFIGURATION = """
daemon off;
master_process off;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_max_body_size 1m;
    map $http_authorization $who {{
        default                nobody;
        "ApiKey {api_key}"     may;
        "Basic {basic}"        may;
        "ApiKey {weak_key}"    weak;
    }}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        location /engine/ {{
            if ($who = nobody) {{ return 401; }}
            if ($who = weak) {{ return 403; }}
            proxy_set_header Authorization "";
            proxy_pass {behind}/;
        }}
        location /broken/ {{ proxy_pass http://127.0.0.1:9/; }}
    }}
}}
"""


class NginxAbsent(Exception):
    """nginx cannot be run here; the message says what to install."""


class Proxy:
    """``url`` is where the cluster lies; ``ca`` made the certificate, ``other_ca`` did not."""

    def __init__(self, folder: Path, port: int, command: list[str]) -> None:
        self.host = f"https://localhost:{port}"
        self.url = f"{self.host}/engine"
        self.log = folder / "error.log"
        self.ca = folder / "ca.crt"
        self.other_ca = folder / "other.crt"
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command)
        deadline = time.monotonic() + 20
        trusted = ssl.create_default_context(cafile=self.ca)
        while True:
            try:
                httpx.get(self.host, verify=trusted)
                return
            except httpx.TransportError:
                assert time.monotonic() < deadline, "nginx did not start"
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


@contextmanager
def run_nginx(folder: Path, behind: str) -> Iterator[Proxy]:
    """nginx before the server at *behind*, which holds no secret of its own."""
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if nginx is None or shutil.which("openssl") is None:
        raise NginxAbsent("apt-get install nginx-light openssl")
    make_certificates(folder)
    port = find_free_port()
    basic = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    told = {"folder": folder, "port": port, "behind": behind, "basic": basic, "api_key": API_KEY, "weak_key": WEAK_KEY}
    (folder / "nginx.conf").write_text(CONFIGURATION.format(**told))
    command = [nginx, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    proxy = Proxy(folder, port, command)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def make_certificates(folder: Path) -> None:
    """An authority, a certificate of it for localhost, and an authority that nobody here has asked."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2")
    for name in ("ca", "other"):
        _openssl(
            folder, "req", "-x509", *key, "-subj", f"/CN=Test {name}", "-keyout", f"{name}.key", "-out", f"{name}.crt"
        )
    names = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE")
    signed = ("-CA", "ca.crt", "-CAkey", "ca.key")
    files = ("-keyout", "server.key", "-out", "server.crt")
    _openssl(folder, "req", "-x509", *signed, *key, *names, "-subj", "/CN=localhost", *files)


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)
