#include "workers/check_event_log/wevtapi_win32.h"

#include <cstdio>

#include "proto/cpp/windows_win32.h"
#include "workers/check_event_log/classic_record.h"

namespace nscp::check_event_log {
namespace {

template <class F>
void Find(HMODULE library, const char* name, F& function, std::string& missing) {
  // By way of void*: every function pointer fits into it on Windows.
  function =
      reinterpret_cast<F>(reinterpret_cast<void*>(::GetProcAddress(library, name)));
  if (function == nullptr && missing.empty()) missing = name;
}

std::string Hex(uint64_t number) {
  char text[24];
  snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

Result<WevtApi> WevtApi::Load() {
  const HMODULE library =
      ::LoadLibraryExW(L"wevtapi.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  if (library == nullptr) {
    return Status::Unimplemented(LastError("loading wevtapi.dll").message());
  }
  WevtApi api;
  std::string missing;
  Find(library, "EvtClose", api.close, missing);
  Find(library, "EvtQuery", api.query, missing);
  Find(library, "EvtNext", api.next, missing);
  Find(library, "EvtSeek", api.seek, missing);
  Find(library, "EvtCreateBookmark", api.create_bookmark, missing);
  Find(library, "EvtCreateRenderContext", api.create_render_context, missing);
  Find(library, "EvtRender", api.render, missing);
  Find(library, "EvtOpenPublisherMetadata", api.open_publisher, missing);
  Find(library, "EvtFormatMessage", api.format_message, missing);
  Find(library, "EvtSubscribe", api.subscribe, missing);
  Find(library, "EvtOpenChannelEnum", api.open_channels, missing);
  Find(library, "EvtNextChannelPath", api.next_channel, missing);
  Find(library, "EvtOpenPublisherEnum", api.open_publishers, missing);
  Find(library, "EvtNextPublisherId", api.next_publisher, missing);
  Find(library, "EvtGetPublisherMetadataProperty", api.publisher_property, missing);
  Find(library, "EvtGetObjectArraySize", api.array_size, missing);
  Find(library, "EvtGetObjectArrayProperty", api.array_property, missing);
  if (!missing.empty()) {
    ::FreeLibrary(library);
    return Status::Unimplemented("wevtapi.dll has no " + missing);
  }
  return api;
}

uint64_t EvtNumber(const EVT_VARIANT& value) {
  switch (value.Type) {
    case EvtVarTypeByte:
      return value.ByteVal;
    case EvtVarTypeSByte:
      return static_cast<uint64_t>(value.SByteVal);
    case EvtVarTypeUInt16:
      return value.UInt16Val;
    case EvtVarTypeInt16:
      return static_cast<uint64_t>(value.Int16Val);
    case EvtVarTypeUInt32:
    case EvtVarTypeHexInt32:
      return value.UInt32Val;
    case EvtVarTypeInt32:
      return static_cast<uint64_t>(value.Int32Val);
    case EvtVarTypeUInt64:
    case EvtVarTypeInt64:
    case EvtVarTypeHexInt64:
    case EvtVarTypeFileTime:
    case EvtVarTypeSizeT:
      return value.UInt64Val;
    case EvtVarTypeBoolean:
      return value.BooleanVal != 0 ? 1 : 0;
    default:
      return 0;
  }
}

std::string EvtString(const EVT_VARIANT& value) {
  if (value.Type != EvtVarTypeString || value.StringVal == nullptr) return "";
  return Utf8(value.StringVal);
}

std::string EvtGuid(const EVT_VARIANT& value) {
  if (value.Type != EvtVarTypeGuid || value.GuidVal == nullptr) return "";
  const GUID& g = *value.GuidVal;
  char text[40];
  snprintf(text, sizeof(text), "{%08lX-%04X-%04X-%02X%02X-%02X%02X%02X%02X%02X%02X}",
           g.Data1, g.Data2, g.Data3, g.Data4[0], g.Data4[1], g.Data4[2], g.Data4[3],
           g.Data4[4], g.Data4[5], g.Data4[6], g.Data4[7]);
  return text;
}

std::string EvtSid(const EVT_VARIANT& value) {
  if (value.Type != EvtVarTypeSid || value.SidVal == nullptr ||
      !::IsValidSid(value.SidVal)) {
    return "";
  }
  return SidText({static_cast<const char*>(value.SidVal), ::GetLengthSid(value.SidVal)});
}

std::string EvtText(const EVT_VARIANT& value) {
  switch (value.Type) {
    case EvtVarTypeNull:
      return "";
    case EvtVarTypeString:
      return EvtString(value);
    case EvtVarTypeAnsiString:
      return value.AnsiStringVal == nullptr ? "" : value.AnsiStringVal;
    case EvtVarTypeGuid:
      return EvtGuid(value);
    case EvtVarTypeSid:
      return EvtSid(value);
    case EvtVarTypeHexInt32:
    case EvtVarTypeHexInt64:
      return Hex(EvtNumber(value));
    case EvtVarTypeSByte:
    case EvtVarTypeInt16:
    case EvtVarTypeInt32:
    case EvtVarTypeInt64:
      return std::to_string(static_cast<int64_t>(EvtNumber(value)));
    case EvtVarTypeBoolean:
      return value.BooleanVal != 0 ? "true" : "false";
    default:
      return std::to_string(EvtNumber(value));
  }
}

}  // namespace nscp::check_event_log
