// The catalogue: every module that there is on disk, loadable or not, and what their
// manifests say. It starts nothing. It is also the settings' Descriptions, and it knows
// which module claims a static name.
//
// Owned by the kernel; any thread may call. Entries are immutable and shared: a Scan or a
// Configure replaces them, and who holds one keeps it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/settings/descriptions.h"
#include "kernel/settings/modules_section.h"
#include "nscp/v1/manifest.pb.h"
#include "nscp/v1/queries.pb.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

constexpr size_t kMaxModules = 1024;

struct CatalogueEntry {
  // At least `name` is set; all of it where the manifest could be read.
  v1::Manifest manifest;
  std::string file;     // the manifest
  std::string program;  // absolute
  // Given at first sight and kept as long as the catalogue lives.
  uint64_t plugin_id = 0;
  // Why it can't be loaded; empty = it can.
  std::string refused;

  const std::string& name() const { return manifest.name(); }
};
using CataloguePtr = std::shared_ptr<const CatalogueEntry>;

// One static name and who answers to it.
struct NameClaim {
  v1::NameInfo info;  // `modules` holds the instance id alone; `available` is not set
  std::string
      canonical;  // the query that the worker knows: differs for alternative names
};

class Catalogue : public Descriptions {
 public:
  // Reads the folders' *.json; of two manifests with one name the first folder's counts.
  // A folder that can't be read is an error; a bad manifest is an entry with a reason.
  static Result<std::unique_ptr<Catalogue>> Open(std::vector<std::string> folders);

  // Reads the folders again, after an installation. Ids are kept.
  virtual Status Scan() = 0;

  // Sorted by name without case.
  virtual std::vector<CataloguePtr> List() const = 0;
  // One line for each manifest that is refused or hidden by another, for the log.
  virtual std::vector<std::string> Notes() const = 0;
  // By exact name, else without case; without ".dll". Null when there is none.
  virtual CataloguePtr Find(std::string_view name) const = 0;
  // Also for names that are not on disk (an instance in the settings only).
  virtual uint64_t PluginId(std::string_view name) = 0;

  // The instances that take part in names and descriptions, in configured order: of two
  // that claim a name the later wins. Returns one line for each name that is shadowed.
  virtual std::vector<std::string> Configure(std::vector<ConfiguredModule> instances) = 0;
  // Queries and alternative names (NAME_ALIAS) of the enabled instances, sorted by name.
  virtual std::vector<NameClaim> Names() const = 0;
  // Any case.
  virtual std::optional<NameClaim> FindName(std::string_view name) const = 0;
  // The module of `nscp <word>`, if a manifest names it.
  virtual CataloguePtr FindCommandLineAlias(std::string_view word) const = 0;
};

// The descriptions of the kernel's own sections (kernel.json, compiled in).
const v1::Manifest& KernelManifest();

}  // namespace nscp::kernel
