#include "workers/check_disk/check_share.h"

#include <algorithm>

#include "proto/cpp/text.h"

namespace nscp::check_disk {
namespace {

checks::Keywords<SharedRow> SharedKeywords() {
  checks::Keywords<SharedRow> k;
  const auto text = [&](const char* name, const char* description,
                        std::string Share::*member) {
    k.Text(name, description, [member](const SharedRow& row) -> std::string_view {
      return row.share.*member;
    });
  };
  text("name", "Name of the share, such as Public or C$", &Share::name);
  text("path", "Folder that is shared; empty for IPC$", &Share::path);
  text("description", "What the share's owner says of it", &Share::description);
  k.Text("type", "What is shared: disk, printer, device, ipc or unknown",
         [](const SharedRow& row) -> std::string_view {
           return row.exists ? ShareTypeName(row.share.type) : "unknown";
         });
  k.Integer("is_admin", "1 for a share of the system's own: C$, ADMIN$, IPC$",
            [](const SharedRow& row) { return IsAdministrative(row.share.type); })
      .NoPerf();
  k.Integer("exists",
            "1 when the share is there, 0 for one that the call asks for and "
            "that is not",
            [](const SharedRow& row) { return row.exists; })
      .NoPerf();
  return k;
}

checks::Check<SharedRow> MakeShareCheck() {
  checks::OptionTable options;
  options.List("share", {},
               "Share that must be there; may be given several times.\nWithout it all "
               "shares are looked at.");
  checks::FilterDefaults defaults;
  defaults.critical = {"not exists"};
  defaults.empty_state = "ok";
  defaults.perf_config = "extra(count)";
  defaults.top_syntax = "${status}: ${list}";
  defaults.ok_syntax = "%(status): All %(count) share(s) ok.";
  defaults.empty_syntax = "%(status): No shares found";
  defaults.detail_syntax = "${name} (type=${type}, path=${path}, exists=${exists})";
  defaults.perf_syntax = "${name}";
  return {std::move(options), defaults, SharedKeywords()};
}

SharedRow RowOf(const std::string& name, const std::vector<Share>& shares) {
  const auto found = std::find_if(shares.begin(), shares.end(), [&](const Share& share) {
    return EqualsIgnoreCase(share.name, name);
  });
  if (found != shares.end()) return {*found, true};
  SharedRow row;
  row.share.name = name;
  row.exists = false;
  return row;
}

}  // namespace

const char* ShareTypeName(uint32_t type) {
  constexpr uint32_t kKind = 0xff;  // the rest are flags
  constexpr const char* kNames[] = {"disk", "printer", "device", "ipc"};
  const uint32_t kind = type & kKind;
  return kind < std::size(kNames) ? kNames[kind] : "unknown";
}

bool IsAdministrative(uint32_t type) {
  constexpr uint32_t kSpecial = 0x80000000;
  return (type & kSpecial) != 0;
}

ShareCheck::ShareCheck() : check_(MakeShareCheck()) {}

sdk::CheckResult ShareCheck::Run(const std::vector<std::string>& arguments,
                                 const checks::Environment& environment,
                                 const Read& read) const {
  return check_.Run(
      arguments, environment,
      [&](const checks::Arguments& parsed, checks::Sink<SharedRow>& sink) -> Status {
        ASSIGN_OR_RETURN(const std::vector<Share> shares, read());
        const auto& wanted = parsed.List("share");
        for (const std::string& name : wanted) {
          if (!sink.Add(RowOf(name, shares))) return Status::Ok();
        }
        if (!wanted.empty()) return Status::Ok();
        for (const Share& share : shares) {
          if (!sink.Add(SharedRow{share, true})) break;
        }
        return Status::Ok();
      });
}

}  // namespace nscp::check_disk
