#include "workers/check_disk/file_content.h"

#include <openssl/evp.h>

#include <memory>

#include "workers/check_disk/file_origin.h"

namespace nscp::check_disk {
namespace {

const EVP_MD* Algorithm(Checksum kind) {
  switch (kind) {
    case Checksum::kMd5:
      return ::EVP_md5();
    case Checksum::kSha1:
      return ::EVP_sha1();
    case Checksum::kSha256:
      return ::EVP_sha256();
    case Checksum::kSha384:
      return ::EVP_sha384();
    case Checksum::kSha512:
      break;
  }
  return ::EVP_sha512();
}

std::string Hex(const unsigned char* bytes, size_t size) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < size; ++i) {
    text += kHexDigits[bytes[i] >> 4];
    text += kHexDigits[bytes[i] & 15];
  }
  return text;
}

using Reader = std::function<bool(const std::function<bool(const char*, size_t)>&)>;

std::string SumOf(Checksum kind, const Reader& read) {
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(::EVP_MD_CTX_new(),
                                                                   &::EVP_MD_CTX_free);
  // A system that forbids an algorithm (FIPS) has no such checksum.
  if (!context || ::EVP_DigestInit_ex(context.get(), Algorithm(kind), nullptr) != 1) {
    return "";
  }
  const bool whole = read([&](const char* bytes, size_t size) {
    return ::EVP_DigestUpdate(context.get(), bytes, size) == 1;
  });
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (!whole || ::EVP_DigestFinal_ex(context.get(), digest, &size) != 1) return "";
  return Hex(digest, size);
}

}  // namespace

int64_t FileContent::LineCount() {
  if (lines_) return *lines_;
  int64_t lines = 0;
  char last = 0;
  const bool whole = ReadWhole(path_, [&](const char* bytes, size_t size) {
    for (size_t i = 0; i < size; ++i) {
      const bool second = bytes[i] == '\n' && last == '\r';
      lines += (bytes[i] == '\n' || bytes[i] == '\r') && !second ? 1 : 0;
      last = bytes[i];
    }
    return !cancelled_ || !cancelled_();
  });
  lines_ = whole ? lines : 0;
  return *lines_;
}

const std::string& FileContent::Sum(Checksum kind) {
  auto& sum = sums_[static_cast<size_t>(kind)];
  if (!sum) {
    sum = SumOf(kind, [&](const std::function<bool(const char*, size_t)>& take) {
      return ReadWhole(path_, [&](const char* bytes, size_t size) {
        return (!cancelled_ || !cancelled_()) && take(bytes, size);
      });
    });
  }
  return *sum;
}

const std::string& FileContent::Version() {
  if (!version_) version_ = FileVersion(path_);
  return *version_;
}

const std::string& FileContent::Owner() {
  if (!owner_) owner_ = FileOwner(path_);
  return *owner_;
}

}  // namespace nscp::check_disk
