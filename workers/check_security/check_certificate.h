// check_certificate: certificates in files, and when they expire (modules.md C10). Any
// thread.
#pragma once

#include <string>
#include <vector>

#include "workers/check_security/certificate_row.h"
#include "workers/checks/check.h"

namespace nscp::check_security {

constexpr size_t kMaxCertificateFile = 4 * 1024 * 1024;  // bytes
constexpr size_t kMaxToldProblems = 10;  // of files that cannot be read, in the text

class CertificateCheck {
 public:
  struct Host {
    const checks::TimeZone* zone = nullptr;
    // The file of certificates that the system trusts; may be empty.
    std::string system_ca;
  };

  CertificateCheck();
  sdk::CheckResult Run(const std::vector<std::string>& arguments,
                       const checks::Environment& environment, const Host& host) const;

 private:
  const checks::Check<CertificateRow> check_;
};

}  // namespace nscp::check_security
