#include <windows.h>

#include <lm.h>

#include "proto/cpp/windows_win32.h"
#include "workers/check_disk/shares.h"

namespace nscp::check_disk {
namespace {

// A list comes in parts when it is long.
constexpr int kMaxParts = 1000;

std::string TextOf(const wchar_t* text) { return text == nullptr ? "" : Utf8(text); }

Share ShareFrom(const SHARE_INFO_2& found) {
  return {TextOf(found.shi2_netname), TextOf(found.shi2_path), TextOf(found.shi2_remark),
          found.shi2_type};
}

Share ShareFrom(const SHARE_INFO_1& found) {
  return {TextOf(found.shi1_netname), "", TextOf(found.shi1_remark), found.shi1_type};
}

// The error of the last call; `shares` holds what came until then.
template <class Info>
DWORD ListShares(DWORD level, std::vector<Share>& shares) {
  DWORD resume = 0;
  for (int part = 0; part < kMaxParts && shares.size() < kMaxShares; ++part) {
    BYTE* buffer = nullptr;
    DWORD count = 0;
    DWORD total = 0;
    const DWORD error = ::NetShareEnum(nullptr, level, &buffer, MAX_PREFERRED_LENGTH,
                                       &count, &total, &resume);
    const auto* found = reinterpret_cast<const Info*>(buffer);
    for (DWORD i = 0; found != nullptr && i < count; ++i) {
      shares.push_back(ShareFrom(found[i]));
    }
    if (buffer != nullptr) ::NetApiBufferFree(buffer);
    if (error != ERROR_MORE_DATA) return error;
  }
  return NERR_Success;
}

}  // namespace

Result<std::vector<Share>> ReadShares() {
  std::vector<Share> shares;
  DWORD error = ListShares<SHARE_INFO_2>(2, shares);
  // Where a share lies is for administrators.
  if (error == ERROR_ACCESS_DENIED) {
    shares.clear();
    error = ListShares<SHARE_INFO_1>(1, shares);
  }
  if (error == NERR_Success) return shares;
  // The service "Server" is what shares: without it there is nothing shared.
  if (error == NERR_ServerNotStarted) return std::vector<Share>();
  return WindowsStatus("Failed to list the shares of this computer", error);
}

}  // namespace nscp::check_disk
