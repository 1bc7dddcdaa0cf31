"""What a server that was discovered on the network means for those that are set up."""

from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from .client import Identity, PlexError, normalise_url
from .const import CONF_CLIENT_IDENTIFIER
from .probing import async_identify, async_is_there

# Most servers take plain HTTP on their own network. One that does not has a certificate
# that is not for its IP address: good enough to ask for its name, without a token.
_WAYS = (("http", True), ("https", False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """A server that has answered where it was discovered."""

    identity: Identity
    name: str
    url: str
    verify_ssl: bool


async def async_look_at(
    hass: HomeAssistant, info: ZeroconfServiceInfo, client_identifier: str
) -> Discovery | None:
    """Return who has been discovered, or None if no Plex Media Server answers."""
    for scheme, verify_ssl in _WAYS:
        try:
            url = normalise_url(_url(scheme, info))
            identity = await async_identify(
                hass,
                {
                    CONF_URL: url,
                    CONF_VERIFY_SSL: verify_ssl,
                    CONF_CLIENT_IDENTIFIER: client_identifier,
                },
            )
        except PlexError:
            continue
        name = info.name.removesuffix(f".{info.type}")
        return Discovery(identity=identity, name=name, url=url, verify_ssl=verify_ssl)
    return None


async def async_new_address(
    hass: HomeAssistant, entry: ConfigEntry, info: ZeroconfServiceInfo
) -> dict[str, Any] | None:
    """Return how the data of an entry have to change because its server has moved.

    None if it has not: if it still answers where it was, or does not answer in the same
    way where it was discovered. What is discovered is an IP address, for which no
    certificate is valid: a connection that is verified stays as it is.
    """
    data = entry.data
    scheme = data[CONF_URL].partition(":")[0]
    if scheme == "https" and data[CONF_VERIFY_SSL]:
        return None
    update = {CONF_URL: normalise_url(_url(scheme, info))}
    machine_identifier = str(entry.unique_id)
    if await async_is_there(hass, data, machine_identifier):
        return None
    if not await async_is_there(hass, {**data, **update}, machine_identifier):
        return None
    return update


def _url(scheme: str, info: ZeroconfServiceInfo) -> str:
    host = f"[{info.host}]" if ":" in info.host else info.host
    return f"{scheme}://{host}:{info.port}"
