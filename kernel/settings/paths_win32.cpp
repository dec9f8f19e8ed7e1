#include <array>
#include <filesystem>

#include <windows.h>

#include <shlobj.h>

#include "kernel/settings/boot.h"
#include "kernel/settings/paths.h"

namespace nscp::kernel {
namespace {

std::string Utf8(const wchar_t* text) {
  return std::filesystem::path(text).generic_u8string();
}

std::string KnownFolder(int id) {
  std::array<wchar_t, MAX_PATH> buffer{};
  if (SHGetFolderPathW(nullptr, id, nullptr, SHGFP_TYPE_CURRENT, buffer.data()) != S_OK) {
    return "";
  }
  return Utf8(buffer.data());
}

std::string TempFolder() {
  std::array<wchar_t, MAX_PATH + 1> buffer{};
  if (GetTempPathW(static_cast<DWORD>(buffer.size()), buffer.data()) == 0) return "";
  std::string path = Utf8(buffer.data());
  while (!path.empty() && path.back() == '/') path.pop_back();
  return path;
}

// The folder that has the Diffie-Hellman parameters: the installer leaves them beside the
// program, somebody may have made others.
std::string DhFolder(const std::string& program_folder, bool modern) {
  const std::string beside = program_folder + "/security";
  const std::string own =
      modern ? KnownFolder(CSIDL_COMMON_APPDATA) + "/NSClient++/security" : beside;
  for (const std::string& folder : {own, beside}) {
    std::error_code error;
    for (std::filesystem::directory_iterator it(std::filesystem::u8path(folder), error),
         end;
         !error && it != end; it.increment(error)) {
      if (it->path().filename().u8string().rfind("nrpe_dh_", 0) != 0) continue;
      return folder == own ? "${certificate-path}" : folder;
    }
  }
  return "${certificate-path}";
}

}  // namespace

std::string FolderOfThisProgram() {
  std::array<wchar_t, 32768> buffer{};
  const DWORD length =
      GetModuleFileNameW(nullptr, buffer.data(), static_cast<DWORD>(buffer.size()));
  if (length == 0) return ".";
  return std::filesystem::path(buffer.data()).parent_path().generic_u8string();
}

PathTokens::Table BuiltInPaths(const std::string& program_folder) {
  const bool modern = HasModernLayout(program_folder + "/boot.ini");
  return {
      {"shared-path", std::string(SharedFolderOf(modern))},
      {"data-path", KnownFolder(CSIDL_APPDATA)},
      {"storage-path", "${shared-path}/storage"},
      {"appdata", KnownFolder(CSIDL_APPDATA)},
      {"common-appdata", KnownFolder(CSIDL_COMMON_APPDATA)},
      {"boot-conf", "${exe-path}/boot.ini"},
      {"temp", TempFolder()},
      {"module-path", "${exe-path}/modules"},
      {"scripts", "${exe-path}/scripts"},
      {"web-path", "${exe-path}/web"},
      {"certificate-path", "${shared-path}/security"},
      {"ca-path", "${certificate-path}/windows-ca.pem"},
      {"log-path", "${shared-path}/log"},
      {"cache-folder", "${shared-path}/cache"},
      {"crash-folder", "${shared-path}/crash-dumps"},
      {"fleet-folder", "${shared-path}/fleet"},
      {"nrpe-dh", DhFolder(program_folder, modern)},
      {"fleet-state-file", "${certificate-path}/agent-state.json"},
      {"default-ini", "${shared-path}/nsclient.ini"},
      {"old-ini", "${exe-path}/nsc.ini"},
  };
}

}  // namespace nscp::kernel
