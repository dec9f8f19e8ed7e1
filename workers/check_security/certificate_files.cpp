#include "workers/check_security/certificate_files.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace nscp::check_security {
namespace fs = std::filesystem;
namespace {

class Search {
 public:
  Search(bool recursive, const std::function<bool()>& cancelled)
      : recursive_(recursive), cancelled_(cancelled) {}

  void Take(const std::string& place) {
    const fs::path path = fs::u8path(place);
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
      Complain(path, "No such file or directory");
    } else if (error) {
      Complain(path, error.message());
    } else if (fs::is_directory(status)) {
      Walk(path, 0);
    } else {
      Add(path, true);
    }
  }

  CertificateFiles Finish() { return std::move(found_); }

 private:
  bool Stopped() const { return full_ || (cancelled_ && cancelled_()); }

  void Complain(const fs::path& path, const std::string& why) {
    found_.problems.push_back(path.u8string() + ": " + why);
  }

  void Add(const fs::path& path, bool named) {
    std::error_code error;
    const fs::path real = fs::weakly_canonical(path, error);
    if (!seen_.insert((error ? path : real).u8string()).second) return;
    if (found_.files.size() >= kMaxFiles) {
      return Fill("more than " + std::to_string(kMaxFiles) + " files");
    }
    found_.files.push_back({path.u8string(), named});
  }

  void Fill(const std::string& what) {
    if (!full_) found_.problems.push_back(what + "; name less, the rest is not read");
    full_ = true;
  }

  // The entries of a folder, sorted; those that vanish meanwhile are left out.
  std::vector<fs::directory_entry> EntriesOf(const fs::path& folder) {
    std::vector<fs::directory_entry> entries;
    std::error_code error;
    fs::directory_iterator at(folder, error);
    if (error) Complain(folder, error.message());
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
      if (++entries_ > kMaxEntries) {
        Fill(folder.u8string() + ": more than " + std::to_string(kMaxEntries) +
             " entries");
      }
      if (Stopped()) break;
      entries.push_back(*at);
    }
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  // Depth is bounded by kMaxFolderDepth.
  void Walk(const fs::path& folder, int depth) {
    for (const fs::directory_entry& entry : EntriesOf(folder)) {
      if (Stopped()) return;
      std::error_code error;
      const bool is_link = entry.is_symlink(error);
      if (entry.is_directory(error)) {
        if (!recursive_ || is_link) continue;
        if (depth + 1 >= kMaxFolderDepth) {
          Complain(entry.path(), "it is too deep");
        } else {
          Walk(entry.path(), depth + 1);
        }
      } else if (entry.is_regular_file(error)) {
        Add(entry.path(), false);
      }
    }
  }

  const bool recursive_;
  const std::function<bool()>& cancelled_;
  CertificateFiles found_;
  std::set<std::string> seen_;
  size_t entries_ = 0;
  bool full_ = false;
};

}  // namespace

CertificateFiles FindCertificateFiles(const std::vector<std::string>& places,
                                      bool recursive,
                                      const std::function<bool()>& cancelled) {
  Search search(recursive, cancelled);
  for (const std::string& place : places) search.Take(place);
  return search.Finish();
}

}  // namespace nscp::check_security
