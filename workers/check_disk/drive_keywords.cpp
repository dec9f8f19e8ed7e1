#include <cstdio>

#include "proto/cpp/text.h"
#include "workers/check_disk/drive_row.h"
#include "workers/checks/formats.h"
#include "workers/checks/part_of_whole.h"

namespace nscp::check_disk {
namespace {

using checks::Literal;
using checks::Value;
using Bytes = uint64_t (*)(const DriveRow&);

uint64_t Size(const DriveRow& row) { return row.space.size; }
uint64_t Free(const DriveRow& row) { return row.space.free; }
uint64_t Used(const DriveRow& row) { return row.space.size - row.space.free; }
uint64_t UserFree(const DriveRow& row) { return row.space.user_free; }
uint64_t UserUsed(const DriveRow& row) { return row.space.size - row.space.user_free; }
uint64_t Inodes(const DriveRow& row) { return row.space.inodes; }
uint64_t InodesFree(const DriveRow& row) { return row.space.inodes_free; }
uint64_t InodesUsed(const DriveRow& row) {
  return row.space.inodes - row.space.inodes_free;
}

// 0 where there is nothing to be a part of.
double Percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return 0;
  return 100 * static_cast<double>(part) / static_cast<double>(whole);
}

std::string TwoDecimals(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.2f", number);
  return text;
}

Result<Value> OfSize(const Literal& literal, const DriveRow* row) {
  std::optional<double> whole;
  if (row != nullptr) whole = static_cast<double>(row->space.size);
  return checks::PartOfWhole(literal, whole);
}

Result<Value> ReadType(const Literal& literal, const DriveRow*) {
  if (literal.kind == Literal::Kind::kInteger && literal.unit == 0) {
    return Value::Integer(literal.integer);
  }
  ASSIGN_OR_RETURN(const DriveType type, ParseDriveType(literal.text));
  return Value::Integer(static_cast<int64_t>(type));
}

bool IsWritable(const DriveRow& row) { return row.readable && row.space.writable; }

std::string FlagsOf(const DriveRow& row) {
  std::vector<std::string> flags;
  const auto flag = [&](bool is_set, const char* name) {
    if (is_set) flags.emplace_back(name);
  };
  flag(row.mounted, "mounted");
  flag(row.space.volume.hotplug, "hotplug");
  flag(row.space.volume.removable, "removable");
  flag(row.readable, "readable");
  flag(IsWritable(row), "writable");
  flag(row.space.volume.erasable, "erasable");
  return Join(flags, ", ");
}

void AddNames(checks::Keywords<DriveRow>& k) {
  auto text = [&](const char* name, const char* description,
                  std::string DriveRow::*member) {
    k.Text(name, description,
           [member](const DriveRow& row) -> std::string_view { return row.*member; });
  };
  text("name", "Name of the device; on Windows its label, if it has one",
       &DriveRow::name);
  text("id", "Name of the device; on Windows the unique one of the volume",
       &DriveRow::device);
  text("drive", "Where the drive is mounted", &DriveRow::drive);
  k.Text("drive_or_id", "Where the drive is mounted, else the device",
         [](const DriveRow& row) -> std::string_view {
           return row.drive.empty() ? row.device : row.drive;
         });
  k.Text("drive_or_name", "Where the drive is mounted, else its name",
         [](const DriveRow& row) -> std::string_view {
           return row.drive.empty() ? row.name : row.drive;
         });
  text("letter", "Letter of the drive (empty but on Windows)", &DriveRow::letter);
  k.Text("flags", "Flags of the drive in words", FlagsOf);
  text("filesystem", "Kind of file system, such as ext4", &DriveRow::filesystem);
  text("fs", "Short for filesystem", &DriveRow::filesystem);
  k.Integer("type", "Type of drive: fixed, remote, removable, cdrom, ramdisk, total",
            [](const DriveRow& row) { return static_cast<int64_t>(row.type); })
      .Convert(ReadType)
      .Human([](const DriveRow& row) { return std::string(DriveTypeName(row.type)); });
}

void AddBytes(checks::Keywords<DriveRow>& k) {
  const struct {
    const char* name;
    const char* description;
    const char* suffix;
    Bytes get;
  } rows[] = {
      {"free", "Free space, also what is kept back for root; bytes or percent", " free",
       Free},
      {"total_free", "The same as free", " free", Free},
      {"used", "Used space; bytes or percent", " used", Used},
      {"total_used", "The same as used", " used", Used},
      {"user_free", "Free space for everybody; bytes or percent", " user free", UserFree},
      {"user_used", "Space that is not free for everybody; bytes or percent",
       " user used", UserUsed},
  };
  for (const auto& r : rows) {
    const Bytes get = r.get;
    k.Integer(r.name, r.description, get)
        .Convert(OfSize)
        .Human([get](const DriveRow& row) {
          return checks::FormatBytes(static_cast<double>(get(row)));
        })
        .PerfBytes(r.suffix, Size)
        .PerfPercentage(std::string(r.suffix) + " %", Size);
  }
  k.Size("size", "Size of the drive in bytes", Size).Human([](const DriveRow& row) {
    return checks::FormatBytes(static_cast<double>(Size(row)));
  });
}

void AddPercents(checks::Keywords<DriveRow>& k) {
  const struct {
    const char* name;
    const char* description;
    Bytes part;
    Bytes whole;
  } rows[] = {
      {"free_pct", "Free space in percent", Free, Size},
      {"total_free_pct", "The same as free_pct", Free, Size},
      {"used_pct", "Used space in percent", Used, Size},
      {"total_used_pct", "The same as used_pct", Used, Size},
      {"user_free_pct", "Free space for everybody in percent", UserFree, Size},
      {"user_used_pct", "Space that is not free for everybody in percent", UserUsed,
       Size},
      {"inodes_free_pct", "Free inodes in percent", InodesFree, Inodes},
      {"inodes_used_pct", "Used inodes in percent", InodesUsed, Inodes},
  };
  for (const auto& r : rows) {
    const auto percent = [part = r.part, whole = r.whole](const DriveRow& row) {
      return Percent(part(row), whole(row));
    };
    k.Percent(r.name, r.description, [percent](const DriveRow& row) {
       return checks::RoundToInteger(percent(row));
     }).Human([percent](const DriveRow& row) { return TwoDecimals(percent(row)); });
  }
  k.Integer("inodes_total", "Number of inodes", Inodes);
  k.Integer("inodes_free", "Number of free inodes", InodesFree);
  k.Integer("inodes_used", "Number of used inodes", InodesUsed);
}

void AddFlags(checks::Keywords<DriveRow>& k, PathStyle style) {
  k.Integer("mounted", "1 when the drive is mounted; on Windows with a medium in it",
            [](const DriveRow& row) { return row.mounted; });
  k.Integer("removable", "1 when the drive is removable", [](const DriveRow& row) {
    return row.type == DriveType::kRemovable || row.space.volume.removable;
  });
  k.Integer("hotplug", "1 when the drive can be plugged in while the system runs",
            [style](const DriveRow& row) {
              if (style == PathStyle::kWindows) return row.space.volume.hotplug;
              return row.type == DriveType::kRemovable;
            });
  k.Integer("readable", "1 when the drive answers",
            [](const DriveRow& row) { return row.readable; });
  k.Integer("writable", "1 when the drive can be written to", IsWritable);
  k.Integer("erasable", "1 when the medium can be erased (of some drives of Windows)",
            [](const DriveRow& row) { return row.space.volume.erasable; });
  k.Integer("media_type",
            "Number of the drive's type; on Windows of its medium: 11 removable, 12 "
            "fixed ...",
            [style](const DriveRow& row) {
              if (style == PathStyle::kWindows) return row.space.volume.media_type;
              return static_cast<int64_t>(row.type);
            });
}

void AddTrendKeywords(checks::Keywords<DriveRow>& k) {
  k.Duration("full_in", "Seconds until the drive is full at the pace of trend-window",
             [](const DriveRow& row) { return row.full_in; })
      .NoValue("never")
      .Human([](const DriveRow& row) {
        return row.full_in ? checks::FormatUptime(*row.full_in) : "never";
      })
      .Perf("s", " full_in");
  k.Size("rate", "Bytes by which the used space grows in a day",
         [](const DriveRow& row) { return row.rate; })
      .NoValue("unknown")
      .Human([](const DriveRow& row) -> std::string {
        if (!row.rate) return "unknown";
        return checks::FormatBytes(static_cast<double>(*row.rate)) + "/day";
      })
      .Perf("", " rate");
  k.Integer("trend_span", "Seconds of history in the trend", [](const DriveRow& row) {
     return row.trend.span;
   }).NoPerf();
  k.Integer("trend_samples", "Samples in the trend", [](const DriveRow& row) {
     return row.trend.samples;
   }).NoPerf();
}

}  // namespace

checks::Keywords<DriveRow> DriveKeywords(PathStyle style) {
  checks::Keywords<DriveRow> k;
  AddNames(k);
  AddBytes(k);
  AddPercents(k);
  AddFlags(k, style);
  AddTrendKeywords(k);
  return k;
}

}  // namespace nscp::check_disk
