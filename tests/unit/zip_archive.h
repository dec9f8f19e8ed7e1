// Archives made with libzip, so that odd ones can be made too.
#pragma once

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <zip.h>

#include <string>
#include <vector>

namespace nscp::testing {

struct ZipFile {
  std::string name;
  std::string bytes;
  mode_t mode = 0;  // 0: none is told
};

inline std::string Zip(const std::vector<ZipFile>& files) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* buffer = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(buffer);
  zip_t* archive = zip_open_from_source(buffer, ZIP_TRUNCATE, &error);
  REQUIRE(archive != nullptr);
  for (const ZipFile& file : files) {
    zip_source_t* bytes =
        zip_source_buffer(archive, file.bytes.data(), file.bytes.size(), 0);
    const zip_int64_t at =
        zip_file_add(archive, file.name.c_str(), bytes, ZIP_FL_ENC_RAW);
    REQUIRE(at >= 0);
    if (file.mode == 0) continue;
    zip_file_set_external_attributes(archive, static_cast<zip_uint64_t>(at), 0,
                                     ZIP_OPSYS_UNIX,
                                     static_cast<zip_uint32_t>(file.mode) << 16U);
  }
  REQUIRE(zip_close(archive) == 0);
  zip_stat_t about;
  REQUIRE(zip_source_stat(buffer, &about) == 0);
  std::string out(about.size, '\0');
  REQUIRE(zip_source_open(buffer) == 0);
  zip_source_read(buffer, out.data(), out.size());
  zip_source_close(buffer);
  zip_source_free(buffer);
  return out;
}

}  // namespace nscp::testing
