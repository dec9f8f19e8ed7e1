"""What the kit asks of PythonScript: a check that asks another one, and one without end."""
from NSCP import Core, Registry


def slow(_):
    while True:
        pass


def init(plugin_id, plugin_alias, script_alias):
    registry = Registry.get(plugin_id)
    registry.simple_function("kit_nested", lambda arguments: Core.get(plugin_id).simple_query(arguments[0], []))
    registry.simple_function("kit_slow", slow)
