#include <unistd.h>

#include <array>

#include "kernel/remote/host_names.h"

namespace nscp::kernel {

std::string SystemHostName() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "";
  return name.data();
}

}  // namespace nscp::kernel
