#include "kernel/modules/name_index.h"

#include "proto/cpp/text.h"

namespace nscp::kernel {
namespace {

NameClaim MakeClaim(const v1::QueryName& query, const std::string& spelled,
                    bool alternative, const std::string& instance) {
  NameClaim claim;
  claim.canonical = query.name();
  claim.info.set_name(ToLowerAscii(spelled));
  claim.info.set_title(spelled);
  claim.info.set_kind(alternative ? v1::NAME_ALIAS : v1::NAME_QUERY);
  claim.info.add_modules(instance);
  claim.info.set_description(alternative ? "Alternative name for: " + query.name()
                                         : query.description());
  return claim;
}

}  // namespace

void NameIndex::Add(const v1::Manifest& manifest, const ConfiguredModule& instance,
                    std::vector<std::string>* notes) {
  std::map<std::string, NameClaim> own;
  for (const v1::QueryName& query : manifest.queries()) {
    NameClaim claim = MakeClaim(query, query.name(), false, instance.id());
    own[claim.info.name()] = std::move(claim);
  }
  for (const v1::QueryName& query : manifest.queries()) {
    for (const std::string& other : query.alternatives()) {
      NameClaim claim = MakeClaim(query, other, true, instance.id());
      own.emplace(claim.info.name(), std::move(claim));
    }
  }
  for (auto& [name, claim] : own) {
    NameClaim& place = claims_[name];
    if (place.info.modules_size() > 0) {
      notes->push_back("The query " + name + " of " + place.info.modules(0) +
                       " is hidden by the one of " + instance.id() +
                       ", which stands later in [/modules]");
    }
    place = std::move(claim);
  }
}

std::vector<NameClaim> NameIndex::All() const {
  std::vector<NameClaim> all;
  all.reserve(claims_.size());
  for (const auto& [name, claim] : claims_) all.push_back(claim);
  return all;
}

const NameClaim* NameIndex::Find(std::string_view name) const {
  const auto found = claims_.find(ToLowerAscii(name));
  return found == claims_.end() ? nullptr : &found->second;
}

}  // namespace nscp::kernel
