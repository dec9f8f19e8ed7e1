// Where one layer of the settings stands: an ini file, the copy of a downloaded one, an
// old file, the registry, or memory alone. Whatever it is, it reads as an ini document,
// and a change of it is a change of a document that was read just now. Used by Store
// alone, under its mutex.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kernel/settings/context.h"
#include "kernel/settings/ini_file.h"
#include "proto/cpp/status.h"

namespace nscp::kernel {

class Source {
 public:
  // Changes a document; its error stops the writing.
  using Change = std::function<Status(IniFile*)>;

  explicit Source(std::string place) : place_(std::move(place)) {}
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  // The whole of it; what is not there yet is a document without a line. `notes` gets
  // what people should know of it, a sentence each.
  virtual Result<IniFile> Read(std::vector<std::string>* notes) const = 0;
  virtual bool editable() const { return false; }
  // Reads it again, changes that and puts it in place. `had_lines`: it had some when it
  // was read; what has none since is not written. FailedPrecondition where it is read
  // only.
  virtual Status Rewrite(bool had_lines, const Change& change) const;
  // True where place() is a file of this machine.
  virtual bool is_file() const { return true; }

  // The file, the path in the registry; empty = memory.
  const std::string& place() const { return place_; }

 private:
  const std::string place_;
};

// An ini file, with all that atomic_file.h promises of its writing.
std::unique_ptr<Source> NewIniSource(const std::string& file);
// The local copy of a downloaded ini file.
std::unique_ptr<Source> NewCopySource(const std::string& file);
// A file of NSClient++ before 0.4, see old_settings.h. `map_file` may be missing.
std::unique_ptr<Source> NewOldSource(const std::string& file, std::string map_file);
// `dummy`: forgotten with the store.
std::unique_ptr<Source> NewMemorySource();
// Unimplemented where there is no registry.
Result<std::unique_ptr<Source>> NewRegistrySource(const std::string& path);

}  // namespace nscp::kernel
