// Which instance answers to which static name. Built once, then only read. Private to
// this room.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/modules/catalogue.h"

namespace nscp::kernel {

class NameIndex {
 public:
  // In configured order: the later claim wins. Lines about shadowed names go to `notes`.
  void Add(const v1::Manifest& manifest, const ConfiguredModule& instance,
           std::vector<std::string>* notes);

  std::vector<NameClaim> All() const;
  // Any case.
  const NameClaim* Find(std::string_view name) const;

 private:
  std::map<std::string, NameClaim> claims_;
};

}  // namespace nscp::kernel
