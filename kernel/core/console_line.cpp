// The kernel as a client of its own services, for one line of the console.
#include "kernel/core/kernel.h"
#include "proto/cpp/kernel_client.h"
#include "proto/cpp/secret.h"

namespace nscp::kernel {
namespace {

constexpr char kLeftOut[] = "... (the rest is left out: the answer is too large)";

// Collects an answer within its bound, and gives each line of it to the log.
class Collector {
 public:
  Collector(Logger& logger, std::string request_id)
      : logger_(logger), request_id_(std::move(request_id)) {}

  void Add(const std::string& line) {
    if (full_) return;
    full_ = text_.size() + line.size() > Kernel::kMaxConsoleOutput;
    const std::string& said = full_ ? kRest : line;
    logger_.Log(v1::LOG_INFO, kConsoleSender, said, __FILE__, __LINE__, request_id_);
    text_ += said + "\n";
  }
  std::string Take() { return std::move(text_); }

 private:
  const std::string kRest = kLeftOut;
  Logger& logger_;
  const std::string request_id_;
  std::string text_;
  bool full_ = false;
};

}  // namespace

Result<std::string> Kernel::RunConsoleLine(const Identity& who, Console::Asker asker,
                                           const std::string& line) {
  Identity acting = who;
  acting.rights = Rights::Admin();
  ASSIGN_OR_RETURN(const std::string token, NewToken());
  broker_->identities().Add(token, std::move(acting));
  const auto client = KernelClient::Connect(target_, token);
  Collector answer(*logger_, asker.request_id);
  Console console(*client, std::move(asker),
                  [&answer](const std::string& said) { answer.Add(said); });
  if (!console.Handle(line)) {
    answer.Add("exit ends nscp test at its own terminal; from here it does nothing");
  }
  broker_->identities().Forget(token);
  return answer.Take();
}

}  // namespace nscp::kernel
