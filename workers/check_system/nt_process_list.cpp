#include "workers/check_system/nt_process_list.h"

#include <cstddef>
#include <cstring>

namespace nscp::check_system {
namespace {

// The fields that are read of an entry; threads stand behind it.
struct NtEntry {
  uint32_t next;  // from this entry; 0 = the last
  uint32_t threads;
  uint64_t reserved[3];
  uint64_t created;
  uint64_t user;
  uint64_t kernel;
  uint16_t name_size;  // bytes
  uint16_t name_capacity;
  uint32_t padding;
  uint64_t name_address;
  uint64_t priority;
  uint64_t pid;
  uint64_t parent;
  uint32_t handles;
  uint32_t session;
  uint64_t key;
  uint64_t peak_virtual;
  uint64_t virtual_size;
  uint64_t page_faults;
  uint64_t peak_working_set;
  uint64_t working_set;
  uint64_t pools[4];
  uint64_t page_file;
  uint64_t peak_page_file;
};
static_assert(offsetof(NtEntry, created) == 32 && offsetof(NtEntry, pid) == 80 &&
              offsetof(NtEntry, peak_virtual) == 112 && sizeof(NtEntry) == 200);

Process MakeProcess(const NtEntry& entry, uint64_t now) {
  Process process;
  process.pid = static_cast<int64_t>(entry.pid);
  process.parent = static_cast<int64_t>(entry.parent);
  process.letter = 'R';
  process.virtual_size = entry.virtual_size;
  process.peak_virtual_size = entry.peak_virtual;
  process.working_set = entry.working_set;
  process.peak_working_set = entry.peak_working_set;
  process.page_file = entry.page_file;
  process.peak_page_file = entry.peak_page_file;
  process.page_faults = entry.page_faults & 0xFFFFFFFF;
  process.threads = entry.threads;
  process.handles = entry.handles;
  process.user_ticks = entry.user;
  process.kernel_ticks = entry.kernel;
  process.start_ticks = entry.created;
  // The system's own process may have no time.
  if (entry.created != 0 && entry.created < now) {
    process.elapsed = static_cast<int64_t>((now - entry.created) / kNtTicksPerSecond);
  }
  return process;
}

// The name that the entry points to, in place; empty where it points elsewhere.
std::u16string NameOf(const NtEntry& entry, std::string_view answer, uint64_t address) {
  const uint64_t begin = entry.name_address - address;
  if (entry.name_address < address || begin > answer.size() ||
      entry.name_size > answer.size() - begin) {
    return {};
  }
  std::u16string name(entry.name_size / sizeof(char16_t), u'\0');
  std::memcpy(name.data(), answer.data() + begin, name.size() * sizeof(char16_t));
  return name;
}

}  // namespace

Status ForEachNtProcess(std::string_view answer, uint64_t address, uint64_t now,
                        const VisitNt& visit) {
  size_t offset = 0;
  for (size_t count = 0; count < kMaxProcesses; ++count) {
    if (offset > answer.size() || answer.size() - offset < sizeof(NtEntry)) {
      return Status::Internal("Windows' list of processes ends in the middle of one");
    }
    NtEntry entry;
    std::memcpy(&entry, answer.data() + offset, sizeof(entry));
    if (entry.pid != 0 &&
        !visit(NameOf(entry, answer, address), MakeProcess(entry, now))) {
      return Status::Ok();
    }
    if (entry.next == 0) return Status::Ok();
    offset += entry.next;
  }
  return Status::ResourceExhausted("There are more than " +
                                   std::to_string(kMaxProcesses) + " processes");
}

}  // namespace nscp::check_system
