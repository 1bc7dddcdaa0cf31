"""The client stands alone: it could be a library of its own."""

from pathlib import Path
import subprocess
import sys

from custom_components.plex_activities import client

FOLDER = Path(client.__file__).parent
MODULES = sorted(
    file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("__")
)

# The folder is imported as a package of another name, without what is around it.
PROGRAM = """
import importlib, importlib.util, sys

folder, *modules = sys.argv[1:]

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"homeassistant", "custom_components"}:
            raise ImportError(f"{name} is none of the client's business")

sys.meta_path.insert(0, Refuse())
spec = importlib.util.spec_from_file_location(
    "alone", folder + "/__init__.py", submodule_search_locations=[folder]
)
sys.modules["alone"] = package = importlib.util.module_from_spec(spec)
spec.loader.exec_module(package)
for module in modules:
    importlib.import_module("alone." + module)
print(*(name for name in package.__all__ if not hasattr(package, name)))
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_client_needs_nothing_but_aiohttp() -> None:
    """A rule that is only a comment is broken ten lines below it."""
    done = subprocess.run(  # noqa: S603 (our own interpreter)
        [sys.executable, "-c", PROGRAM, str(FOLDER), *MODULES],
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    missing, loaded = done.stdout.splitlines()
    assert missing == ""
    assert "aiohttp" in loaded.split()
    assert not {"homeassistant", "custom_components", "orjson"} & {*loaded.split()}
