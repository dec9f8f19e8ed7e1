#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <utility>

#include "gateway/http/exchange.h"
#include "gateway/http/server.h"

namespace nscp::gateway {
namespace {

using Clock = std::chrono::steady_clock;
using Phase = Connection::Phase;
using Waiting = ConnectionTable::Waiting;

constexpr size_t kReadBytes = 16 * 1024;  // the size of a TLS record
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";

// RFC 9112, 7.1.
std::string Chunk(std::string_view bytes) {
  std::array<char, 2 * sizeof(size_t)> digits;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16).ptr;
  std::string chunk(digits.data(), end);
  chunk.append("\r\n").append(bytes).append("\r\n");
  return chunk;
}

Waiting HowItWaits(const Connection& connection) {
  switch (connection.phase) {
    case Phase::kHandshake:
      return Waiting::kHandshake;
    case Phase::kReading:
      return connection.begun ? Waiting::kReading : Waiting::kIdle;
    case Phase::kLingering:
      return Waiting::kLingering;
    case Phase::kStreaming:
      return Waiting::kStreaming;
    case Phase::kRunning:
    case Phase::kWriting:
      break;
  }
  return Waiting::kWriting;
}

}  // namespace

void HttpServer::Drive(const ConnectionPointer& connection) {
  Step step = Io::kDone;
  while (step == Io::kDone) {
    switch (connection->phase) {
      case Phase::kHandshake:
        step = Shake(connection);
        break;
      case Phase::kReading:
        step = ReadOn(connection);
        break;
      case Phase::kWriting:
        step = WriteOn(connection);
        break;
      case Phase::kStreaming:
        step = StreamOn(connection);
        break;
      case Phase::kLingering:
        step = Linger(connection);
        break;
      case Phase::kRunning:
        return;
    }
  }
  if (!step) return;
  if (*step == Io::kClosed) {
    Drop(connection);
  } else {
    ParkNow(connection, *step);
  }
}

HttpServer::Step HttpServer::Shake(const ConnectionPointer& connection) {
  const Io io = connection->tls->Handshake();
  if (io == Io::kDone) {
    connection->phase = Phase::kReading;
    connection->since = Clock::now();
  } else if (io == Io::kClosed && connection->tls->PeerSpokePlainHttp()) {
    connection->tls.reset();
    return Refuse(connection, 400,
                  "this port speaks HTTPS, the request came as plain HTTP");
  }
  return io;
}

HttpServer::Step HttpServer::ReadOn(const ConnectionPointer& connection) {
  auto& reader = connection->reader;
  const auto state = reader.Advance();
  if (state != RequestReader::State::kEmpty && !connection->begun) {
    connection->begun = true;
    connection->since = Clock::now();
  }
  if (state == RequestReader::State::kComplete) return Dispatch(connection);
  if (state == RequestReader::State::kRefused) {
    return Refuse(connection, reader.refusal().status, reader.refusal().text);
  }
  if (state == RequestReader::State::kEmpty && stopping_ && connection->served)
    return Io::kClosed;
  if (reader.TakeContinue()) {
    connection->output = kContinue;
    if (connection->Flush() != Io::kDone) return Io::kClosed;
  }
  std::array<char, kReadBytes> bytes;
  size_t received = 0;
  const Io io = connection->Read(bytes.data(), bytes.size(), &received);
  if (io != Io::kDone) return io;
  reader.Append({bytes.data(), received});
  Account(connection, reader.buffered());
  if (buffered_ > kMaxBufferedBytes && connection->counted > kAlwaysBufferedBytes) {
    return Refuse(connection, 503, "too many large requests come in at once");
  }
  return Io::kDone;
}

HttpServer::Step HttpServer::Dispatch(const ConnectionPointer& connection) {
  const Head& head = connection->reader.head();
  connection->close = !head.keep_alive;
  if (connection->over_bounds)
    return Refuse(connection, 503, "too many connections are open");
  bool is_long = false;
  try {
    is_long = options_.is_long && options_.is_long(head.method, head.path);
  } catch (const std::exception& error) {
    Complain(std::string("telling long requests from others: ") + error.what());
  }
  connection->phase = Phase::kRunning;
  // From Submit() on the connection belongs to the pool thread.
  if (pool_.Submit([this, connection] { Run(connection); }, is_long)) return std::nullopt;
  return Refuse(connection, 503, "too many requests wait for an answer");
}

void HttpServer::Run(const ConnectionPointer& connection) {
  if (cutting_) {
    Drop(connection);
    return;
  }
  const Request request = MakeRequest(connection);
  AnswerForm form;
  form.head_only = request.method == "HEAD";
  form.close = connection->close;
  form.chunked = connection->reader.head().minor_version > 0;
  form.request_id = request.request_id;
  std::shared_ptr<Stream> stream;
  const Handler handler = [&](const Request& asked) {
    Response response = handler_(asked);
    stream = response.stream;
    // It may have begun to stop in the meantime.
    if (stopping_ || stream) response.close = true;
    return response;
  };
  connection->output =
      Answer(handler, request, form, options_.on_error, &connection->close);
  connection->write_due = std::max(request.deadline, Clock::now() + kLeastWriteTime);
  connection->phase = Phase::kWriting;
  if (stream && form.head_only) {
    stream->Gone();
  } else if (stream) {
    connection->chunked = form.chunked;
    BeginStream(connection, std::move(stream));
  }
  Drive(connection);
}

void HttpServer::BeginStream(const ConnectionPointer& connection,
                             std::shared_ptr<Stream> stream) {
  stream->Attach([wakes = wakes_, id = connection->id] { wakes->Ask(id); });
  LimitUnacknowledged(connection->socket, options_.stream_stall);
  connection->stream = std::move(stream);
}

Request HttpServer::MakeRequest(const ConnectionPointer& connection) {
  const Head& head = connection->reader.head();
  Request request;
  request.method = head.method;
  request.path = head.path;
  request.parameters = DecodeQuery(head.query);
  request.headers = head.headers;
  request.body = connection->reader.TakeBody();
  request.remote_address = connection->remote_address;
  request.tls = connection->tls != nullptr;
  request.request_id = NextId();
  request.deadline = connection->since + options_.request_deadline;
  return request;
}

std::string HttpServer::NextId() { return id_prefix_ + std::to_string(next_request_++); }

HttpServer::Step HttpServer::Refuse(const ConnectionPointer& connection, int status,
                                    const std::string& text) {
  AnswerForm form;
  form.head_only = connection->reader.head().method == "HEAD";
  form.close = true;
  form.request_id = NextId();
  connection->output = Answer(RefusalResponse(status, text), form);
  connection->close = true;
  connection->write_due = Clock::now() + kLeastWriteTime;
  connection->phase = Phase::kWriting;
  return Io::kDone;
}

HttpServer::Step HttpServer::WriteOn(const ConnectionPointer& connection) {
  const Io io = connection->Flush();
  if (io != Io::kDone) return io;
  if (connection->stream) {
    connection->phase = Phase::kStreaming;
    return Io::kDone;
  }
  connection->since = Clock::now();
  connection->begun = false;
  connection->served = true;
  if (connection->close || stopping_) {
    // What the client still sends is read away for a while: closing at once would reset
    // the connection, and the answer could be lost on its way (RFC 9112, 9.6).
    if (connection->tls) connection->tls->Shutdown();
    ShutdownWriting(connection->socket);
    connection->phase = Phase::kLingering;
  } else {
    connection->reader.Next();
    connection->phase = Phase::kReading;
  }
  Account(connection, connection->reader.buffered());
  return Io::kDone;
}

// Nothing to send: waits for the client's end, and for the stream to ask (wakes_).
HttpServer::Step HttpServer::StreamOn(const ConnectionPointer& connection) {
  if (const Io io = connection->Flush(); io != Io::kDone) return io;
  Stream::Portion portion = connection->stream->Take();
  if (portion.cut) return Io::kClosed;
  if (!portion.bytes.empty()) {
    connection->output =
        connection->chunked ? Chunk(portion.bytes) : std::move(portion.bytes);
    connection->write_due = Clock::now() + options_.stream_stall;
    return Io::kDone;
  }
  if (portion.last) {
    connection->stream->Gone();
    connection->stream.reset();
    if (connection->chunked) connection->output = kLastChunk;
    connection->write_due = Clock::now() + kLeastWriteTime;
    connection->phase = Phase::kWriting;
    return Io::kDone;
  }
  return ReadAway(connection);
}

// Nobody wants to know what a client says while it listens.
HttpServer::Step HttpServer::ReadAway(const ConnectionPointer& connection) {
  std::array<char, kReadBytes> bytes;
  size_t received = 0;
  const Io io = connection->Read(bytes.data(), bytes.size(), &received);
  if (io != Io::kDone) return io;
  connection->lingered += received;
  return connection->lingered > kMaxLingerBytes ? Io::kClosed : Io::kDone;
}

void HttpServer::EndStream(const ConnectionPointer& connection) {
  const bool stuck = !connection->output.empty();
  connection->stream->End();
  if (stuck) {
    Drop(connection);
  } else {
    Drive(connection);
  }
}

HttpServer::Step HttpServer::Linger(const ConnectionPointer& connection) {
  std::array<char, kReadBytes> bytes;
  size_t received = 0;
  // Raw bytes on purpose: nobody wants to know what they mean.
  const Io io = Receive(connection->socket, bytes.data(), bytes.size(), &received);
  if (io != Io::kDone) return io;
  connection->lingered += received;
  return connection->lingered > kMaxLingerBytes ? Io::kClosed : Io::kDone;
}

void HttpServer::Expire(const ConnectionPointer& connection, Waiting how) {
  if (how != Waiting::kReading) {
    Drop(connection);
    return;
  }
  Refuse(connection, 408, "the request wasn't complete in time");
  Drive(connection);
}

void HttpServer::Account(const ConnectionPointer& connection, size_t bytes) {
  buffered_ += bytes;
  buffered_ -= connection->counted;
  connection->counted = bytes;
}

void HttpServer::ParkNow(const ConnectionPointer& connection, Io wanted) {
  const Waiting how = HowItWaits(*connection);
  SteadyTime due;
  switch (how) {
    case Waiting::kHandshake:
      due = connection->since + options_.handshake_deadline;
      break;
    case Waiting::kIdle:
      due = connection->since + options_.idle;
      break;
    case Waiting::kReading:
      due = connection->since + options_.head_deadline;
      break;
    case Waiting::kLingering:
      due = connection->since + kLingerDeadline;
      break;
    case Waiting::kStreaming:
      due = connection->output.empty() ? SteadyTime::max() : connection->write_due;
      break;
    case Waiting::kWriting:
    case Waiting::kNot:
      due = connection->write_due;
      break;
  }
  std::shared_ptr<Stream> stream;
  if (how == Waiting::kStreaming && connection->output.empty())
    stream = connection->stream;
  table_.Park(connection, how, wanted, due);
  // From here on it may be another's. What was written meanwhile had nobody to wake.
  if (stream) stream->WakeIfPending();
  if (stopping_) poller_->Wake();  // it may be one that isn't waited for
}

void HttpServer::Drop(const ConnectionPointer& connection) {
  Account(connection, 0);
  table_.Remove(connection);
  if (stopping_) poller_->Wake();
}

}  // namespace nscp::gateway
