// With libedit, whose functions the reading thread alone calls. It reads through
// ReadChar, so that a stop, or text that is printed, reaches it between two keys.
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cwchar>
#include <cwctype>
#include <mutex>

#include "kernel/cli/line_editor.h"
#include "kernel/cli/line_history.h"
#include "kernel/telemetry/log_sink.h"

namespace nscp::kernel {
namespace {

constexpr wchar_t kReplacement = 0xFFFD;
constexpr int kDefaultColumns = 80;
// How libedit shows what is no printable character: ^X, and \U+XXXX.
constexpr int kControlWidth = 2;
constexpr int kEscapedWidth = 8;
constexpr wchar_t kFirstPrintable = 0x20;
constexpr char kHowToEnd[] =
    "\nThe end of the input ends nothing: type exit, or press Ctrl-C, to end nscp "
    "test.\n";

// What is typed and shown is UTF-8, whatever the environment says; for one thread.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
  ~Utf8Locale() {
    if (locale_ != nullptr) freelocale(locale_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;
  locale_t get() const { return locale_; }

 private:
  const locale_t locale_;
};

class UseLocale {
 public:
  explicit UseLocale(const Utf8Locale& locale) : before_(uselocale(locale.get())) {}
  ~UseLocale() { uselocale(before_); }
  UseLocale(const UseLocale&) = delete;
  UseLocale& operator=(const UseLocale&) = delete;

 private:
  const locale_t before_;
};

class Wakeup {
 public:
  Wakeup() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Wakeup() {
    if (fd_ >= 0) close(fd_);
  }
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;

  int fd() const { return fd_; }
  void Set() {
    const uint64_t one = 1;
    (void)!write(fd_, &one, sizeof one);  // full means set already
  }
  void Clear() {
    uint64_t count = 0;
    (void)!read(fd_, &count, sizeof count);
  }

 private:
  const int fd_;
};

std::string Narrow(const wchar_t* text, size_t length) {
  std::string bytes;
  std::mbstate_t state{};
  std::array<char, MB_LEN_MAX> one;
  for (size_t i = 0; i < length; ++i) {
    const size_t count = std::wcrtomb(one.data(), text[i], &state);
    if (count != static_cast<size_t>(-1)) bytes.append(one.data(), count);
  }
  return bytes;
}

std::wstring Widen(std::string_view bytes) {
  std::wstring text;
  std::mbstate_t state{};
  while (!bytes.empty()) {
    wchar_t one = kReplacement;
    const size_t count = std::mbrtowc(&one, bytes.data(), bytes.size(), &state);
    const bool bad = count == 0 || count > bytes.size();
    if (bad) state = {};
    text += bad ? kReplacement : one;
    bytes.remove_prefix(bad ? 1 : count);
  }
  return text;
}

int WidthOf(wchar_t c) {
  if (std::iswprint(static_cast<wint_t>(c)) != 0) return wcwidth(c);
  return c < kFirstPrintable ? kControlWidth : kEscapedWidth;
}

int Columns() {
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefaultColumns;
}

std::string CommonBeginning(const std::vector<std::string>& words) {
  std::string common = words.front();
  for (const std::string& word : words) {
    size_t length = 0;
    while (length < common.size() && length < word.size() &&
           common[length] == word[length]) {
      ++length;
    }
    common.resize(length);
  }
  return common;
}

bool CanEdit() {
  const char* type = std::getenv("TERM");
  return isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0 && type != nullptr &&
         *type != '\0' && std::string_view(type) != "dumb" &&
         tcgetpgrp(STDIN_FILENO) == getpgrp();  // changing the mode would stop a job
}

class Editor final : public LineInput {
 public:
  explicit Editor(LineEditing editing)
      : editing_(std::move(editing)),
        prompt_(editing_.prompt.begin(), editing_.prompt.end()),
        history_(editing_.history_file) {}
  ~Editor() override {
    if (editor_ != nullptr) el_end(editor_);
    if (recall_ != nullptr) history_wend(recall_);
    if (screen_ != nullptr) std::fclose(screen_);
  }

  bool Open() {
    if (locale_.get() == nullptr || stop_.fd() < 0 || printed_.fd() < 0) return false;
    const UseLocale scope(locale_);
    // libedit's writes have the bound of all others: who reads nothing holds up nobody.
    screen_ = fopencookie(this, "w", {nullptr, WriteScreen, nullptr, nullptr});
    if (screen_ == nullptr) return false;
    editor_ = el_init_fd("nscp", stdin, screen_, screen_, STDIN_FILENO, STDOUT_FILENO,
                         STDOUT_FILENO);
    recall_ = history_winit();
    if (editor_ == nullptr || recall_ == nullptr) return false;
    columns_ = Columns();
    el_wset(editor_, EL_CLIENTDATA, this);
    el_wset(editor_, EL_PROMPT, GivePrompt);
    el_wset(editor_, EL_EDITOR, L"emacs");
    el_wset(editor_, EL_SIGNAL, 0);
    el_wset(editor_, EL_GETCFN, ReadOne);
    el_wset(editor_, EL_HIST, history_w, recall_);
    el_wset(editor_, EL_ADDFN, L"complete-word", L"Complete the word", CompleteOne);
    el_wset(editor_, EL_BIND, L"^I", L"complete-word", nullptr);
    el_wset(editor_, EL_BIND, L"^R", L"em-inc-search-prev", nullptr);
    HistEventW event;
    history_w(recall_, &event, H_SETSIZE, static_cast<int>(kMaxHistoryLines));
    for (const std::string& line : history_.lines()) Recall(line);
    return true;
  }

  std::optional<std::string> Next() override {
    const UseLocale scope(locale_);
    while (!stopped_ && !ended_) {
      SetDrawn(true);
      int count = 0;
      const wchar_t* text = el_wgets(editor_, &count);
      std::string line;
      if (text != nullptr) line = Narrow(text, static_cast<size_t>(count));
      if (count < 0) ended_ = true;
      const bool cut_off = stopped_ || ended_;
      if (cut_off) Write("\n");
      SetDrawn(false);
      if (text != nullptr && !cut_off) return Entered(std::move(line));
      if (!cut_off) Print(kHowToEnd);
    }
    return std::nullopt;
  }

  void Stop() override {
    stopped_ = true;
    stop_.Set();
  }

  void Print(std::string_view text) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!drawn_) return output_(text);
    if (pending_.size() + text.size() > kMaxPendingText) return;
    pending_ += text;
    printed_.Set();
  }

 private:
  static Editor* Of(EditLine* editor) {
    void* self = nullptr;
    el_wget(editor, EL_CLIENTDATA, &self);
    return static_cast<Editor*>(self);
  }
  static wchar_t* GivePrompt(EditLine* editor) { return Of(editor)->prompt_.data(); }
  static int ReadOne(EditLine* editor, wchar_t* c) { return Of(editor)->ReadChar(c); }
  static unsigned char CompleteOne(EditLine* editor, int) {
    return Of(editor)->Complete();
  }
  static ssize_t WriteScreen(void* self, const char* text, size_t length) {
    static_cast<Editor*>(self)->Write({text, length});
    return static_cast<ssize_t>(length);
  }

  void Write(std::string_view text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    output_(text);
  }

  // Between the two nobody but this thread prints.
  void SetDrawn(bool drawn) {
    const std::lock_guard<std::mutex> lock(mutex_);
    drawn_ = drawn;
    if (!drawn && !pending_.empty()) output_(std::exchange(pending_, ""));
  }

  std::string Entered(std::string line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    if (history_.Add(line)) Recall(line);
    return line;
  }

  void Recall(const std::string& line) {
    HistEventW event;
    history_w(recall_, &event, H_ENTER, Widen(line).c_str());
  }

  // What EL_GETCFN asks for: 1 with a character, 0 at the end, -1 to leave the line.
  int ReadChar(wchar_t* c) {
    for (;;) {
      DrawPending();
      KeepTerminal();
      if (!WaitForKey()) return -1;
      char byte = 0;
      const ssize_t count = read(STDIN_FILENO, &byte, 1);
      if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (count <= 0) {
        ended_ = true;
        return 0;
      }
      const size_t used = std::mbrtowc(c, &byte, 1, &typed_);
      if (used == static_cast<size_t>(-2)) continue;
      if (used == static_cast<size_t>(-1)) {
        typed_ = {};
        *c = kReplacement;
      }
      const LineInfoW* line = el_wline(editor_);
      const auto length = static_cast<size_t>(line->lastchar - line->buffer);
      if (length < kMaxInputLine || *c < kFirstPrintable) return 1;
    }
  }

  // False after Stop.
  bool WaitForKey() {
    for (;;) {
      std::array<pollfd, 3> ready = {pollfd{STDIN_FILENO, POLLIN, 0},
                                     pollfd{stop_.fd(), POLLIN, 0},
                                     pollfd{printed_.fd(), POLLIN, 0}};
      if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return false;
      if (ready[1].revents != 0) return false;
      if (ready[2].revents != 0) DrawPending();
      if (ready[0].revents != 0) return true;
    }
  }

  void DrawPending() {
    std::string text;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      printed_.Clear();
      text.swap(pending_);
    }
    if (!text.empty()) DrawAbove(text);
  }

  // Takes the line away, prints, and draws the line again below.
  void DrawAbove(std::string_view text) {
    Write(Erased());
    Write(text);
    el_wset(editor_, EL_REFRESH);
  }

  // To the first column of the line's first row, and all below it cleared.
  std::string Erased() const {
    const LineInfoW* line = el_wline(editor_);
    int cells = static_cast<int>(prompt_.size());
    for (const wchar_t* c = line->buffer; c < line->cursor; ++c) cells += WidthOf(*c);
    const int rows = cells / columns_;
    return "\r" + (rows > 0 ? "\x1b[" + std::to_string(rows) + "A" : "") + "\x1b[J";
  }

  // A window may have changed its size, and a shell the mode while the job was stopped.
  void KeepTerminal() {
    const int columns = Columns();
    termios mode{};
    const bool lost = tcgetattr(STDIN_FILENO, &mode) == 0 && (mode.c_lflag & ICANON) != 0;
    if (columns == columns_ && !lost) return;
    const std::string erased = Erased();
    columns_ = columns;
    el_resize(editor_);
    if (lost) {
      el_wset(editor_, EL_PREP_TERM, 0);
      el_wset(editor_, EL_PREP_TERM, 1);
    }
    Write(erased);
    el_wset(editor_, EL_REFRESH);
  }

  unsigned char Complete() {
    const LineInfoW* line = el_wline(editor_);
    const wchar_t* begin = line->cursor;
    while (begin > line->buffer && begin[-1] != L' ' && begin[-1] != L'\t') --begin;
    const auto typed = static_cast<size_t>(line->cursor - begin);
    const std::string word = Narrow(begin, typed);
    const auto found = editing_.complete(
        Narrow(line->buffer, static_cast<size_t>(line->cursor - line->buffer)));
    if (found.empty()) return CC_ERROR;
    std::string longer = CommonBeginning(found);
    if (found.size() == 1) longer += ' ';
    if (longer.size() > word.size() || (longer != word && longer.size() == word.size())) {
      if (typed > 0) el_wdeletestr(editor_, static_cast<int>(typed));
      el_winsertstr(editor_, Widen(longer).c_str());
      return CC_REFRESH;
    }
    std::string list;
    for (size_t i = 0; i < found.size() && i < kMaxListedCandidates; ++i) {
      list += found[i] + "\n";
    }
    if (found.size() > kMaxListedCandidates) {
      list +=
          "... and " + std::to_string(found.size() - kMaxListedCandidates) + " more\n";
    }
    DrawAbove(list);
    return CC_REFRESH;
  }

  const LineEditing editing_;
  std::wstring prompt_;
  const Utf8Locale locale_;
  LineHistory history_;
  Wakeup stop_;
  Wakeup printed_;
  std::FILE* screen_ = nullptr;
  EditLine* editor_ = nullptr;
  HistoryW* recall_ = nullptr;
  int columns_ = kDefaultColumns;
  std::mbstate_t typed_{};
  bool ended_ = false;
  std::atomic<bool> stopped_{false};

  std::mutex mutex_;
  const std::function<void(std::string_view)> output_ = StandardOutput();
  bool drawn_ = false;   // a line is being edited; guarded by mutex_, as is
  std::string pending_;  // what is printed above it
};

}  // namespace

std::unique_ptr<LineInput> NewLineEditor(LineEditing editing) {
  if (!CanEdit()) return nullptr;
  auto editor = std::make_unique<Editor>(std::move(editing));
  if (!editor->Open()) return nullptr;
  return editor;
}

}  // namespace nscp::kernel
