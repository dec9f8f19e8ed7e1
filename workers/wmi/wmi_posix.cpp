#include "workers/wmi/wmi.h"

namespace nscp::wmi {
namespace {

Status OnlyOnWindows() { return Status::Unimplemented("WMI is a part of Windows alone"); }

}  // namespace

Result<Table> Query(const Place&, const std::string&, const Limits&) {
  return OnlyOnWindows();
}

Result<std::vector<std::string>> Classes(const Place&, const std::string&,
                                         const Limits&) {
  return OnlyOnWindows();
}

}  // namespace nscp::wmi
