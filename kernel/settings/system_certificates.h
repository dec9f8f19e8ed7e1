// The certificates that the system trusts, as a file in PEM: what ${ca-path} names. Where
// the system keeps them as such a file there is nothing to do; on Windows they are
// written from its ROOT store. Source: the settings specification B.4.
#pragma once

#include "kernel/settings/paths.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

// Once at the start of the service, before a remote store is fetched. Nothing where
// ca-path was moved elsewhere: the file there is somebody else's.
Status ExportSystemCertificates(const PathTokens& tokens);

}  // namespace nscp::kernel
