"""Settings: options, variables and configuration files become typed objects with their origins."""

from genlabel.cli.settings.keys import KEYS, Key, Kind
from genlabel.cli.settings.load import load
from genlabel.cli.settings.settings import Settings
from genlabel.cli.settings.values import Rank, Setting

__all__ = ["KEYS", "Key", "Kind", "Rank", "Setting", "Settings", "load"]
