"""A machine for all these tests, and what each of them finds in it."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.mail import Mailbox
from tests.system.booted.machine import CannotBoot, Machine
from tests.system.booted.package import install
from tests.system.booted.service import Service
from tests.web import Web

TOOLS = ("curl", "dbus-daemon", "faketime", "ip", "jq", "logrotate", "mkfs.ext4", "sudo", "systemd-nspawn")

OpenMailbox = Callable[..., Mailbox]


@pytest.fixture(scope="session", autouse=True)
def _able() -> None:
    """Look for what these tests need, before the package is made for them."""
    if os.geteuid():
        _cannot("only root can boot a machine")
    if missing := [tool for tool in TOOLS if shutil.which(tool, path="/usr/sbin:/usr/bin:/sbin:/bin") is None]:
        _cannot(f"missing: {', '.join(missing)}; make tools installs them")


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory, deb: Path) -> Iterator[Machine]:
    """Give a machine that is on, with `scan` installed. Whoever switches it off switches it on again."""
    with booted(tmp_path_factory.mktemp("machine")) as machine:
        install(machine, deb)
        yield machine


@contextmanager
def booted(folder: Path) -> Iterator[Machine]:
    """Give a machine that is on, without `scan`, where one can be booted."""
    with ExitStack() as stack:
        try:
            machine = stack.enter_context(Machine(f"scan-{uuid.uuid4().hex[:8]}", folder))
            machine.boot()
        except CannotBoot as error:
            _cannot(str(error))
        yield machine


def _cannot(reason: str) -> NoReturn:
    """Do without these tests, but not where they are required."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


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
def open_mailbox(machine: Machine) -> Iterator[OpenMailbox]:
    """Give what opens mail servers, of whatever manners, on the machine's own loopback address."""
    with ExitStack() as stack:

        def opened(**manners: Any) -> Mailbox:
            with machine.network():
                return stack.enter_context(Mailbox(**manners))

        yield opened


@pytest.fixture
def mailbox(open_mailbox: OpenMailbox) -> Mailbox:
    return open_mailbox()
