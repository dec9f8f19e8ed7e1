// nscp-fetch: downloads one URL into one file. The request stands in the first line of
// standard input (request.h), because it may hold passwords; standard output gets the
// SHA-256, standard error why there is none. Exit code 0, 1, or 2 for a request that
// makes no sense.
#include <iostream>
#include <string>

#include "fetch/fetch.h"

namespace {

int Run() {
  std::string line;
  if (!std::getline(std::cin, line)) line.clear();
  if (!line.empty() && line.back() == '\r') line.pop_back();
  std::string file;
  const auto request = nscp::fetch::DecodeRequest(line, &file);
  if (!request.ok() || file.empty()) {
    std::cerr << "nscp-fetch: the agent starts this program and tells it in a line of "
                 "standard input what to download: "
              << (request.ok() ? "a file is missing" : request.status().message())
              << "\n";
    return 2;
  }
  const auto fetched = nscp::fetch::FetchIntoFile(*request, file);
  if (!fetched.ok()) {
    std::cerr << fetched.status().message() << "\n";
    return 1;
  }
  std::cout << fetched->sha256 << "\n";
  return 0;
}

}  // namespace

int main() { return Run(); }
