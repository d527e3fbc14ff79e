"""The explorer's server, asked over HTTP by the standard library: who is answered, who is not, and jobs that are stopped."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

import symkern as sk
from symkern.app.background import Background
from symkern.app.server import Server
from symkern.errors import InvalidArgument, InvalidType, PipelineError
from tests.cli.running import invoke

_LONG = {"question": "derive", "kernel": "linear-attention-2"}


@pytest.fixture(scope="module")
def server():
    with closing(Server()) as made:
        yield made


def send(server, method, path, body=None, raw=None, **headers):
    """Status, headers and body of one request; headers of None are left out."""
    given = {"Host": f"127.0.0.1:{server.port}", "Content-Type": "application/json", "X-Symkern-Secret": server.secret}  # fmt: skip
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    if data is not None:
        given.setdefault("Content-Length", str(len(data)))
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with closing(connection):
        connection.putrequest(method, path, skip_host=True)
        for name, value in given.items():
            for one in value if isinstance(value, list) else [value]:
                if one is not None:
                    connection.putheader(name, one)
        connection.endheaders(data)
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()


def post(server, path, body, **headers):
    status, _, text = send(server, "POST", path, body, **headers)
    return status, json.loads(text)


_READ = {"question": "read", "kernel": "flatten"}


def test_it_listens_to_this_machine_alone(server):
    assert server._http.server_address[0] == "127.0.0.1"
    with closing(socket.socket()) as other, pytest.raises(OSError):
        other.settimeout(2)
        other.connect(("127.0.0.2", server.port))


@pytest.mark.parametrize("path", ["/", "/explorer.js", "/explorer.css"])
def test_the_page_and_its_policy(server, path):
    status, headers, text = send(server, "GET", path, X_Symkern_Secret=None)
    assert status == 200 and server.secret.encode() not in text
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Referrer-Policy"] == "no-referrer"  # fmt: skip
    assert b"http://" not in text.replace(b"http://www.w3.org", b"") and b"https://" not in text
    assert b" style=" not in text and b" onclick" not in text


@pytest.mark.parametrize("path", ["/questions.py", "/../pyproject.toml", "/explorer.html", "/%2e%2e/x", "/?a=1"])  # fmt: skip
def test_there_are_no_other_files(server, path):
    assert send(server, "GET", path)[0] == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{}", None, "", ["127.0.0.1:{}", "evil.example"]])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_another_host_is_not_answered(server, host, method):
    """DNS rebinding: the name is the attacker's, the address ours."""
    listed = host if isinstance(host, list) else [host]
    hosts = [one.format(server.port) if one is not None else None for one in listed]
    path = "/" if method == "GET" else "/answer"
    status, _, text = send(server, method, path, _READ if method == "POST" else None, Host=hosts)
    assert status in (400, 421) and b"<html" not in text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{}", "http://127.0.0.1:1", "http://localhost", "file://"])  # fmt: skip
def test_another_origin_is_not_answered(server, origin):
    assert post(server, "/answer", _READ, Origin=origin.format(server.port))[0] == 403


def test_its_own_origin_is_answered(server):
    for host in (f"127.0.0.1:{server.port}", f"localhost:{server.port}"):
        status, found = post(server, "/answer", _READ, Host=host, Origin=f"http://{host}")
        assert status == 200 and found["parameters"] == ["alpha", "beta"]


@pytest.mark.parametrize("secret", [None, "", "wrong", "é"])
@pytest.mark.parametrize("path", ["/answer", "/ask", "/job", "/stop"])
def test_without_the_secret_nothing_is_answered(server, secret, path):
    given = secret.encode("latin-1").decode("latin-1") if secret else secret
    assert post(server, path, _READ, X_Symkern_Secret=given)[0] == 403


@pytest.mark.parametrize(
    ("raw", "headers", "status"),
    [
        (b"{}", {"Content_Type": "text/plain"}, 415),
        (b"{}", {"Content_Type": None}, 415),
        (b"{", {}, 400),
        (b"[1]", {}, 400),
        (b"[" * 60_000, {}, 400),
        (b"\xff", {}, 400),
        (b"{}", {"Content_Length": "99999999999"}, 413),
        (b"{}", {"Content_Length": "-1"}, 413),
        (b"{}", {"Content_Length": None}, 413),
        (b" " * 70_000, {}, 413),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(server, raw, headers, status):
    assert send(server, "POST", "/answer", raw=raw, **headers)[0] == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_refused(server, method):
    assert send(server, method, "/answer", _READ)[0] in (405, 501)


def test_questions_that_are_none(server):
    for path, body in (("/answer", _LONG), ("/job", {"job": "1"}), ("/job", {"job": 10**9}), ("/stop", {"job": True}), ("/nothing", {}), ("/job", {})):  # fmt: skip
        status, found = post(server, path, body)
        assert status == 200 and found["error"]["message"]


def test_a_job_is_answered(server):
    _, begun = post(server, "/ask", {"question": "derive", "kernel": "bag-of-tokens"})
    until = time.monotonic() + 60
    while time.monotonic() < until:
        _, told = post(server, "/job", {"job": begun["job"], "wait": True})
        if told["state"] == "done":
            break
    assert "sk.derive('bag-of-tokens')" in told["answer"]["python"]


def test_a_job_is_stopped_and_the_next_one_answered():
    """The process of the long one is gone; what waited behind it is answered by another, unless it is stopped too."""
    with Background() as background:
        first, second, third = (background.ask(one) for one in (_LONG, _LONG, _READ))
        until = time.monotonic() + 60
        while not background.look(first)["progress"] and time.monotonic() < until:
            background.wait(first, 1)
        process = background._process
        states = [background.look(one)["state"] for one in (first, second, third)]
        assert states == ["running", "waiting", "waiting"]
        assert background.stop(second)["state"] == "stopped" and process.poll() is None
        assert background.stop(first)["state"] == "stopped"
        assert process.poll() is not None
        told = background.wait(third, 60)
        assert told["state"] == "done" and told["answer"]["parameters"] == ["alpha", "beta"]
        assert background.stop(third)["state"] == "done"  # what has ended stays


def test_a_process_that_dies_is_told_and_replaced():
    with Background() as background:
        job, behind = background.ask(_LONG), background.ask(_READ)
        background._process.kill()
        until = time.monotonic() + 60
        while (told := background.wait(job, 1))["state"] in ("waiting", "running") and time.monotonic() < until:  # fmt: skip
            pass
        assert told["state"] == "failed" and told["answer"] is None
        assert background.wait(behind, 60)["state"] == "done"
        assert background.wait(background.ask(_READ), 60)["state"] == "done"


def _children(process):
    """The processes that a process has started, as the system lists them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            _, _, rest = stat.read_text().rpartition(")")
            if rest.split()[1] == str(process):
                found.append(stat.parent)
    return found


@pytest.mark.sampled(2)
@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="the system does not list processes in /proc"
)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_the_command_leaves_no_process_behind(how):
    """By Ctrl-C with status 130, or killed, in the middle of a derivation."""
    root = str(Path(sk.__file__).parents[1])
    command = [sys.executable, "-m", "symkern", "explore", "flatten", "--no-browser"]
    running = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": root}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
    address = running.stdout.readline().strip()
    place, _, fragment = address.partition("#")
    server = SimpleNamespace(port=int(place.rstrip("/").rpartition(":")[2]), secret=fragment.partition("&")[0])  # fmt: skip
    assert post(server, "/ask", _LONG)[1]["job"] == 1
    [worker] = _children(running.pid)
    running.send_signal(how)
    running.communicate(timeout=60)
    assert running.returncode == (130 if how == signal.SIGINT else -how)
    until = time.monotonic() + 20
    while (
        worker.exists() and time.monotonic() < until and " Z " not in (worker / "stat").read_text()
    ):
        time.sleep(0.1)
    assert not worker.exists() or " Z " in (worker / "stat").read_text()


def test_open_jobs_are_bounded():
    with Background() as background:
        for _ in range(8):
            background.ask(_LONG)
        with pytest.raises(InvalidArgument, match="question: must wait"):
            background.ask(_READ)
    with pytest.raises(InvalidArgument, match="closed"):
        background.ask(_READ)


def test_an_explorer_shows_itself_and_ends():
    with sk.explore(sk.kernels.embedding("alpha").mean_pool()) as explorer:
        shown = explorer._repr_html_()
        assert explorer.address.replace("&", "&amp;") in shown and "allow-scripts" not in shown
        server = explorer._server
        assert send(server, "GET", "/")[1]["Content-Security-Policy"].count("http://localhost:*") == 1  # fmt: skip
    assert "closed" in repr(explorer)
    explorer.close()
    with pytest.raises(OSError):
        send(server, "GET", "/")
    assert server.background._process is None


def test_what_cannot_be_explored_is_refused(server):
    with pytest.raises(PipelineError):
        sk.explore("embedding(1) | nonsense | mean_pool")
    with pytest.raises(InvalidType, match="kernel"):
        sk.explore(3)
    for port in (-1, 65536, server.port):
        with pytest.raises(InvalidArgument, match="port"):
            sk.explore("flatten", port=port)
    done = invoke("explore", "embedding(1) | nonsense | mean_pool", "--no-browser")
    assert done.exit_code == 2 and done.stderr.count("\n") == 1
