// The messages that NSClient++'s agents ask each other checks with (POST /query.pb,
// NSCP), as plain types: any protocol that carries them reads and writes them here. Texts
// are bytes and need not be UTF-8. Functions without state; any thread. Source:
// plugin-protocol.md 1 and 9.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/cpp/status.h"
#include "workers/sdk/check_result.h"

namespace nscp::legacy {

// Checks in one message; the protocols know no bound of their own.
constexpr size_t kMaxQueries = 64;

// Between whom the message goes, in words of their own. What else a header can hold
// (hosts, and metadata that would claim an identity) is neither believed nor passed on.
struct Header {
  std::string command;
  std::string source;
  std::string sender;
  std::string recipient;
  std::string destination;
  std::string message_id;
  std::vector<std::string> tags;
};

struct Query {
  int32_t id = 0;  // comes back with the answer
  std::string command;
  std::string alias;
  std::string target;
  std::vector<std::string> arguments;
};

struct Queries {
  std::optional<Header> header;
  std::vector<Query> queries;
};

struct Answer {
  int32_t id = 0;
  std::string alias;
  std::string source;
  std::vector<std::string> arguments;
  sdk::CheckResult result;  // its command is the message's
};

struct Answers {
  std::optional<Header> header;
  std::vector<Answer> answers;
};

// InvalidArgument: no such message, no query in it, or more than kMaxQueries.
Result<Queries> ReadQueries(std::string_view bytes);
std::string WriteQueries(const Queries& queries);
// InvalidArgument: no such message. A state that is none is UNKNOWN.
Result<Answers> ReadAnswers(std::string_view bytes);
std::string WriteAnswers(const Answers& answers);

// Passive results on their way to a channel.
struct Submission {
  std::string channel;
  std::vector<Answer> answers;
};

// InvalidArgument: no such message, or more than kMaxQueries results.
Result<Submission> ReadSubmission(std::string_view bytes);
std::string WriteSubmission(const Submission& submission);

// A command of the command line, the only one of its message.
struct Command {
  int32_t id = 0;
  std::string command;
  std::vector<std::string> arguments;
};

struct CommandAnswer {
  int32_t id = 0;
  std::string command;
  sdk::State state = sdk::State::kUnknown;
  std::string message;
};

// InvalidArgument: no such message, or not one in it.
Result<Command> ReadCommand(std::string_view bytes);
std::string WriteCommand(const Command& command);
Result<CommandAnswer> ReadCommandAnswer(std::string_view bytes);
std::string WriteCommandAnswer(const CommandAnswer& answer);

// The same message on its way back: sender and recipient change places.
Header ReplyTo(const Header& header);
// With the query's id and alias, and its command where the result names none.
Answer AnswerTo(const Query& query, sdk::CheckResult result);

}  // namespace nscp::legacy
