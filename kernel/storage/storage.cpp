#include "kernel/storage/storage.h"

#include <filesystem>
#include <sstream>

#include <google/protobuf/util/delimited_message_util.h>

#include "kernel/settings/atomic_file.h"
#include "proto/cpp/utf8.h"

namespace nscp::kernel {
namespace {

namespace pb = google::protobuf;

// An instance's name may be any text; as a file's it has letters, digits, '-', '_' and
// %XX.
std::string FileName(const std::string& instance) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string name;
  for (const char c : instance) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (plain) {
      name += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    name += '%';
    name += kHex[byte >> 4];
    name += kHex[byte & 15];
  }
  return name;
}

}  // namespace

std::string Storage::FileOf(const std::string& instance) const {
  return folder_ + "/" + FileName(instance) + ".storage";
}

Result<Storage::Entries*> Storage::OpenLocked(const std::string& instance) {
  if (const auto known = instances_.find(instance); known != instances_.end()) {
    return &known->second;
  }
  const std::string file = FileOf(instance);
  const auto text = ReadWholeFile(file, kMaxStorageFile);
  if (!text.ok() && text.status().code() != Code::kNotFound) {
    return text.status().WithContext("reading what " + instance + " has stored");
  }
  Entries entries;
  std::istringstream in(text.value_or(""));
  pb::io::IstreamInputStream stream(&in);
  bool clean_end = text.value_or("").empty();
  v1::PutStorageRequest entry;
  while (!clean_end &&
         pb::util::ParseDelimitedFromZeroCopyStream(&entry, &stream, &clean_end)) {
    entries.bytes += entry.context().size() + entry.key().size() + entry.value().size();
    entries.by_key[{entry.context(), entry.key()}] = {entry.value(),
                                                      entry.private_data()};
  }
  if (!clean_end) {
    std::error_code ignored;
    std::filesystem::rename(std::filesystem::u8path(file),
                            std::filesystem::u8path(file + ".damaged"), ignored);
    warn_("the file " + file + " is damaged; it is kept as " + file + ".damaged, and " +
          RepairUtf8(instance) + " goes on with the " +
          std::to_string(entries.by_key.size()) + " entries before the damage");
  }
  return &instances_.emplace(instance, std::move(entries)).first->second;
}

Status Storage::WriteLocked(const std::string& instance, const Entries& entries) const {
  std::ostringstream out;
  v1::PutStorageRequest message;
  for (const auto& [key, entry] : entries.by_key) {
    message.set_context(key.first);
    message.set_key(key.second);
    message.set_value(entry.value);
    message.set_private_data(entry.private_data);
    pb::util::SerializeDelimitedToOstream(message, &out);
  }
  return WriteFileAtomically(FileOf(instance), out.str());
}

Status Storage::Put(const std::string& instance, const v1::PutStorageRequest& request) {
  const std::string doing = "storing " + RepairUtf8(request.key()) + " of " + instance;
  if (request.key().empty()) return Status::InvalidArgument(doing + ": it has no key");
  if (request.key().size() > kMaxStorageKey ||
      request.context().size() > kMaxStorageKey) {
    return Status::ResourceExhausted("storing for " + instance +
                                     ": a context or a key has at most " +
                                     std::to_string(kMaxStorageKey) + " bytes");
  }
  if (request.value().size() > kMaxStorageValue) {
    return Status::ResourceExhausted(doing + ": a value has at most " +
                                     std::to_string(kMaxStorageValue) + " bytes");
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(Entries * entries, OpenLocked(instance));
  const Key key(request.context(), request.key());
  const size_t size = key.first.size() + key.second.size();
  Entries changed = *entries;
  if (const auto old = changed.by_key.find(key); old != changed.by_key.end()) {
    changed.bytes -= size + old->second.value.size();
    changed.by_key.erase(old);
  }
  if (!request.value().empty()) {
    changed.bytes += size + request.value().size();
    changed.by_key[key] = {request.value(), request.private_data()};
  }
  if (changed.bytes > kMaxStoredBytes || changed.by_key.size() > kMaxStoredEntries) {
    return Status::ResourceExhausted(
        doing + ": an instance stores at most " + std::to_string(kMaxStoredEntries) +
        " entries and " + std::to_string(kMaxStoredBytes) + " bytes; remove some first");
  }
  const Status written = WriteLocked(instance, changed);
  if (!written.ok()) return written.WithContext(doing);
  *entries = std::move(changed);
  return Status::Ok();
}

Result<v1::GetStorageResponse> Storage::Get(const std::string& instance,
                                            const v1::GetStorageRequest& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(const Entries* entries, OpenLocked(instance));
  v1::GetStorageResponse response;
  for (auto it = entries->by_key.lower_bound({request.context(), request.key()});
       it != entries->by_key.end() && it->first.first == request.context(); ++it) {
    if (!request.key().empty() && it->first.second != request.key()) break;
    auto& entry = *response.add_entries();
    entry.set_key(it->first.second);
    entry.set_value(it->second.value);
  }
  return response;
}

}  // namespace nscp::kernel
