// The sessions of this Windows.
#include <doctest/doctest.h>

#include "workers/check_security/users.h"

namespace nscp::check_security {
namespace {

TEST_CASE("sessions are listed with a user and a state, or it is said why not") {
  const auto sessions = ReadUsers("");
  if (!sessions.ok()) {
    CHECK(sessions.status().message().find("Failed to list the sessions") == 0);
    return;
  }
  for (const UserSession& session : *sessions) {
    CHECK_FALSE(session.user.empty());
    CHECK_FALSE(session.state.empty());
  }
}

}  // namespace
}  // namespace nscp::check_security
