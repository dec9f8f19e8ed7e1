// An event as an object of the API. Any thread.
#pragma once

#include "json/writer.h"
#include "nscp/v1/telemetry.pb.h"

namespace nscp::gateway {

void WriteEvent(const v1::Event& event, json::Writer& out);

}  // namespace nscp::gateway
