#include <windows.h>

#include <array>
#include <filesystem>

#include "kernel/remote/host_names.h"

namespace nscp::kernel {

std::string SystemHostName() {
  std::array<wchar_t, 256> name{};
  auto size = static_cast<DWORD>(name.size());
  if (!GetComputerNameExW(ComputerNameDnsFullyQualified, name.data(), &size)) return "";
  return std::filesystem::path(name.data()).u8string();
}

}  // namespace nscp::kernel
