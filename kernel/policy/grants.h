// Who may call which RPC: a table of all RPCs of nscp.v1 against the grants of the
// caller's manifest. A pure function; any thread.
#pragma once

#include <initializer_list>
#include <string_view>

#include "nscp/v1/manifest.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// What the kernel knows about a caller from its token; never what the caller says.
class Rights {
 public:
  // The command line with the admin token: everything.
  static Rights Admin();
  // A worker, by its manifest.
  static Rights Of(const v1::Manifest& manifest);

  bool Has(v1::Grant grant) const { return admin_ || (bits_ & Bit(grant)) != 0; }
  bool admin() const { return admin_; }

 private:
  static uint32_t Bit(v1::Grant grant) { return 1U << static_cast<unsigned>(grant); }
  bool admin_ = false;
  uint32_t bits_ = 0;
};

// `rpc` is "Modules/Load". `in_call` = it names a call that it is answering now
// (Caller.call). PermissionDenied names the grant that is missing; an RPC without a row
// is denied. Settings/Get and Settings/Watch are allowed to everybody for the instance's
// own paths: the caller of May checks OwnsPath (kernel/settings/snapshot.h) for those
// without READ_SETTINGS.
Status May(const Rights& rights, std::string_view rpc, bool in_call);

}  // namespace nscp::kernel
