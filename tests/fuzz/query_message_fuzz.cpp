// Reads any bytes as a message of queries, of answers, of passive results and of
// commands; what is accepted is written, read again and written the same. An answer to
// each query must be readable too.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/check.h"
#include "workers/legacy/query_message.h"

namespace {

using nscp::fuzz::Check;
namespace legacy = nscp::legacy;

void TryQueries(std::string_view bytes) {
  const auto queries = legacy::ReadQueries(bytes);
  if (!queries.ok()) return Check(!queries.status().message().empty());
  Check(!queries->queries.empty() && queries->queries.size() <= legacy::kMaxQueries);
  const std::string written = legacy::WriteQueries(*queries);
  const auto again = legacy::ReadQueries(written);
  Check(again.ok() && legacy::WriteQueries(*again) == written);
  legacy::Answers answers;
  if (queries->header) answers.header = legacy::ReplyTo(*queries->header);
  for (const legacy::Query& query : queries->queries) {
    answers.answers.push_back(
        legacy::AnswerTo(query, nscp::sdk::CheckResult::Unknown(query.command)));
  }
  const auto read = legacy::ReadAnswers(legacy::WriteAnswers(answers));
  Check(read.ok() && read->answers.size() == queries->queries.size());
}

void TryAnswers(std::string_view bytes) {
  const auto answers = legacy::ReadAnswers(bytes);
  if (!answers.ok()) return Check(!answers.status().message().empty());
  const std::string written = legacy::WriteAnswers(*answers);
  const auto again = legacy::ReadAnswers(written);
  Check(again.ok() && legacy::WriteAnswers(*again) == written);
}

// The messages that scripts give.
void TryScripts(std::string_view bytes) {
  if (const auto read = legacy::ReadSubmission(bytes); read.ok()) {
    Check(read->answers.size() <= legacy::kMaxQueries);
    const std::string written = legacy::WriteSubmission(*read);
    const auto again = legacy::ReadSubmission(written);
    Check(again.ok() && legacy::WriteSubmission(*again) == written);
  }
  if (const auto read = legacy::ReadCommand(bytes); read.ok()) {
    const auto again = legacy::ReadCommand(legacy::WriteCommand(*read));
    Check(again.ok() && again->arguments == read->arguments);
  }
  if (const auto read = legacy::ReadCommandAnswer(bytes); read.ok()) {
    const auto again = legacy::ReadCommandAnswer(legacy::WriteCommandAnswer(*read));
    Check(again.ok() && again->message == read->message && again->state == read->state);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  TryQueries(bytes);
  TryAnswers(bytes);
  TryScripts(bytes);
  return 0;
}
