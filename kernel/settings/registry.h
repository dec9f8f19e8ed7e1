// The Windows registry as a settings store: sections are keys below one key, values are
// REG_SZ; a DWORD reads as its number. Any thread. NewRegistrySource of source.h makes
// one.
#pragma once

#include <string>

namespace nscp::kernel {

// Beyond these something else than settings stands there: an error.
constexpr size_t kMaxRegistrySections = 10000;
constexpr size_t kMaxRegistryDepth = 32;

// "HKLM/software/x" and its other spellings. False where there is no registry.
bool RegistryExists(const std::string& path);

}  // namespace nscp::kernel
