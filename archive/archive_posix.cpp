// With libzip, which reads the archive from memory.
#include <sys/stat.h>
#include <zip.h>

#include <memory>
#include <set>

#include "archive/archive.h"
#include "proto/cpp/text.h"
#include "proto/cpp/utf8.h"

namespace nscp {
namespace {

constexpr size_t kChunk = 64 * 1024;
// Where Unix keeps a file's mode in the attributes of an entry.
constexpr unsigned kModeShift = 16;

struct Close {
  void operator()(zip_t* archive) const { zip_discard(archive); }
  void operator()(zip_file_t* file) const { zip_fclose(file); }
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Close>;
using Source = std::unique_ptr<zip_source_t, Close>;
using OpenFile = std::unique_ptr<zip_file_t, Close>;

Status Bad(const std::string& why) {
  return Status::InvalidArgument("the archive " + why);
}
Status BadEntry(std::string_view name, const std::string& why) {
  return Bad("holds " + CutUtf8(RepairUtf8(name), kMaxEntryName) + ": " + why);
}

Result<Archive> Open(std::string_view zip) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(zip.data(), zip.size(), 0, &error);
  zip_t* archive = source == nullptr
                       ? nullptr
                       : zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
  if (archive == nullptr && source != nullptr) zip_source_free(source);
  const std::string why = zip_error_strerror(&error);
  zip_error_fini(&error);
  if (archive == nullptr) return Status::InvalidArgument("it is no zip archive: " + why);
  return Archive(archive);
}

// A mode of 0 is that of an archive that knows none.
Result<unsigned> ModeOf(zip_t* archive, zip_uint64_t index, std::string_view name) {
  zip_uint8_t system = 0;
  zip_uint32_t attributes = 0;
  if (zip_file_get_external_attributes(archive, index, 0, &system, &attributes) != 0) {
    return BadEntry(name, "its attributes can't be read");
  }
  const unsigned mode = system == ZIP_OPSYS_UNIX ? attributes >> kModeShift : 0;
  const unsigned kind = mode & S_IFMT;
  if (kind != 0 && kind != S_IFREG && kind != S_IFDIR) {
    return BadEntry(name, "it is neither a file nor a folder; links are not unpacked");
  }
  return mode;
}

// What is unpacked counts, not what the archive promises.
Result<std::string> ReadEntry(zip_t* archive, zip_uint64_t index, std::string_view name,
                              size_t left) {
  const OpenFile file(zip_fopen_index(archive, index, 0));
  if (!file) return BadEntry(name, zip_strerror(archive));
  std::string bytes;
  for (;;) {
    const size_t before = bytes.size();
    bytes.resize(before + kChunk);
    const zip_int64_t got = zip_fread(file.get(), bytes.data() + before, kChunk);
    if (got < 0)
      return BadEntry(name, zip_error_strerror(zip_file_get_error(file.get())));
    bytes.resize(before + static_cast<size_t>(got));
    if (bytes.size() > left) return Status::ResourceExhausted("");
    if (got == 0) return bytes;
  }
}

class Reader {
 public:
  Reader(zip_t* archive, const ArchiveLimits& limits)
      : archive_(archive), limits_(limits), left_(limits.unpacked) {}

  Status Add(zip_uint64_t index) {
    zip_stat_t about;
    if (zip_stat_index(archive_, index, ZIP_FL_ENC_RAW, &about) != 0 ||
        (about.valid & ZIP_STAT_NAME) == 0) {
      return Bad("has an entry without a name");
    }
    std::string_view name = about.name;
    ASSIGN_OR_RETURN(const unsigned mode, ModeOf(archive_, index, name));
    const bool folder = EndsWith(name, "/");
    if (folder) name.remove_suffix(1);
    if (!IsEntryName(name)) {
      return BadEntry(
          about.name,
          "names are made of A-Z a-z 0-9 . _ + - and /, are relative and have "
          "no hidden or empty part");
    }
    if ((about.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 &&
        about.encryption_method != ZIP_EM_NONE) {
      return BadEntry(name, "it is encrypted");
    }
    if (folder || (mode & S_IFMT) == S_IFDIR) return Status::Ok();
    if (!names_.insert(ToLowerAscii(name)).second) {
      return BadEntry(name, "two entries have this name");
    }
    ArchiveFile& file = files_.emplace_back();
    file.name = std::string(name);
    file.executable = (mode & S_IXUSR) != 0;
    auto bytes = ReadEntry(archive_, index, name, left_);
    if (bytes.status().code() == Code::kResourceExhausted) {
      return Bad("holds more than " + std::to_string(limits_.unpacked) + " bytes");
    }
    RETURN_IF_ERROR(bytes.status());
    file.bytes = std::move(bytes).value();
    left_ -= file.bytes.size();
    return Status::Ok();
  }
  std::vector<ArchiveFile> Take() { return std::move(files_); }

 private:
  zip_t* const archive_;
  const ArchiveLimits limits_;
  std::set<std::string> names_;
  std::vector<ArchiveFile> files_;
  size_t left_;
};

Status CheckFiles(const std::vector<ArchiveFile>& files, const ArchiveLimits& limits) {
  if (files.size() > limits.entries) return Bad("would have too many entries");
  std::set<std::string> names;
  size_t bytes = 0;
  for (const ArchiveFile& file : files) {
    bytes += file.bytes.size();
    if (!IsEntryName(file.name) || !names.insert(ToLowerAscii(file.name)).second) {
      return BadEntry(file.name, "the name can't be used");
    }
  }
  return bytes <= limits.unpacked ? Status::Ok() : Bad("would be too large");
}

// `file` outlives the archive.
Status AddEntry(zip_t* archive, const ArchiveFile& file) {
  zip_source_t* bytes =
      zip_source_buffer(archive, file.bytes.data(), file.bytes.size(), 0);
  const zip_int64_t at = bytes == nullptr ? -1
                                          : zip_file_add(archive, file.name.c_str(),
                                                         bytes, ZIP_FL_ENC_UTF_8);
  if (at < 0) {
    if (bytes != nullptr) zip_source_free(bytes);
    return BadEntry(file.name, zip_strerror(archive));
  }
  const unsigned mode = S_IFREG | (file.executable ? 0700U : 0600U);
  zip_file_set_external_attributes(archive, static_cast<zip_uint64_t>(at), 0,
                                   ZIP_OPSYS_UNIX, mode << kModeShift);
  return Status::Ok();
}

Result<std::string> BytesOf(zip_source_t* source) {
  zip_stat_t about;
  if (zip_source_stat(source, &about) != 0 || zip_source_open(source) != 0) {
    return Bad("can't be read back");
  }
  std::string bytes(about.size, '\0');
  const zip_int64_t got = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (got != static_cast<zip_int64_t>(bytes.size())) return Bad("can't be read back");
  return bytes;
}

}  // namespace

Result<std::vector<ArchiveFile>> ReadArchive(std::string_view zip,
                                             const ArchiveLimits& limits) {
  if (zip.size() > limits.bytes) {
    return Bad("is larger than " + std::to_string(limits.bytes) + " bytes");
  }
  ASSIGN_OR_RETURN(const Archive archive, Open(zip));
  const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
  if (count == 0) return Bad("is empty");
  if (count < 0 || static_cast<size_t>(count) > limits.entries) {
    return Bad("has " + std::to_string(count) + " entries; at most " +
               std::to_string(limits.entries) + " are unpacked");
  }
  Reader reader(archive.get(), limits);
  for (zip_int64_t i = 0; i < count; ++i) {
    RETURN_IF_ERROR(reader.Add(static_cast<zip_uint64_t>(i)));
  }
  return reader.Take();
}

Result<std::string> WriteArchive(const std::vector<ArchiveFile>& files,
                                 const ArchiveLimits& limits) {
  RETURN_IF_ERROR(CheckFiles(files, limits));
  const Source source(zip_source_buffer_create(nullptr, 0, 0, nullptr));
  if (!source) return Bad("can't be made: no memory");
  zip_source_keep(source.get());  // the archive takes one of the two
  zip_t* opened = zip_open_from_source(source.get(), ZIP_TRUNCATE, nullptr);
  if (opened == nullptr) {
    zip_source_free(source.get());
    return Bad("can't be made");
  }
  Archive archive(opened);
  for (const ArchiveFile& file : files) {
    RETURN_IF_ERROR(AddEntry(archive.get(), file));
  }
  if (zip_close(archive.get()) != 0) {
    return Bad("can't be made: " + std::string(zip_strerror(archive.get())));
  }
  (void)archive.release();  // closed
  return BytesOf(source.get());
}

std::string ArchiveLibraryVersion() { return zip_libzip_version(); }

}  // namespace nscp
