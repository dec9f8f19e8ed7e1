#include "workers/wmi/wbem_error.h"

#include <cstdio>

namespace nscp::wmi {
namespace {

struct Known {
  uint32_t error;
  Code code;
  const char* words;
};
constexpr Known kErrors[] = {
    {0x80041001, Code::kUnavailable, "WMI failed and does not say why"},
    {0x80041002, Code::kNotFound, "there is no such object"},
    {0x80041003, Code::kPermissionDenied,
     "access is denied: the account needs the right \"Enable Account\" in the namespace "
     "(for another computer \"Remote Enable\" too)"},
    {0x80041004, Code::kUnavailable, "the provider of this class failed"},
    {0x80041005, Code::kInvalidArgument, "a value does not fit the type of its column"},
    {0x80041006, Code::kResourceExhausted, "WMI is out of memory"},
    {0x80041008, Code::kInvalidArgument, "WMI does not take this parameter"},
    {0x80041009, Code::kUnavailable, "the resource is not available now"},
    {0x8004100A, Code::kUnavailable, "WMI has met a critical error"},
    {0x8004100C, Code::kUnimplemented, "WMI does not support that here"},
    {0x8004100E, Code::kNotFound, "there is no such namespace"},
    {0x80041010, Code::kNotFound, "there is no such class in this namespace"},
    {0x80041011, Code::kNotFound, "the class has no provider any more"},
    {0x80041012, Code::kUnavailable, "the provider of this class is badly registered"},
    {0x80041013, Code::kUnavailable, "the provider of this class can't be loaded"},
    {0x80041014, Code::kUnavailable, "a part of WMI can't be initialised"},
    {0x80041015, Code::kUnavailable, "the connection to WMI broke"},
    {0x80041017, Code::kInvalidArgument,
     "the query is not valid WQL (or names a column that the class does not have)"},
    {0x80041018, Code::kUnimplemented, "WMI does not know this language of queries"},
    {0x80041021, Code::kInvalidArgument, "the name of the namespace is not valid"},
    {0x80041024, Code::kUnimplemented, "the provider of this class can't do that"},
    {0x80041027, Code::kUnimplemented, "WMI does not support this query"},
    {0x80041031, Code::kNotFound, "there is no such column"},
    {0x80041032, Code::kCancelled, "WMI cancelled the query"},
    {0x80041033, Code::kUnavailable, "WMI shuts down"},
    {0x8004103A, Code::kInvalidArgument, "the path of the object is not valid"},
    {0x80041044, Code::kResourceExhausted, "the answer is too much for WMI"},
    {0x80041045, Code::kUnavailable, "WMI is too busy, try again later"},
    {0x80041058, Code::kInvalidArgument, "the query is not valid WQL"},
    {0x80041062, Code::kPermissionDenied, "the account lacks a privilege for that"},
    {0x80041064, Code::kInvalidArgument,
     "user and password are for other computers alone: leave them out"},
    {0x80041067, Code::kDeadlineExceeded, "the rows were not taken fast enough"},
    {0x80041069, Code::kDeadlineExceeded, "the provider did not answer in time"},
    {0x8004106C, Code::kResourceExhausted,
     "the query goes beyond a quota of WMI (too much memory, or too many queries)"},
    {0x80041071, Code::kUnavailable, "the connection to WMI could not be made"},
    {0x80041081, Code::kUnavailable, "the provider of this class is suspended"},
    {0x80041087, Code::kFailedPrecondition,
     "this namespace takes encrypted connections alone"},
    {0x80041088, Code::kDeadlineExceeded, "the provider did not answer in time"},
    {0x8004108A, Code::kUnavailable, "the provider of this class is disabled"},
};
constexpr uint32_t kFirst = 0x80041001;
constexpr uint32_t kLast = 0x800410FF;  // the task scheduler has its own behind them

std::string Hex(uint32_t error) {
  char text[16];
  snprintf(text, sizeof(text), "0x%08lX", static_cast<unsigned long>(error));
  return text;
}

}  // namespace

Status WbemStatus(const std::string& doing, uint32_t code) {
  if (code < kFirst || code > kLast) return Status::Ok();
  for (const Known& known : kErrors) {
    if (known.error != code) continue;
    return Status(known.code, doing + ": " + known.words + " (error " + Hex(code) + ")");
  }
  return Status::Unavailable(doing + ": WMI answered with error " + Hex(code));
}

}  // namespace nscp::wmi
