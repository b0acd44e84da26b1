"""Settings: options, variables and configuration files become typed objects with their origins."""

from genlabel.settings.keys import KEYS, Key, Kind
from genlabel.settings.reading import load
from genlabel.settings.settled import Settings
from genlabel.settings.values import Rank, Setting

__all__ = ["KEYS", "Key", "Kind", "Rank", "Setting", "Settings", "load"]
