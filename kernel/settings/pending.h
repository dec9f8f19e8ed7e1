// The changes that nobody has saved yet, in the order in which they were made: at most
// one for each key, and none that only takes back another. Used by Settings alone, under
// its mutex.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernel/settings/store.h"
#include "kernel/settings/tree.h"

namespace nscp::kernel {

class Pending {
 public:
  // `base` is the store as it was read.
  void SetKey(const Tree& base, std::string_view path, std::string_view key,
              std::string_view value);
  void RemoveKey(const Tree& base, std::string_view path, std::string_view key);
  // After the removals of its keys.
  void RemovePath(const Tree& base, std::string_view path);
  // It is saved, or given up.
  void Forget(std::string_view path, std::string_view key);
  void Clear();

  std::vector<Edit> Edits() const;
  bool empty() const { return edits_.empty(); }
  size_t size() const { return edits_.size(); }
  // The changes on top of `tree`.
  void ApplyTo(Tree* tree) const;

 private:
  void Put(Edit edit);

  uint64_t next_ = 0;
  std::map<uint64_t, Edit> edits_;
  std::unordered_map<std::string, uint64_t> places_;  // FoldKey -> number
};

// One edit on top of `tree`.
void ApplyEdit(const Edit& edit, Tree* tree);

}  // namespace nscp::kernel
