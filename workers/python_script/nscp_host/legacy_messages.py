"""NSClient++'s own messages (proto/legacy), which scripts may give and take. Pure."""
from google.protobuf.message import DecodeError
from legacy import event_pb2, exec_pb2, query_pb2, submit_pb2

from nscp.v1 import check_pb2

from nscp_host.results import to_bytes

MAX_PAYLOADS = 64


def read(kind, raw):
    message = kind()
    try:
        message.ParseFromString(bytes(raw))
    except (DecodeError, TypeError, ValueError) as error:
        raise ValueError(f"the bytes are no {kind.__name__}: {error}") from None
    if len(message.payload) > MAX_PAYLOADS:
        raise ValueError(f"the {kind.__name__} holds more than {MAX_PAYLOADS} payloads")
    return message


def one(message):
    if len(message.payload) != 1:
        raise ValueError(f"the {type(message).__name__} must hold one payload")
    return message.payload[0]


def _fill_line(line, to):
    to.message = line.message
    for perf in line.perf:
        item = to.perf.add(alias=perf.label)
        if not perf.HasField("number"):
            item.string_value.value = perf.text
            continue
        number = item.float_value
        number.value, number.unit = perf.number.value, perf.number.unit
        for name in ("warning", "critical"):
            if perf.number.HasField(name):
                bound = getattr(perf.number, name)
                getattr(number, name).value = bound.value
                setattr(number, name + "_range", bound.range)
        for name in ("minimum", "maximum"):
            if perf.number.HasField(name):
                getattr(number, name).value = getattr(perf.number, name)


def fill_answer(result, to, command="", alias=b"", source=b""):
    to.command = to_bytes(result.command or command)
    to.result, to.alias, to.source, to.data = result.code, alias, source, result.data
    for line in result.lines:
        _fill_line(line, to.lines.add())


def result_from(answer):
    code = answer.result if 0 <= answer.result <= 3 else 3
    result = check_pb2.CheckResult(code=code, data=answer.data)
    for line in answer.lines:
        to = result.lines.add(message=line.message)
        for item in line.perf:
            perf = to.perf.add(label=item.alias)
            if not item.HasField("float_value"):
                perf.text = item.string_value.value
                continue
            number = item.float_value
            perf.number.value, perf.number.unit = number.value, number.unit
            for name in ("warning", "critical"):
                text = getattr(number, name + "_range")
                if number.HasField(name) or text:
                    getattr(perf.number, name).value = getattr(number, name).value
                    getattr(perf.number, name).range = text
            for name in ("minimum", "maximum"):
                if number.HasField(name):
                    setattr(perf.number, name, getattr(number, name).value)
    return result


def query_request(command, arguments):
    message = query_pb2.QueryRequestMessage()
    message.payload.add(command=to_bytes(command), arguments=arguments)
    return message.SerializeToString()


def exec_request(command, arguments):
    message = exec_pb2.ExecuteRequestMessage()
    message.payload.add(command=to_bytes(command), arguments=arguments)
    return message.SerializeToString()


def submit_request(request):
    """Of a nscp.v1.WorkerSubmitRequest."""
    message = submit_pb2.SubmitRequestMessage(channel=to_bytes(request.channel))
    fill_answer(request.result, message.payload.add(), alias=request.alias, source=request.source)
    return message.SerializeToString()


def event_message(event):
    """Of a nscp.v1.Event."""
    message = event_pb2.EventMessage()
    payload = message.payload.add(event=to_bytes(event.name))
    for key in sorted(event.data):
        payload.data.add(key=to_bytes(key), value=event.data[key])
    return message.SerializeToString()


QueryRequest = query_pb2.QueryRequestMessage
QueryResponse = query_pb2.QueryResponseMessage
ExecRequest = exec_pb2.ExecuteRequestMessage
ExecResponse = exec_pb2.ExecuteResponseMessage
SubmitRequest = submit_pb2.SubmitRequestMessage
SubmitResponse = submit_pb2.SubmitResponseMessage
