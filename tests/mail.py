"""A mail server for tests, on this machine only: it keeps what it is sent, and can refuse, dawdle and misbehave.

    with Mailbox(refuse={"gone@example.org": "550 no such user"}) as mailbox:
        ...  # send to mailbox.url
        assert mailbox.messages[0].message["Subject"] == "3 new for backend"
        assert mailbox.conversations == [["EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT"]]

Commands are named by their verb; `.` is the end of a message, `greeting` what comes before everything.
"""

import asyncio
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import TracebackType
from typing import Any, Literal, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message as it was taken.

    Attributes:
        raw: its bytes, dots undoubled.

    """

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes


@dataclass(frozen=True, kw_only=True)
class Manners:
    """How the server behaves; see `Mailbox`."""

    login: tuple[str, str] | None
    refuse: Mapping[str, str]
    hang: str | None
    drop: str | None
    drip: float | None
    banner_delay: float
    heard: Callable[[str], None]
    took: Callable[[Received], None]


class Mailbox:
    """A server on a free port of 127.0.0.1, answering from its own thread until the `with` block ends.

    Attributes:
        messages: everything it took, oldest first.
        conversations: the commands of each connection, oldest first.

    """

    def __init__(
        self,
        *,
        port: int = 0,
        login: tuple[str, str] | None = None,
        tls: ssl.SSLContext | None = None,
        security: Literal["implicit", "starttls"] = "implicit",
        smtputf8: bool = False,
        refuse: Mapping[str, str] | None = None,
        fail_data: str | None = None,
        accept_then_drop: bool = False,
        hang: str | None = None,
        drop: str | None = None,
        drip: float | None = None,
        banner_delay: float = 0.0,
        heard: Callable[[str], None] = lambda _: None,
        took: Callable[[Received], None] = lambda _: None,
    ) -> None:
        """Say how it behaves.

        Args:
            port: to listen on; any free one by default.
            login: user and password that it wants before any message.
            tls: its certificate.
            security: whether it encrypts from the first byte, or when asked.
            smtputf8: takes addresses beyond ASCII.
            refuse: what it replies instead, by recipient or by command.
            fail_data: what it replies to a whole message; the message is not taken.
            accept_then_drop: takes the message and closes the connection without a word.
            hang: the command that it never answers.
            drop: the command at which it closes the connection.
            drip: seconds before each byte of each reply.
            banner_delay: seconds before its greeting.
            heard: called with each command as it arrives, in the server's thread.
            took: called with each message that it takes, before it says so.

        """
        refused = dict(refuse or {}) | ({".": fail_data} if fail_data else {})
        self.messages: list[Received] = []
        self.conversations: list[list[str]] = []
        self.login = login
        self.port = port
        self._manners = Manners(
            login=login,
            refuse=refused,
            hang=hang,
            drop="accepted" if accept_then_drop else drop,
            drip=drip,
            banner_delay=banner_delay,
            heard=heard,
            took=took,
        )
        self._implicit = tls if security == "implicit" else None
        self._starttls = tls if security == "starttls" else None
        self._smtputf8 = smtputf8
        self._transports: list[Any] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        server = self._loop.run_until_complete(
            self._loop.create_server(self._connection, "127.0.0.1", self.port, ssl=self._implicit)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._server = server
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    @property
    def url(self) -> str:
        """Its address as a channel's `smtp` takes it, with the login."""
        scheme = "smtps" if self._implicit else "smtp+starttls" if self._starttls else "smtp"
        login = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"{scheme}://{login}127.0.0.1:{self.port}"

    def _connection(self) -> SMTP:
        return _Server(
            _Handler(self.messages, self._manners),
            self._manners,
            self.conversations,
            self._transports,
            hostname="mail.test",
            enable_SMTPUTF8=self._smtputf8,
            tls_context=self._starttls,
            auth_require_tls=False,
            authenticator=self._authenticate,
            loop=self._loop,
        )

    def _authenticate(self, *context_and_data: Any) -> AuthResult:
        data: LoginPassword = context_and_data[-1]
        right = self.login == (data.login.decode(), data.password.decode())
        return AuthResult(success=right, handled=False)

    async def _close(self) -> None:
        self._server.close()
        for transport in self._transports:
            transport.abort()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Server(SMTP):
    """One connection."""

    def __init__(
        self,
        handler: "_Handler",
        manners: Manners,
        conversations: list[list[str]],
        transports: list[Any],
        **options: Any,
    ) -> None:
        super().__init__(handler, **options)
        self.manners = manners
        self._conversations = conversations
        self._transports = transports
        self._heard: list[str] | None = None
        self._smtp_methods = {name: self._mannered(name, method) for name, method in self._smtp_methods.items()}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.append(transport)
        super().connection_made(transport)

    async def handle_exception(self, error: Exception) -> str:
        """Keep quiet: clients that go away in the middle are what these tests are about."""
        return f"500 {error}"

    async def _handle_client(self) -> None:
        await asyncio.sleep(self.manners.banner_delay)
        if self.manners.hang == "greeting":
            await asyncio.Event().wait()
        await super()._handle_client()

    async def push(self, status: Any) -> None:
        line = status if isinstance(status, bytes) else status.encode()
        if self.manners.drip is None:
            await super().push(line)
            return
        for byte in line + b"\r\n":
            await asyncio.sleep(self.manners.drip)
            self._writer.write(bytes([byte]))
            await self._writer.drain()

    async def note(self, command: str) -> str | None:
        """Remember a command, misbehave if it is the one, and give the reply that takes the place of the usual one."""
        if self._heard is None:
            self._heard = []
            self._conversations.append(self._heard)
        self._heard.append(command)
        self.manners.heard(command)
        if self.manners.hang == command:
            await asyncio.Event().wait()
        if self.manners.drop == command:
            self.drop()
        return self.manners.refuse.get(command)

    def drop(self) -> None:
        """Close the connection without a word."""
        raise asyncio.CancelledError

    def _mannered(self, name: str, method: Callable[[str], Any]) -> Callable[[str], Any]:
        async def answer(argument: str) -> None:
            if reply := await self.note(name):
                await self.push(reply)
            else:
                await method(argument)

        return answer


class _Handler:
    """What the server does with what it understood. aiosmtpd finds the methods by these names."""

    def __init__(self, messages: list[Received], manners: Manners) -> None:
        self._messages = messages
        self._manners = manners

    async def handle_MAIL(self, _: SMTP, session: Session, envelope: Envelope, address: str, *_options: Any) -> str:  # noqa: N802 - its name
        if self._manners.login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 2.1.0 Ok"

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, *_options: Any) -> str:  # noqa: N802 - its name
        if address in self._manners.refuse:
            return self._manners.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: _Server, _: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if reply := await server.note("."):
            return reply
        raw = envelope.original_content or b""
        message = message_from_bytes(raw, policy=default)
        assert isinstance(message, EmailMessage)
        assert envelope.mail_from is not None
        received = Received(sender=envelope.mail_from, recipients=tuple(envelope.rcpt_tos), message=message, raw=raw)
        self._messages.append(received)
        self._manners.took(received)
        if self._manners.drop == "accepted":
            server.drop()
        return f"250 2.0.0 Ok: queued as {len(self._messages)}"
