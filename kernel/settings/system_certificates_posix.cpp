#include "kernel/settings/system_certificates.h"

namespace nscp::kernel {

Status ExportSystemCertificates(const PathTokens&) { return Status::Ok(); }

}  // namespace nscp::kernel
