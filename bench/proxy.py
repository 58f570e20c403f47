"""Row 2 behind a proxy: nginx with the cache of deploy/nginx.conf against nginx serving the same bytes from disk."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import texts
from bench.figures import Figure
from bench.measure import BROWSER, Client
from bench.rows import Plan
from bench.servers import Server, Servers, Unavailable
from bench.sites import ROOT, WORK, plain_environment

CONNECTIONS = 16
DEPLOYED = ROOT / "deploy" / "nginx.conf"
OUTSIDE_PATH = "/usr/local/sbin:/usr/sbin:/sbin"  # where Debian puts nginx

FRAME = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr;
{user}
events {{ worker_connections 256; }}
http {{
    sendfile on;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;

{deployed}

    server {{
        listen 127.0.0.1:{disk};
        access_log {folder}/access.log without_queries;
        root {folder}/disk;
        default_type text/html;
    }}
}}
"""


def share(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Article page behind nginx proxy_cache"""
    nginx, wrk = _found("nginx"), _found("wrk")
    upstream = servers.site(plan.small)
    path = f"/en/articles/{texts.slug(0)}/"
    folder, cached, disk = _folder(upstream, path), servers.new_port(), servers.new_port()
    (folder / "nginx.conf").write_text(_configuration(folder, upstream.port, cached, disk))
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    through = servers.start("nginx", cached, command, plain_environment())
    _same_bytes(through, Server("disk", disk, through.group), path)
    seconds = 1 if plan.is_quick else 4
    ratios, rates = [], []
    for _ in range(plan.rounds):
        rate = _rate(wrk, f"http://127.0.0.1:{cached}{path}", seconds)
        from_disk = _rate(wrk, f"http://127.0.0.1:{disk}/page", seconds)
        ratios.append(100 * rate / from_disk)
        rates.append((rate, from_disk))
    detail = {
        "requests_per_second": round(median(rate for rate, _ in rates)),
        "disk_requests_per_second": round(median(rate for _, rate in rates)),
        "rounds": len(ratios),
        "least": round(min(ratios), 1),
        "most": round(max(ratios), 1),
    }
    name = "article page behind nginx proxy_cache, of nginx from disk"
    yield Figure(2, name, median(ratios), "%", 60, at_least=True, detail=detail)


def _found(program: str) -> str:
    path = shutil.which(program) or shutil.which(program, path=OUTSIDE_PATH)
    if path is None:
        raise Unavailable(f"{program} is not installed")
    return path


def _folder(upstream: Server, path: str) -> Path:
    """A folder for nginx, with the bytes of the page as they are sent."""
    folder = WORK / "nginx"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "disk").mkdir(parents=True)
    with Client(upstream) as client:
        (folder / "disk" / "page").write_bytes(client.get(path).body)
    return folder


def _configuration(folder: Path, upstream: int, cached: int, disk: int) -> str:
    """deploy/nginx.conf on other ports and folders; everything else as it is deployed."""
    text = DEPLOYED.read_text()
    for pattern, value in (
        (r"/var/cache/nginx/supportdesk", f"{folder}/cache"),
        (r"/var/log/nginx/supportdesk\.log", f"{folder}/access.log"),
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{upstream};"),
        (r"listen 80;", f"listen 127.0.0.1:{cached};"),
        (r"server_name [^;]+;", "server_name 127.0.0.1;"),
    ):
        text, count = re.subn(pattern, value, text)
        if count != 1:
            raise RuntimeError(f"{DEPLOYED.relative_to(ROOT)} has changed: {pattern} is there {count} times.")
    user = "user root;" if os.geteuid() == 0 else ""  # as root, workers would not be let into this folder
    return FRAME.format(folder=folder, user=user, disk=disk, deployed=text)


def _same_bytes(through: Server, disk: Server, path: str) -> None:
    with Client(through) as one, Client(disk) as other:
        if one.get(path).body != other.get("/page").body:
            raise RuntimeError("nginx serves other bytes through the cache than from disk.")


def _rate(wrk: str, address: str, seconds: int) -> float:
    """Requests per second."""
    command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Host: 127.0.0.1"]
    command += ["-H", f"Accept-Encoding: {BROWSER['Accept-Encoding']}", address]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in out:
        raise RuntimeError(f"{address} failed under load:\n{out}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    if found is None:
        raise RuntimeError(f"wrk said something unexpected:\n{out}")
    return float(found[1])
