#include <cstdio>

#include "workers/check_system/counter_source.h"

namespace nscp::check_system {
namespace {

struct PdhMeaning {
  uint32_t code;
  Code kind;
  const char* words;
};

constexpr PdhMeaning kPdhMeanings[] = {
    {0x800007D0, Code::kUnavailable, "the computer cannot be reached"},
    {0x800007D1, Code::kNotFound, "there is no such instance"},
    {0x800007D5, Code::kUnavailable, "there is no data"},
    {0x800007D6, Code::kUnavailable, "the counter went backwards between two samples"},
    {0x800007D7, Code::kUnavailable, "the counter's clock went backwards"},
    {0x800007D8, Code::kUnavailable, "the value would be below zero"},
    {0xC0000BB8, Code::kNotFound,
     "there is no such object (nscp sys pdh --list --all lists them)"},
    {0xC0000BB9, Code::kNotFound,
     "there is no such counter (nscp sys pdh --list --all lists them)"},
    {0xC0000BBA, Code::kUnavailable, "the counter gave no valid value"},
    {0xC0000BBB, Code::kResourceExhausted, "there is too little memory"},
    {0xC0000BBD, Code::kInvalidArgument, "an argument is not valid"},
    {0xC0000BBE, Code::kUnimplemented, "this Windows lacks the function"},
    {0xC0000BBF, Code::kInvalidArgument, "the path names no counter"},
    {0xC0000BC0, Code::kInvalidArgument,
     "the path is not written as \\object(instance)\\counter"},
    {0xC0000BC3, Code::kUnavailable,
     "the computer cannot be reached, or refuses: the service Remote Registry must run "
     "there and the agent's account have the right to read counters"},
    {0xC0000BC4, Code::kNotFound, "there is no such path"},
    {0xC0000BC5, Code::kNotFound, "there is no such instance"},
    {0xC0000BC6, Code::kUnavailable, "the counter gave no valid value"},
    {0xC0000BC8, Code::kUnavailable,
     "the names of counters cannot be read; lodctr /R, run by an administrator, makes "
     "them anew"},
    {0xC0000BD3, Code::kUnimplemented, "this Windows lacks the function"},
    {0xC0000BD4, Code::kNotFound, "there is no such name or index"},
    {0xC0000BDB, Code::kPermissionDenied,
     "the agent's account may not read counters (it must be in the group Performance "
     "Monitor Users)"},
    {0xC0000BDF, Code::kUnavailable, "the query has no counter"},
    {0xC0000BFE, Code::kDeadlineExceeded,
     "the counter's provider gave no answer in time"},
};

}  // namespace

Status CounterError(const std::string& doing, uint32_t code) {
  char number[32];
  snprintf(number, sizeof(number), "error 0x%08X", code);
  for (const PdhMeaning& meaning : kPdhMeanings) {
    if (meaning.code == code) {
      return {meaning.kind, doing + ": " + meaning.words + " (" + number + ")"};
    }
  }
  return Status::Unavailable(doing + ": " + number);
}

}  // namespace nscp::check_system
