"""One address on this machine where an application listens, or does not."""

from ssl import SSLContext

from aiohttp import web


class Site:
    """A socket that can be closed and opened again on the same port."""

    def __init__(self, *, host: str, port: int, ssl_context: SSLContext | None) -> None:
        """Prepare to listen; port 0 becomes a free one."""
        self.host = host
        self.port = port
        self._ssl_context = ssl_context
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    @property
    def url(self) -> str:
        """Where the application listens."""
        scheme = "http" if self._ssl_context is None else "https"
        return f"{scheme}://{self.host}:{self.port}"

    async def open(self, app: web.Application) -> None:
        """Run an application and listen."""
        # A handler ends with its connection, so that a stream whose client has
        # gone away is noticed at once.
        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        await self.start_listening()

    async def close(self) -> None:
        """Stop for good."""
        await self.stop_listening()
        if self._runner is not None:
            await self._runner.cleanup()

    async def start_listening(self) -> None:
        """Listen, again on the same port."""
        assert self._runner is not None
        self._site = web.TCPSite(
            self._runner,
            self.host,
            self.port,
            reuse_address=True,
            ssl_context=self._ssl_context,
        )
        await self._site.start()
        self.port = self._site.port

    async def stop_listening(self) -> None:
        """Refuse new connections, and cut those that are open.

        A client that has kept one may find out only when it uses it again.
        """
        if self._site is not None:
            await self._site.stop()
            self._site = None
        self.cut_connections()

    def cut_connections(self) -> None:
        """Cut those that are open; new ones are welcome."""
        if self._runner is None or self._runner.server is None:
            return
        for connection in self._runner.server.connections:
            if connection.transport is not None:
                connection.transport.abort()
