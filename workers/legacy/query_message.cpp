#include "workers/legacy/query_message.h"

#include <limits>
#include <utility>

#include "legacy/exec.pb.h"
#include "legacy/query.pb.h"
#include "legacy/submit.pb.h"
#include "proto/cpp/text.h"

namespace nscp::legacy {
namespace {

using WirePerf = wire::PerformanceData;
using WireNumber = WirePerf::FloatValue;
using WireQuery = wire::QueryRequestMessage::Request;
using WireAnswer = wire::QueryResponseMessage::Response;

template <typename Message>
bool Parse(std::string_view bytes, Message& message) {
  return bytes.size() <= static_cast<size_t>(std::numeric_limits<int>::max()) &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

std::vector<std::string> TextsFrom(
    const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

template <typename Message>
std::optional<Header> HeaderFrom(const Message& message) {
  if (!message.has_header()) return std::nullopt;
  const wire::Header& from = message.header();
  Header header;
  header.command = from.command();
  header.source = from.source_id();
  header.sender = from.sender_id();
  header.recipient = from.recipient_id();
  header.destination = from.destination_id();
  header.message_id = from.message_id();
  header.tags = TextsFrom(from.tags());
  return header;
}

template <typename Message>
void FillHeader(const std::optional<Header>& header, Message& message) {
  if (!header) return;
  wire::Header& to = *message.mutable_header();
  to.set_command(header->command);
  to.set_source_id(header->source);
  to.set_sender_id(header->sender);
  to.set_recipient_id(header->recipient);
  to.set_destination_id(header->destination);
  to.set_message_id(header->message_id);
  for (const std::string& tag : header->tags) to.add_tags(tag);
}

std::optional<double> LimitFrom(bool there, const wire::OptionalFloat& limit) {
  if (!there) return std::nullopt;
  return limit.value();
}

std::optional<sdk::Bound> BoundFrom(bool there, const wire::OptionalFloat& limit,
                                    const std::string& range) {
  if (!there && range.empty()) return std::nullopt;
  return sdk::Bound{limit.value(), range};
}

sdk::PerfValue PerfFrom(const WirePerf& from) {
  sdk::PerfValue perf;
  perf.label = from.alias();
  if (!from.has_float_value()) {
    perf.text = from.string_value().value();
    return perf;
  }
  const WireNumber& number = from.float_value();
  perf.value = number.value();
  perf.unit = number.unit();
  perf.warning =
      BoundFrom(number.has_warning(), number.warning(), number.warning_range());
  perf.critical =
      BoundFrom(number.has_critical(), number.critical(), number.critical_range());
  perf.minimum = LimitFrom(number.has_minimum(), number.minimum());
  perf.maximum = LimitFrom(number.has_maximum(), number.maximum());
  return perf;
}

void FillPerf(const sdk::PerfValue& perf, WirePerf& to) {
  to.set_alias(perf.label);
  if (perf.text) {
    to.mutable_string_value()->set_value(*perf.text);
    return;
  }
  WireNumber& number = *to.mutable_float_value();
  number.set_value(perf.value);
  number.set_unit(perf.unit);
  if (perf.warning) {
    number.mutable_warning()->set_value(perf.warning->value);
    number.set_warning_range(perf.warning->range);
  }
  if (perf.critical) {
    number.mutable_critical()->set_value(perf.critical->value);
    number.set_critical_range(perf.critical->range);
  }
  if (perf.minimum) number.mutable_minimum()->set_value(*perf.minimum);
  if (perf.maximum) number.mutable_maximum()->set_value(*perf.maximum);
}

sdk::State StateFrom(wire::ResultCode code) {
  return code >= wire::OK && code <= wire::UNKNOWN ? static_cast<sdk::State>(code)
                                                   : sdk::State::kUnknown;
}

Answer AnswerFrom(const WireAnswer& from) {
  Answer answer;
  answer.id = from.id();
  answer.alias = from.alias();
  answer.source = from.source();
  answer.arguments = TextsFrom(from.arguments());
  answer.result.command = from.command();
  answer.result.state = StateFrom(from.result());
  answer.result.data = from.data();
  for (const WireAnswer::Line& text : from.lines()) {
    sdk::Line& line = answer.result.lines.emplace_back();
    line.message = text.message();
    for (const WirePerf& perf : text.perf()) line.perf.push_back(PerfFrom(perf));
  }
  return answer;
}

void FillAnswer(const Answer& answer, WireAnswer& to) {
  to.set_id(answer.id);
  to.set_alias(answer.alias);
  to.set_source(answer.source);
  for (const std::string& argument : answer.arguments) to.add_arguments(argument);
  to.set_command(answer.result.command);
  to.set_result(static_cast<wire::ResultCode>(answer.result.state));
  to.set_data(answer.result.data);
  for (const sdk::Line& line : answer.result.lines) {
    WireAnswer::Line& text = *to.add_lines();
    text.set_message(line.message);
    for (const sdk::PerfValue& perf : line.perf) FillPerf(perf, *text.add_perf());
  }
}

}  // namespace

Result<Queries> ReadQueries(std::string_view bytes) {
  wire::QueryRequestMessage message;
  if (!Parse(bytes, message)) {
    return Status::InvalidArgument("the body is not a QueryRequestMessage");
  }
  if (message.payload_size() == 0) {
    return Status::InvalidArgument("the QueryRequestMessage holds no query");
  }
  if (static_cast<size_t>(message.payload_size()) > kMaxQueries) {
    return Status::InvalidArgument(
        "the QueryRequestMessage holds " + std::to_string(message.payload_size()) +
        " queries; send at most " + std::to_string(kMaxQueries) + " at once");
  }
  Queries queries;
  queries.header = HeaderFrom(message);
  for (const WireQuery& from : message.payload()) {
    queries.queries.push_back({from.id(), from.command(), from.alias(), from.target(),
                               TextsFrom(from.arguments())});
  }
  return queries;
}

std::string WriteQueries(const Queries& queries) {
  wire::QueryRequestMessage message;
  FillHeader(queries.header, message);
  for (const Query& query : queries.queries) {
    WireQuery& to = *message.add_payload();
    to.set_id(query.id);
    to.set_command(query.command);
    to.set_alias(query.alias);
    to.set_target(query.target);
    for (const std::string& argument : query.arguments) to.add_arguments(argument);
  }
  return message.SerializeAsString();
}

Result<Answers> ReadAnswers(std::string_view bytes) {
  wire::QueryResponseMessage message;
  if (!Parse(bytes, message)) {
    return Status::InvalidArgument("the bytes are not a QueryResponseMessage");
  }
  Answers answers;
  answers.header = HeaderFrom(message);
  for (const WireAnswer& from : message.payload()) {
    answers.answers.push_back(AnswerFrom(from));
  }
  return answers;
}

std::string WriteAnswers(const Answers& answers) {
  wire::QueryResponseMessage message;
  FillHeader(answers.header, message);
  for (const Answer& answer : answers.answers) FillAnswer(answer, *message.add_payload());
  return message.SerializeAsString();
}

Result<Submission> ReadSubmission(std::string_view bytes) {
  wire::SubmitRequestMessage message;
  if (!Parse(bytes, message)) {
    return Status::InvalidArgument("the bytes are not a SubmitRequestMessage");
  }
  if (static_cast<size_t>(message.payload_size()) > kMaxQueries) {
    return Status::InvalidArgument("the SubmitRequestMessage holds more than " +
                                   std::to_string(kMaxQueries) + " results");
  }
  Submission submission{message.channel(), {}};
  for (const WireAnswer& from : message.payload()) {
    submission.answers.push_back(AnswerFrom(from));
  }
  return submission;
}

std::string WriteSubmission(const Submission& submission) {
  wire::SubmitRequestMessage message;
  message.set_channel(submission.channel);
  for (const Answer& answer : submission.answers) {
    FillAnswer(answer, *message.add_payload());
  }
  return message.SerializeAsString();
}

Result<Command> ReadCommand(std::string_view bytes) {
  wire::ExecuteRequestMessage message;
  if (!Parse(bytes, message) || message.payload_size() != 1) {
    return Status::InvalidArgument(
        "the bytes are not an ExecuteRequestMessage of one command");
  }
  const auto& from = message.payload(0);
  return Command{from.id(), from.command(), TextsFrom(from.arguments())};
}

std::string WriteCommand(const Command& command) {
  wire::ExecuteRequestMessage message;
  auto& to = *message.add_payload();
  to.set_id(command.id);
  to.set_command(command.command);
  for (const std::string& argument : command.arguments) to.add_arguments(argument);
  return message.SerializeAsString();
}

Result<CommandAnswer> ReadCommandAnswer(std::string_view bytes) {
  wire::ExecuteResponseMessage message;
  if (!Parse(bytes, message) || message.payload_size() != 1) {
    return Status::InvalidArgument(
        "the bytes are not an ExecuteResponseMessage of one answer");
  }
  const auto& from = message.payload(0);
  return CommandAnswer{from.id(), from.command(), StateFrom(from.result()),
                       from.message()};
}

std::string WriteCommandAnswer(const CommandAnswer& answer) {
  wire::ExecuteResponseMessage message;
  auto& to = *message.add_payload();
  to.set_id(answer.id);
  to.set_command(answer.command);
  to.set_result(static_cast<wire::ResultCode>(answer.state));
  to.set_message(answer.message);
  return message.SerializeAsString();
}

Header ReplyTo(const Header& header) {
  Header reply;
  reply.command = header.command;
  reply.source = header.destination;
  reply.sender = header.recipient;
  reply.recipient = header.sender;
  reply.destination = header.source;
  reply.message_id = header.message_id;
  reply.tags = header.tags;
  return reply;
}

Answer AnswerTo(const Query& query, sdk::CheckResult result) {
  Answer answer;
  answer.id = query.id;
  answer.alias = query.alias;
  answer.result = std::move(result);
  if (answer.result.command.empty()) answer.result.command = ToLowerAscii(query.command);
  return answer;
}

}  // namespace nscp::legacy
