#include "kernel/storage/storage.h"

#include <doctest/doctest.h>

#include "tests/unit/temp_folder.h"

namespace nscp::kernel {
namespace {

struct StorageFixture {
  testing::TempFolder temp;
  std::vector<std::string> warnings;
  Storage storage = Make();

  Storage* operator->() { return &storage; }
  Storage Make() {
    return Storage(temp.File("storage"),
                   [this](const std::string& text) { warnings.push_back(text); });
  }
};

Status Put(Storage& storage, const std::string& instance, const std::string& key,
           const std::string& value, const std::string& context = "c") {
  v1::PutStorageRequest request;
  request.set_context(context);
  request.set_key(key);
  request.set_value(value);
  return storage.Put(instance, request);
}

std::string Get(Storage& storage, const std::string& instance,
                const std::string& key = "", const std::string& context = "c") {
  v1::GetStorageRequest request;
  request.set_context(context);
  request.set_key(key);
  const auto found = storage.Get(instance, request);
  REQUIRE(found.ok());
  std::string text;
  for (const auto& entry : found->entries())
    text += entry.key() + "=" + entry.value() + "|";
  return text;
}

TEST_CASE("what an instance stores is its own and is found after a restart") {
  StorageFixture f;
  CHECK(Get(f.storage, "A").empty());
  CHECK(Put(f.storage, "A", "k", "\xFF\x01").ok());
  CHECK(Put(f.storage, "A", "j", "2").ok());
  CHECK(Put(f.storage, "A", "k", "other", "d").ok());
  CHECK(Put(f.storage, "odd/../name", "k", "n").ok());
  CHECK(Get(f.storage, "A") == "j=2|k=\xFF\x01|");
  CHECK(Get(f.storage, "A", "k") == "k=\xFF\x01|");
  CHECK(Get(f.storage, "A", "", "d") == "k=other|");
  CHECK(Get(f.storage, "B").empty());
  Storage again = f.Make();
  CHECK(Get(again, "A") == "j=2|k=\xFF\x01|");
  CHECK(Get(again, "odd/../name", "k") == "k=n|");
  CHECK(Put(again, "A", "k", "").ok());
  CHECK(Get(again, "A") == "j=2|");
  CHECK(Put(again, "A", "j", "").ok());
  Storage third = f.Make();
  CHECK(Get(third, "A").empty());
  CHECK(Get(third, "A", "", "d") == "k=other|");
  CHECK(f.warnings.empty());
}

TEST_CASE("bounds refuse and change nothing") {
  StorageFixture f;
  CHECK(Put(f.storage, "A", "", "v").code() == Code::kInvalidArgument);
  CHECK(Put(f.storage, "A", std::string(kMaxStorageKey + 1, 'k'), "v").code() ==
        Code::kResourceExhausted);
  CHECK(Put(f.storage, "A", "k", "v", std::string(kMaxStorageKey + 1, 'k')).code() ==
        Code::kResourceExhausted);
  CHECK(Put(f.storage, "A", "k", std::string(kMaxStorageValue + 1, 'v')).code() ==
        Code::kResourceExhausted);
  const std::string large(kMaxStorageValue, 'v');
  for (const char* key : {"1", "2", "3"}) CHECK(Put(f.storage, "A", key, large).ok());
  const Status full = Put(f.storage, "A", "4", large);
  CHECK(full.code() == Code::kResourceExhausted);
  CHECK(full.message().find("remove some first") != std::string::npos);
  CHECK(Get(f.storage, "A", "4").empty());
  CHECK(Put(f.storage, "A", "1", "").ok());
  CHECK(Put(f.storage, "A", "4", large).ok());
}

TEST_CASE("a damaged file is kept aside and what is whole is used") {
  StorageFixture f;
  CHECK(Put(f.storage, "A", "a", "1").ok());
  CHECK(Put(f.storage, "A", "b", "2").ok());
  const std::string bytes = f.temp.Read("storage/A.storage");
  f.temp.Write("storage/A.storage", bytes.substr(0, bytes.size() - 1));
  Storage again = f.Make();
  CHECK(Get(again, "A") == "a=1|");
  REQUIRE(f.warnings.size() == 1);
  CHECK(f.warnings[0].find("A.storage.damaged") != std::string::npos);
  CHECK(f.temp.Read("storage/A.storage.damaged").size() == bytes.size() - 1);
}

TEST_CASE("a disk that does not take it is told, and the old value stays") {
  StorageFixture f;
  CHECK(Put(f.storage, "A", "a", "1").ok());
  std::filesystem::remove_all(f.temp.File("storage"));
  f.temp.Write("storage", "a file where the folder should be");
  const Status failed = Put(f.storage, "A", "a", "2");
  CHECK_FALSE(failed.ok());
  CHECK(failed.message().find("storing a of A") != std::string::npos);
  CHECK(Get(f.storage, "A") == "a=1|");
}

}  // namespace
}  // namespace nscp::kernel
