"""What a new world has in it, as Plex's own examples have it."""

from .models import ButlerTask, Payload

CANCELLABLE = frozenset({"provider.subscriptions.process"})
"""The only type that was ever seen with `cancellable: true`."""

LIBRARIES: tuple[tuple[str, str], ...] = (
    ("Movies", "movie"),
    ("TV Shows", "show"),
    ("Music", "artist"),
)
AGENTS: dict[str, tuple[str, str]] = {
    "movie": ("tv.plex.agents.movie", "Plex Movie"),
    "show": ("tv.plex.agents.series", "Plex TV Series"),
    "artist": ("tv.plex.agents.music", "Plex Music"),
    "photo": ("com.plexapp.agents.none", "Plex Photo Scanner"),
}

BUTLER_TASKS: tuple[ButlerTask, ...] = (
    ButlerTask(name="AutomaticUpdates", enabled=False),
    ButlerTask(
        name="BackupDatabase",
        interval=3,
        title="Backup Database",
        description=(
            "Create a backup copy of the server's database in the configured"
            " backup directory"
        ),
    ),
    ButlerTask(name="ButlerTaskGenerateAdMarkers", enabled=False),
    ButlerTask(name="ButlerTaskGenerateCreditsMarkers", schedule_randomized=True),
    ButlerTask(name="ButlerTaskGenerateIntroMarkers"),
    ButlerTask(name="ButlerTaskGenerateVoiceActivity", schedule_randomized=True),
    ButlerTask(name="CleanOldBundles", interval=7),
    ButlerTask(name="CleanOldCacheFiles", interval=7),
    ButlerTask(name="DeepMediaAnalysis"),
    ButlerTask(name="GarbageCollectBlobs", interval=7),
    ButlerTask(name="GarbageCollectLibraryMedia"),
    ButlerTask(name="GenerateBlurHashes"),
    ButlerTask(name="GenerateChapterThumbs"),
    ButlerTask(name="GenerateMediaIndexFiles", enabled=False),
    ButlerTask(name="LoudnessAnalysis"),
    ButlerTask(name="MusicAnalysis"),
    ButlerTask(name="OptimizeDatabase", interval=7),
    ButlerTask(name="RefreshEpgGuides", schedule_randomized=True),
    ButlerTask(name="RefreshLibraries", enabled=False),
    ButlerTask(name="RefreshLocalMedia", interval=3),
    ButlerTask(name="RefreshPeriodicMetadata", schedule_randomized=True),
    ButlerTask(name="UpgradeMediaAnalysis"),
)
"""Every task that Plex documents, with the schedule of its own example."""

SERVER_FEATURES: Payload = {
    "allowCameraUpload": False,
    "allowChannelAccess": True,
    "allowMediaDeletion": True,
    "allowSharing": True,
    "allowSync": True,
    "backgroundProcessing": True,
    "certificate": True,
    "companionProxy": True,
    "countryCode": "usa",
    "diagnostics": "logs,databases,streaminglogs",
    "eventStream": True,
    "hubSearch": True,
    "livetv": 7,
    "mediaProviders": True,
    "multiuser": True,
    "myPlexMappingState": "mapped",
    "myPlexSigninState": "ok",
    "myPlexSubscription": True,
    "ownerFeatures": "dvr,hardware_transcoding,home,loudness,pass,sync,webhooks",
    "pluginHost": True,
    "readOnlyLibraries": False,
    "streamingBrainVersion": 2,
    "sync": True,
    "transcoderActiveVideoSessions": 0,
    "transcoderVideo": True,
    "updater": True,
    "voiceSearch": True,
}
"""What `GET /` says that is the same on every simulated server."""

RESOURCE_FEATURES: Payload = {
    "product": "Plex Media Server",
    "device": "PC",
    "createdAt": "2023-11-14T22:13:20Z",
    "lastSeenAt": "2023-11-14T22:13:20Z",
    "provides": "server",
    "publicAddress": "192.0.2.1",
    "home": False,
    "synced": False,
    "relay": False,
    "presence": True,
    "httpsRequired": False,
    "publicAddressMatches": True,
    "dnsRebindingProtection": False,
    "natLoopbackSupported": False,
}
"""What plex.tv says that is the same about every simulated server."""
