// A worker without gRPC that does what its first argument says, for the supervisor's
// tests. It tells what it is doing in lines on stdout; each ends with its pid where that
// is of use.
//
//   fake_process MODE [ARGUMENT]
//
// The modes are in kModes below. Without another word a mode runs until its standard
// input ends or tells it "descriptor stop".
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

void Say(const std::string& line) {
  const std::string text = line + "\n";
  (void)!write(STDOUT_FILENO, text.data(), text.size());
}

// One line of standard input, and the descriptor that came with it. False at the end.
bool ReadLine(std::string& line, int& descriptor) {
  line.clear();
  descriptor = -1;
  char byte = 0;
  while (true) {
    iovec part = {&byte, 1};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t count = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
    if (count <= 0) return false;
    const cmsghdr* header = CMSG_FIRSTHDR(&message);
    if (header != nullptr) memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    if (byte == '\n') return true;
    line += byte;
  }
}

int Serve() {
  std::string line;
  int descriptor = -1;
  while (ReadLine(line, descriptor)) {
    Say("line " + line);
    if (line == "descriptor stop") return 0;
    if (descriptor < 0) continue;
    const std::string word = "from the worker\n";
    (void)!write(descriptor, word.data(), word.size());
    close(descriptor);
  }
  return 0;
}

int Run(const char*) {
  Say("attach");
  return Serve();
}

int Exit(const char* code) {
  Say("attach");
  return atoi(code);
}

int ExitUnattached(const char* code) { return atoi(code); }

int Crash(const char* number) {
  signal(atoi(number), SIG_DFL);
  raise(atoi(number));
  return 0;
}

[[noreturn]] void SleepForEver() {
  while (true) pause();
}

// Neither the end of standard input nor SIGTERM end it.
int Stubborn(const char*) {
  signal(SIGTERM, SIG_IGN);
  Say("attach");
  SleepForEver();
}

int NeverAttach(const char*) { SleepForEver(); }

int StopOnTerm(const char*) {
  Say("attach");
  SleepForEver();
}

// A child in a session of its own, with a child in another one; and one in the own group.
int Family(const char*) {
  for (int level = 0; level < 2; ++level) {
    const pid_t child = fork();
    if (child == 0) {
      setsid();
      const pid_t grandchild = fork();
      if (grandchild == 0) {
        if (level == 1) setsid();
        signal(SIGTERM, SIG_IGN);
        Say("descendant " + std::to_string(getpid()));
        SleepForEver();
      }
      if (level == 1) _exit(0);  // its child falls to the kernel
      Say("descendant " + std::to_string(getpid()));
      SleepForEver();
    }
  }
  if (fork() == 0) {
    signal(SIGTERM, SIG_IGN);
    Say("descendant " + std::to_string(getpid()));
    SleepForEver();
  }
  return Run("");
}

// Lines without end, one of them longer than is kept.
int Flood(const char*) {
  Say("attach");
  Say(std::string(100000, 'x'));
  const std::string many(65536, '\n');
  while (write(STDOUT_FILENO, many.data(), many.size()) > 0) {
  }
  return 0;
}

int Bytes(const char*) {
  Say("attach");
  Say("latin1 \xe9\xff, bell \x07");
  fprintf(stderr, "to stderr\nunfinished");
  return Serve();
}

int Deaf(const char*) {
  Say("attach");
  SleepForEver();
}

// What it was born with.
int Birth(const char*) {
  std::string line;
  int descriptor = -1;
  ReadLine(line, descriptor);
  Say("birth " + line);
  Say("group " + std::to_string(getpgrp() == getpid()));
  int death_signal = 0;
  prctl(PR_GET_PDEATHSIG, &death_signal);
  Say("death signal " + std::to_string(death_signal));
  Say("no new privileges " + std::to_string(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)));
  struct sigaction action {};
  sigaction(SIGPIPE, nullptr, &action);
  Say("sigpipe default " + std::to_string(action.sa_handler == SIG_DFL));
  for (int fd = 3; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) Say("stray " + std::to_string(fd));
  }
  for (char** entry = environ; *entry != nullptr; ++entry) {
    Say("environment " + std::string(*entry));
  }
  return Run("");
}

struct Mode {
  const char* name;
  int (*run)(const char* argument);
};

constexpr Mode kModes[] = {
    {"run", Run},
    {"exit", Exit},
    {"exit-unattached", ExitUnattached},
    {"crash", Crash},
    {"stubborn", Stubborn},
    {"never-attach", NeverAttach},
    {"stop-on-term", StopOnTerm},
    {"family", Family},
    {"flood", Flood},
    {"bytes", Bytes},
    {"deaf", Deaf},
    {"birth", Birth},
};

}  // namespace

int main(int argc, char** argv) {
  const char* wanted = argc > 1 ? argv[1] : "";
  for (const Mode& mode : kModes) {
    if (strcmp(mode.name, wanted) == 0) return mode.run(argc > 2 ? argv[2] : "");
  }
  fprintf(stderr, "unknown mode %s\n", wanted);
  return 2;
}
