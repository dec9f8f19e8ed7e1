"""NSClient++'s messages about names and modules: what there is, and load, unload, reload."""
import grpc
from legacy import registry_pb2

from nscp.v1 import queries_pb2

from nscp_host import legacy_messages as legacy
from nscp_host.results import status, to_bytes, to_text

NAMES = {registry_pb2.QUERY: queries_pb2.NAME_QUERY,
         registry_pb2.QUERY_ALIAS: queries_pb2.NAME_ALIAS,
         registry_pb2.HANDLER: queries_pb2.NAME_CHANNEL}


def _inventory(kernel, asked, response):
    wanted = set(asked.type) or {registry_pb2.ALL_ITEMS}
    everything = registry_pb2.ALL_ITEMS in wanted
    name = to_text(asked.name).lower()
    for kind, of_kernel in NAMES.items():
        if not everything and kind not in wanted:
            continue
        for found in kernel.names(of_kernel):
            if name and found.name != name:
                continue
            item = response.inventory.add(type=kind, name=to_bytes(found.name),
                                          plugin=list(map(to_bytes, found.modules)))
            item.info.title = to_bytes(found.title)
            item.info.description = to_bytes(found.description)
    if everything or wanted & {registry_pb2.MODULE, registry_pb2.PLUGIN}:
        for module in kernel.modules(asked.fetch_all):
            if name and name not in (module.name.lower(), module.id.lower()):
                continue
            item = response.inventory.add(type=registry_pb2.MODULE, name=to_bytes(module.name),
                                          id=to_bytes(module.id))
            item.info.title = to_bytes(module.title)
            item.info.description = to_bytes(module.description)
            item.info.metadata.add(key=b"loaded", value=b"true" if module.loaded else b"false")


def _control(kernel, asked):
    name, alias = to_text(asked.name), to_text(asked.alias)
    if asked.command == registry_pb2.LOAD_ITEM:
        kernel.load_module(name, alias)
    elif asked.command == registry_pb2.UNLOAD_ITEM:
        kernel.unload_module(alias or name)
    elif asked.command == registry_pb2.RELOAD_ITEM:
        kernel.reload(alias or name)
    elif asked.command in (registry_pb2.ENABLE_ITEM, registry_pb2.DISABLE_ITEM):
        word = "enabled" if asked.command == registry_pb2.ENABLE_ITEM else "disabled"
        kernel.set_settings([("/modules", alias or name, word)], False)
    else:
        raise ValueError("no command is named")


def answer(kernel, request):
    """RegistryRequestMessage -> (status, RegistryResponseMessage)"""
    message, worst = registry_pb2.RegistryResponseMessage(), status.OK
    for asked in legacy.read(registry_pb2.RegistryRequestMessage, request).payload:
        response = message.payload.add(id=asked.id)
        try:
            if asked.HasField("inventory"):
                _inventory(kernel, asked.inventory, response)
            elif asked.HasField("control"):
                _control(kernel, asked.control)
            else:
                raise ValueError("names are registered by functions, not by messages")
        except (grpc.RpcError, ValueError) as error:
            text = error.details() if isinstance(error, grpc.RpcError) else str(error)
            response.result.code, response.result.message = 2, to_bytes(text)
            worst = status.CRITICAL
    return worst, message.SerializeToString()
