// Whether a file can be made, written, brought to the disk, read back and removed. Any
// thread; takes as long as the disk does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nscp::check_disk {

constexpr size_t kMaxWriteTest = 1024 * 1024;  // bytes: a probe, no benchmark

struct WriteOutcome {
  std::vector<std::string> issues;  // what went wrong; empty when all went well
  int64_t write_ms = 0;             // making, writing and bringing it to the disk
  int64_t read_ms = 0;              // reading back and comparing
  int64_t total_ms = 0;             // with the removal
};

// Makes `path`, which must not be there yet, and removes it again; of a file that was
// there before nothing is touched.
WriteOutcome TestWriting(const std::string& path, size_t bytes);

// The bytes of the test file: a text that tells whose it is, should one be left behind.
std::string WriteTestContent(size_t bytes);

}  // namespace nscp::check_disk
