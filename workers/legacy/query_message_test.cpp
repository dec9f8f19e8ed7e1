#include "workers/legacy/query_message.h"

#include <doctest/doctest.h>

#include <limits>

namespace nscp::legacy {
namespace {

// As a program that knows only the numbers of the fields writes it: {tag, length, bytes}.
std::string Field(int number, const std::string& bytes) {
  return std::string(1, static_cast<char>(number << 3 | 2)) +
         static_cast<char>(bytes.size()) + bytes;
}

sdk::PerfValue FullNumber() {
  sdk::PerfValue perf;
  perf.label = "a \xE4 label";
  perf.value = 0.1;
  perf.unit = "%";
  perf.warning = sdk::Bound{4, "4:5"};
  perf.critical = sdk::Bound{0, ""};
  perf.minimum = 0;
  perf.maximum = std::numeric_limits<double>::max();
  return perf;
}

sdk::PerfValue Text() {
  sdk::PerfValue perf;
  perf.label = "text";
  perf.text = "U";
  return perf;
}

TEST_CASE("a query is read by the numbers of its fields") {
  const std::string payload = std::string("\x08\x07", 2) + Field(2, "Check_OK") +
                              Field(3, "alias") + Field(4, "a=b") + Field(4, "\xFF") +
                              Field(7, "target");
  // 16 and above take two bytes for their number.
  const std::string header =
      Field(3, "me") + Field(8, Field(1, "k")) + "\x82\x01" + "\x02" + "id";
  const auto read = ReadQueries(Field(1, header) + Field(2, payload) + Field(2, ""));
  REQUIRE(read.ok());
  REQUIRE(read->header.has_value());
  CHECK(read->header->source == "me");
  CHECK(read->header->message_id == "id");
  REQUIRE(read->queries.size() == 2);
  const Query& query = read->queries[0];
  CHECK(query.id == 7);
  CHECK(query.command == "Check_OK");
  CHECK(query.alias == "alias");
  CHECK(query.target == "target");
  CHECK(query.arguments == std::vector<std::string>{"a=b", "\xFF"});
  CHECK(read->queries[1].command.empty());
}

TEST_CASE("what is no message, empty or too much is refused") {
  CHECK(ReadQueries("\xFF\xFF").status().code() == Code::kInvalidArgument);
  CHECK(ReadQueries("").status().message().find("no query") != std::string::npos);
  std::string many;
  for (size_t i = 0; i < kMaxQueries; ++i) many += Field(2, Field(2, "x"));
  CHECK(ReadQueries(many).ok());
  many += Field(2, Field(2, "x"));
  CHECK(ReadQueries(many).status().message().find("at most 64") != std::string::npos);
}

TEST_CASE("queries come back as they were written") {
  Queries queries;
  queries.header = Header{"c", "s", "se", "r", "d", "m", {"t1", "t2"}};
  queries.queries = {{1, "a", "b", "c", {"x", ""}}, {-2, "d", "", "", {}}};
  const auto read = ReadQueries(WriteQueries(queries));
  REQUIRE(read.ok());
  CHECK(read->header->tags == queries.header->tags);
  CHECK(read->header->destination == "d");
  REQUIRE(read->queries.size() == 2);
  CHECK(read->queries[0].arguments == queries.queries[0].arguments);
  CHECK(read->queries[1].id == -2);
  CHECK(WriteQueries(*read) == WriteQueries(queries));
}

TEST_CASE("a result with its performance data goes both ways without a loss") {
  Answers answers;
  Answer& answer = answers.answers.emplace_back();
  answer.id = 3;
  answer.alias = "al";
  answer.source = "host";
  answer.arguments = {"one"};
  answer.result.command = "check";
  answer.result.state = sdk::State::kCritical;
  answer.result.data = std::string("\0\x01", 2);
  answer.result.lines = {{"first \xE4", {FullNumber(), Text()}}, {"second", {}}};
  const std::string bytes = WriteAnswers(answers);
  const auto read = ReadAnswers(bytes);
  REQUIRE(read.ok());
  REQUIRE(read->answers.size() == 1);
  const sdk::CheckResult& result = read->answers[0].result;
  CHECK(result.state == sdk::State::kCritical);
  CHECK(result.command == "check");
  CHECK(result.data == answer.result.data);
  REQUIRE(result.lines.size() == 2);
  CHECK(result.lines[0].message == "first \xE4");
  CHECK(result.lines[1].perf.empty());
  REQUIRE(result.lines[0].perf.size() == 2);
  const sdk::PerfValue& number = result.lines[0].perf[0];
  CHECK_FALSE(number.text.has_value());
  CHECK(number.value == 0.1);
  REQUIRE(number.warning.has_value());
  CHECK(number.warning->value == 4);
  CHECK(number.warning->range == "4:5");
  // There and 0 is not the same as absent.
  REQUIRE(number.critical.has_value());
  CHECK(number.critical->range.empty());
  CHECK(number.minimum == 0.0);
  CHECK(number.maximum == std::numeric_limits<double>::max());
  CHECK(result.lines[0].perf[1].text == "U");
  CHECK_FALSE(result.lines[0].perf[1].minimum.has_value());
  CHECK(WriteAnswers(*read) == bytes);
}

TEST_CASE("absent thresholds stay absent") {
  Answers answers;
  sdk::PerfValue bare;
  bare.label = "n";
  answers.answers.emplace_back().result.lines = {{"", {bare}}};
  const auto read = ReadAnswers(WriteAnswers(answers));
  REQUIRE(read.ok());
  CHECK_FALSE(read->header.has_value());
  const sdk::PerfValue& perf = read->answers[0].result.lines[0].perf[0];
  CHECK_FALSE(perf.warning.has_value());
  CHECK_FALSE(perf.critical.has_value());
  CHECK_FALSE(perf.minimum.has_value());
  CHECK_FALSE(perf.maximum.has_value());
}

TEST_CASE("a state that is none is UNKNOWN") {
  const auto read = ReadAnswers(Field(2, std::string("\x20\x09", 2)));
  REQUIRE(read.ok());
  CHECK(read->answers[0].result.state == sdk::State::kUnknown);
}

TEST_CASE("an answer goes back where the query came from") {
  const Header reply = ReplyTo({"", "hop", "from", "to", "next", "m", {}});
  CHECK(reply.source == "next");
  CHECK(reply.destination == "hop");
  CHECK(reply.sender == "to");
  CHECK(reply.recipient == "from");
  CHECK(reply.message_id == "m");
  const Answer answer =
      AnswerTo({5, "Check_X", "al", "", {"arg"}}, sdk::CheckResult::Unknown("?"));
  CHECK(answer.id == 5);
  CHECK(answer.alias == "al");
  CHECK(answer.result.command == "check_x");
}

TEST_CASE("passive results and commands stand at the numbers of NSClient++") {
  Submission submission{"ch", {{3, "service", "host", {}, {}}}};
  submission.answers[0].result = sdk::CheckResult::Of(sdk::State::kCritical, "down");
  // channel 2, payload 3 { id 1, alias 3, result 4, source 7, lines 9 { message 1 } }
  const std::string wire =
      Field(2, "ch") + Field(3, std::string("\x08\x03", 2) + Field(3, "service") +
                                    std::string("\x20\x02", 2) + Field(7, "host") +
                                    Field(9, Field(1, "down")));
  CHECK(WriteSubmission(submission) == wire);
  const auto read = ReadSubmission(wire);
  REQUIRE(read.ok());
  CHECK(read->channel == "ch");
  CHECK(read->answers.at(0).alias == "service");
  CHECK(read->answers.at(0).result.state == sdk::State::kCritical);

  // payload 2 { command 2, arguments 3 }
  CHECK(WriteCommand({0, "go", {"a", "b"}}) ==
        Field(2, Field(2, "go") + Field(3, "a") + Field(3, "b")));
  // payload 2 { command 5, result 9, message 10 }
  const std::string answer =
      Field(2, Field(5, "go") + std::string("\x48\x01", 2) + Field(10, "text"));
  CHECK(WriteCommandAnswer({0, "go", sdk::State::kWarning, "text"}) == answer);
  const auto told = ReadCommandAnswer(answer);
  REQUIRE(told.ok());
  CHECK(told->state == sdk::State::kWarning);
  CHECK(told->message == "text");
  for (const std::string& bad :
       {std::string("garbage"), std::string(), Field(2, "") + Field(2, "")}) {
    CHECK_FALSE(ReadCommand(bad).ok());
    CHECK_FALSE(ReadCommandAnswer(bad).ok());
  }
  CHECK_FALSE(ReadSubmission("garbage").ok());
}

}  // namespace
}  // namespace nscp::legacy
