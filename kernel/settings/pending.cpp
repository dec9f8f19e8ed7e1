#include "kernel/settings/pending.h"

namespace nscp::kernel {

void Pending::Put(Edit edit) {
  Forget(edit.path, edit.key);
  places_[FoldKey(edit.path, edit.key)] = next_;
  edits_.emplace(next_++, std::move(edit));
}

void Pending::Forget(std::string_view path, std::string_view key) {
  const auto found = places_.find(FoldKey(path, key));
  if (found == places_.end()) return;
  edits_.erase(found->second);
  places_.erase(found);
}

void Pending::SetKey(const Tree& base, std::string_view path, std::string_view key,
                     std::string_view value) {
  const std::string* old = base.Find(path, key);
  const bool path_goes = places_.count(FoldKey(path, "")) != 0;
  if (old && *old == value && !path_goes) {
    Forget(path, key);
  } else {
    Put({std::string(path), std::string(key), std::string(value)});
  }
}

void Pending::RemoveKey(const Tree& base, std::string_view path, std::string_view key) {
  if (!base.Find(path, key) && places_.count(FoldKey(path, key)) != 0) {
    Forget(path, key);
  } else {
    // Also of a key that was never there: it is shown among the differences.
    Put({std::string(path), std::string(key), std::nullopt});
  }
}

void Pending::RemovePath(const Tree& base, std::string_view path) {
  if (base.FindPath(path)) Put({std::string(path), "", std::nullopt});
}

void Pending::Clear() {
  edits_.clear();
  places_.clear();
}

std::vector<Edit> Pending::Edits() const {
  std::vector<Edit> all;
  all.reserve(edits_.size());
  for (const auto& [number, edit] : edits_) all.push_back(edit);
  return all;
}

void ApplyEdit(const Edit& edit, Tree* tree) {
  if (edit.value) {
    tree->Set(edit.path, edit.key, *edit.value);
  } else if (edit.key.empty()) {
    tree->RemovePath(edit.path);
  } else {
    tree->Remove(edit.path, edit.key);
  }
}

void Pending::ApplyTo(Tree* tree) const {
  for (const auto& [number, edit] : edits_) ApplyEdit(edit, tree);
}

}  // namespace nscp::kernel
