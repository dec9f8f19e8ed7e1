// The texts of listings that were made not long ago and are still true. The kernel tells
// the revision of what they show after each change (Modules.Watch); a text older than the
// newest revision heard is never given, and neither is one that was asked for before a
// change that went through this gateway ended: who changes something reads it back.
// Any thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace nscp::gateway {

class ListingMemory {
 public:
  // Beyond these a listing is made anew each time. A key holds the host that a client
  // names.
  static constexpr size_t kMaxTexts = 16;
  static constexpr size_t kMaxTextBytes = 256 * 1024;
  static constexpr size_t kMaxKeyBytes = 512;

  // The kernel told a revision; until the first, and after Deaf, nothing is kept.
  void Heard(uint64_t revision);
  void Deaf();

  // Null: ask the kernel.
  std::shared_ptr<const std::string> Find(const std::string& key) const;
  // Taken before the kernel is asked, given to Keep.
  uint64_t Mark() const;
  void Keep(const std::string& key, uint64_t mark, uint64_t revision, std::string text);

  // Lives while a request changes something that listings show.
  class Change {
   public:
    explicit Change(ListingMemory& memory) : memory_(memory) {}
    ~Change() { memory_.Forget(); }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

   private:
    ListingMemory& memory_;
  };

 private:
  struct Text {
    uint64_t revision = 0;
    std::shared_ptr<const std::string> text;
  };
  void Forget();

  mutable std::mutex mutex_;
  bool hears_ = false;
  uint64_t newest_ = 0;
  uint64_t changes_ = 0;
  std::map<std::string, Text> texts_;
};

}  // namespace nscp::gateway
