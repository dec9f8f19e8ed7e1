// What the checks of status pages judge: a row for each page (Tomcat: for each
// connector), and its keywords. Pure; any thread.
#pragma once

#include <string>

#include "workers/check_net/status_pages.h"
#include "workers/checks/keywords.h"

namespace nscp::check_net {

// What all four have in common; each row adds its figures.
struct PageRow {
  std::string url;  // without user and password
  std::string host;
  int64_t port = 0;
  int64_t code = 0;
  std::string result = "timeout";
};
struct ApacheRow : PageRow {
  ApacheStatus status;
};
struct NginxRow : PageRow {
  NginxStatus status;
};
struct PhpFpmRow : PageRow {
  PhpFpmStatus status;
};
struct TomcatRow : PageRow {
  TomcatConnector connector;
  int64_t memory_free = 0;
  int64_t memory_total = 0;
  int64_t memory_max = 0;
};

checks::Keywords<ApacheRow> ApacheKeywords();
checks::Keywords<NginxRow> NginxKeywords();
checks::Keywords<PhpFpmRow> PhpFpmKeywords();
checks::Keywords<TomcatRow> TomcatKeywords();

}  // namespace nscp::check_net
