"""A machine for all these tests, and what each of them finds in it."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.mail import Mailbox
from tests.system.booted.machine import Machine
from tests.system.booted.package import build, install
from tests.system.booted.service import Service
from tests.web import Web

TOOLS = ("systemd-nspawn", "unshare", "setpriv", "nsenter", "ip", "dbus-daemon", "logrotate", "jq", "curl", "sudo", "faketime")


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Give a machine that is on, with `scan` installed and nothing enabled; who switches it off switches it on again."""
    if reason := _why_not():
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    package = build()
    with Machine(f"scan-{uuid.uuid4().hex[:8]}", tmp_path_factory.mktemp("machine")) as machine:
        machine.boot()
        install(machine, package)
        yield machine


def _why_not() -> str:
    if os.geteuid():
        return "only root can boot a machine"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    return f"missing: {', '.join(missing)}; .ci/run names Debian's packages" if missing else ""


@pytest.fixture
def service(machine: Machine) -> Service:
    service = Service(machine)
    service.begin()
    return service


@pytest.fixture
def web(machine: Machine) -> Iterator[Web]:
    """Give a web server on the machine's own loopback address."""
    with ExitStack() as stack:
        with machine.network():
            server = stack.enter_context(Web())
        yield server


@pytest.fixture
def mailbox(machine: Machine) -> Iterator[Mailbox]:
    """Give a mail server on the machine's own loopback address."""
    with ExitStack() as stack:
        with machine.network():
            server = stack.enter_context(Mailbox())
        yield server
