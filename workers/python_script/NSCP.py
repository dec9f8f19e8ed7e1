"""What scripts import: `from NSCP import Registry, Core, Settings, status, log`. See docs/scripts.md."""
import time as _time

from nscp_host import api as _api
from nscp_host.results import status

__all__ = ["Core", "Registry", "Settings", "log", "log_debug", "log_error", "sleep", "status"]

Core, Registry, Settings = _api.Core, _api.Registry, _api.Settings


def log(text):
    _api.kernel().info(str(text))


def log_error(text):
    _api.kernel().error(str(text))


def log_debug(text):
    _api.kernel().debug(str(text))


def sleep(milliseconds):
    _time.sleep(max(0.0, milliseconds / 1000))
