#include "kernel/output/progress.h"

#include <iostream>

namespace nscp::kernel {
namespace {

// To the line's beginning, and what stands there is erased (ECMA-48 EL).
constexpr char kErase[] = "\r\x1b[K";

}  // namespace

Progress::Progress(const Screen& screen, std::string doing) : doing_(std::move(doing)) {
  if (screen.progress) thread_ = std::thread([this] { Run(); });
}

Progress::~Progress() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::Say(std::string doing) {
  const std::lock_guard<std::mutex> lock(mutex_);
  doing_ = std::move(doing);
  said_ = true;
  changed_.notify_all();
}

void Progress::Run() {
  const auto begun = std::chrono::steady_clock::now();
  std::unique_lock<std::mutex> lock(mutex_);
  if (changed_.wait_for(lock, kPatience, [this] { return ended_; })) return;
  while (!ended_) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::steady_clock::now() - begun);
    std::cerr << kErase << doing_ << " ... " << seconds.count() << " s" << std::flush;
    said_ = false;
    changed_.wait_for(lock, kStep, [this] { return ended_ || said_; });
  }
  std::cerr << kErase << std::flush;
}

}  // namespace nscp::kernel
