// POST /query.pb (rest-api.md 6; plugin-protocol.md 9): checks in NSClient++'s own
// message, as its NSCPClient sends them.
//
// NSClient++ ran these for nobody in particular (subject "*" of the permissions); here
// they run for the user that the gate has let in, as any other check of that user does. A
// policy for "*" holds for these too.
#include "gateway/api/answer.h"
#include "gateway/api/context.h"
#include "gateway/api/execute.h"
#include "gateway/legacy/legacy.h"
#include "workers/legacy/query_message.h"

namespace nscp::gateway {
namespace {

// All results of one message; those that come later are not run.
constexpr size_t kMaxResultBytes = 8 * 1024 * 1024;

// About what the result takes in the message.
size_t SizeOf(const sdk::CheckResult& result) {
  size_t size = result.data.size();
  for (const sdk::Line& line : result.lines) {
    size += line.message.size() + line.perf.size() * sizeof(sdk::PerfValue);
    for (const sdk::PerfValue& perf : line.perf) {
      size += perf.label.size() + (perf.text ? perf.text->size() : 0);
    }
  }
  return size;
}

// One after the other, in order: a client that wants them at once sends them apart.
legacy::Answers RunAll(const Context& context, const legacy::Queries& queries) {
  legacy::Answers answers;
  if (queries.header) answers.header = legacy::ReplyTo(*queries.header);
  size_t size = 0;
  for (const legacy::Query& query : queries.queries) {
    sdk::CheckResult result =
        size <= kMaxResultBytes
            ? ExecuteQuery(context, query.command, query.arguments)
            : sdk::CheckResult::Unknown(
                  "Not run: the results before it are larger than " +
                  std::to_string(kMaxResultBytes) + " bytes; send fewer queries at once");
    size += SizeOf(result);
    answers.answers.push_back(legacy::AnswerTo(query, std::move(result)));
  }
  return answers;
}

Response RunQueryMessage(const Context& context) {
  const auto queries = legacy::ReadQueries(context.request.body);
  if (!queries.ok()) {
    context.Log(sdk::LogLevel::kError,
                "request " + context.request.request_id + " from " +
                    context.request.remote_address +
                    ": POST /query.pb failed: " + queries.status().message());
    return TextAnswer(500, "500 Query failed");
  }
  Response response;
  response.content_type = kProtobuf;
  response.body = legacy::WriteAnswers(RunAll(context, *queries));
  return response;
}

}  // namespace

void AddLegacyQueryMessage(Router& router) {
  router.Add({"POST", "/query.pb", kUnversioned, "legacy", RunQueryMessage});
}

}  // namespace nscp::gateway
