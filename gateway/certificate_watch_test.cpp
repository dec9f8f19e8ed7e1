#include "gateway/certificate_watch.h"

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>

namespace nscp::gateway {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::milliseconds kQuick{2};
constexpr std::chrono::seconds kLimit{10};

struct Folder {
  fs::path path = fs::temp_directory_path() / fs::path("nscp-certificate-watch");
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  std::string Write(const char* name, const std::string& text) const {
    std::ofstream(path / "next") << text;
    fs::rename(path / "next", path / name);  // never seen half written
    return (path / name).u8string();
  }
};

TEST_CASE("a certificate whose file changed is told once, and one that did not never") {
  const Folder folder;
  const std::string certificate = folder.Write("a.pem", "one");
  const std::string key = folder.Write("a.key", "one");
  std::atomic<int> told{0};
  std::promise<void> first;
  CertificateWatch watch(kQuick);
  watch.Watch({certificate, key}, [&] {
    if (++told == 1) first.set_value();
  });
  folder.Write("a.key", "another");
  REQUIRE(first.get_future().wait_for(kLimit) == std::future_status::ready);
  std::promise<void> second;
  watch.Watch({certificate, key}, [&] { second.set_value(); });
  CHECK(told == 1);
  folder.Write("a.pem", "another");
  CHECK(second.get_future().wait_for(kLimit) == std::future_status::ready);
  CHECK(told == 1);
}

TEST_CASE("a file that comes back after it was gone counts, its absence does not") {
  const Folder folder;
  const std::string certificate = folder.Write("b.pem", "one");
  std::promise<bool> told;
  CertificateWatch watch(kQuick);
  watch.Watch({certificate}, [&] { told.set_value(fs::exists(certificate)); });
  fs::remove(certificate);
  folder.Write("b.pem", "longer than before");
  auto future = told.get_future();
  REQUIRE(future.wait_for(kLimit) == std::future_status::ready);
  CHECK(future.get());
}

TEST_CASE("a stopped watch tells nothing more") {
  const Folder folder;
  const std::string certificate = folder.Write("c.pem", "one");
  std::atomic<int> told{0};
  CertificateWatch watch(kQuick);
  watch.Watch({certificate}, [&] { ++told; });
  watch.Stop();
  folder.Write("c.pem", "another");
  const int before = told;
  std::promise<void> other;
  CertificateWatch witness(kQuick);
  witness.Watch({folder.Write("d.pem", "one")}, [&] { other.set_value(); });
  folder.Write("d.pem", "another");
  REQUIRE(other.get_future().wait_for(kLimit) == std::future_status::ready);
  CHECK(told == before);
}

}  // namespace
}  // namespace nscp::gateway
