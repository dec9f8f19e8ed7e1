// The kernel's answers about settings in NSClient++'s own message. Pure; any thread.
// Source: plugin-protocol.md 1.2.
#pragma once

#include "legacy/settings.pb.h"
#include "nscp/v1/settings.pb.h"

namespace nscp::gateway {

namespace wire = legacy::wire;

// With a key its value, or the default that the client names. Without one, of `found`,
// which is all that lies below the path: the keys with their values where the client asks
// for keys, else the paths; those of the path itself and of one level below, or of all
// levels.
void FillQuery(const wire::SettingsRequestMessage::Request::Query& ask,
               const v1::GetSettingsResponse& found,
               wire::SettingsResponseMessage::Response::Query& tell);

// The keys, the paths, or both, that the client asks for; of one module, where it names
// one.
void FillInventory(const wire::SettingsRequestMessage::Request::Inventory& ask,
                   const v1::DescribeSettingsResponse& found,
                   wire::SettingsResponseMessage::Response& tell);

}  // namespace nscp::gateway
