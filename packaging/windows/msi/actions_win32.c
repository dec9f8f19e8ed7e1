// The custom actions of the MSI: what Windows Installer has no table for. C without a
// library of its own, because Windows Installer loads it into a process of the system.
//
// What is given on msiexec's command line reaches nscp.exe through its standard input: no
// value ever stands on a command line, and none is logged here.
//
// Immediate actions see all properties; the others, which run with the system's rights,
// see one text each (CustomActionData), which PrepareActions makes: the folder, and for
// ApplySettings a line `NAME=value` for each property. What any of it means, and what is
// to be kept, put back or removed, nscp.exe knows.
#include <windows.h>
// Both need windows.h before them.
#include <msi.h>
#include <msiquery.h>

#include <stdbool.h>

#define ACTION __declspec(dllexport) UINT __stdcall

// A download of IMPORT_CONFIG has 30 s for each file.
static const DWORD kSettingsLimitMs = 300000;
static const DWORD kFirewallLimitMs = 60000;
static const DWORD kFilesLimitMs = 120000;
static const DWORD kEndLimitMs = 30000;
static const DWORD kPollMs = 50;
enum {
  kMaxPath = 32768,
  kReadBytes = 4096,
  kMaxLine = 2000,
  kMaxWord = 32,
  kMaxFiles = 8
};

// Properties that nscp.exe knows (kernel/cli/installer_plan.cpp).
static const wchar_t* const kSettings[] = {L"ALLOWED_HOSTS",
                                           L"ALLOW_CONFIGURATION",
                                           L"CONFIGURATION_TYPE",
                                           L"CONF_CHECKS",
                                           L"CONF_INCLUDES",
                                           L"CONF_NRPE",
                                           L"CONF_NSCA",
                                           L"CONF_NSCLIENT",
                                           L"CONF_SCHEDULER",
                                           L"CONF_SET",
                                           L"CONF_WEB",
                                           L"CONF_WMI",
                                           L"FLEET_CA",
                                           L"FLEET_HOSTNAME",
                                           L"FLEET_INSECURE",
                                           L"FLEET_SERVER",
                                           L"FLEET_TOKEN",
                                           L"FLEET_VERIFY_MODE",
                                           L"GENERATE_SAMPLE_CONFIG",
                                           L"IMPORT_CONFIG",
                                           L"LAYOUT",
                                           L"MONITORING_TOOL",
                                           L"NRPEMODE",
                                           L"NSCLIENT_PWD",
                                           L"OP5_CONTACTGROUP",
                                           L"OP5_HOSTGROUPS",
                                           L"OP5_PASSWORD",
                                           L"OP5_SERVER",
                                           L"OP5_USER",
                                           L"TLS_CA",
                                           L"TLS_VERIFY_MODE",
                                           L"TLS_VERSION",
                                           L"USER_WRITABLE_CONFIG"};

// Actions that get the folder alone.
static const wchar_t* const kFolderActions[] = {
    L"UndoSettings",  L"KeepSettings", L"OpenFirewall", L"UndoFirewall",
    L"CloseFirewall", L"CleanUp",      L"WaitForEnd"};

static const wchar_t* const kPrograms[] = {L"nscp.exe", L"nscp-module.exe",
                                           L"nscp-fetch.exe"};

// There while nscp.exe keeps what it changed (kernel/cli/installer_backup.h).
static const wchar_t kBackup[] = L"install-backup";

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// A text that grows. One that could not grow is `failed` and stays so.
struct Text {
  wchar_t* data;
  size_t size;
  bool failed;
};

static void* Allocate(size_t bytes) {
  return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, bytes);
}

// Also for secrets: nothing of them stays in memory.
static void Release(void* data) {
  if (data == NULL) return;
  SecureZeroMemory(data, HeapSize(GetProcessHeap(), 0, data));
  HeapFree(GetProcessHeap(), 0, data);
}

static void Add(struct Text* text, const wchar_t* more) {
  const size_t length = (size_t)lstrlenW(more);
  wchar_t* grown = Allocate((text->size + length + 1) * sizeof(wchar_t));
  if (grown == NULL || text->failed) {
    text->failed = true;
    Release(grown);
    return;
  }
  CopyMemory(grown, text->data, text->size * sizeof(wchar_t));
  CopyMemory(grown + text->size, more, length * sizeof(wchar_t));
  Release(text->data);
  text->data = grown;
  text->size += length;
}

static struct Text Join(const wchar_t* a, const wchar_t* b, const wchar_t* c) {
  struct Text text = {NULL, 0, false};
  Add(&text, a);
  Add(&text, b);
  Add(&text, c);
  return text;
}

static void Say(MSIHANDLE install, INSTALLMESSAGE kind, const wchar_t* text) {
  const MSIHANDLE record = MsiCreateRecord(1);
  MsiRecordSetStringW(record, 0, L"[1]");
  MsiRecordSetStringW(record, 1, text);
  MsiProcessMessage(install, kind, record);
  MsiCloseHandle(record);
}

static UINT Fail(MSIHANDLE install, const wchar_t* doing, const wchar_t* what) {
  struct Text text = Join(doing, L" ", what);
  if (!text.failed) Say(install, INSTALLMESSAGE_ERROR, text.data);
  Release(text.data);
  return ERROR_INSTALL_FAILURE;
}

// To be released; NULL where it could not be read.
static wchar_t* Property(MSIHANDLE install, const wchar_t* name) {
  wchar_t none[1] = L"";
  DWORD size = 0;
  const UINT asked = MsiGetPropertyW(install, name, none, &size);
  if (asked != ERROR_MORE_DATA && asked != ERROR_SUCCESS) return NULL;
  ++size;
  wchar_t* value = Allocate(size * sizeof(wchar_t));
  if (value != NULL && MsiGetPropertyW(install, name, value, &size) != ERROR_SUCCESS) {
    Release(value);
    return NULL;
  }
  return value;
}

static bool HasLineBreak(const wchar_t* value) {
  for (; *value != 0; ++value) {
    if (*value == L'\n' || *value == L'\r') return true;
  }
  return false;
}

// The old version of an upgrade may take boot.ini along: what it says of the layout is
// told to the new one.
static void AddCurrentLayout(const wchar_t* folder, struct Text* data) {
  wchar_t mode[kMaxWord] = L"";
  struct Text file = Join(folder, L"boot.ini", L"");
  if (!file.failed) {
    GetPrivateProfileStringW(L"layout", L"mode", L"", mode, kMaxWord, file.data);
  }
  Release(file.data);
  if (lstrcmpiW(mode, L"modern") == 0 || lstrcmpiW(mode, L"v2") == 0) {
    Add(data, L"CURRENT_LAYOUT=modern\n");
  }
}

// PrepareActions: the texts of the actions that follow.
ACTION PrepareActions(MSIHANDLE install) {
  wchar_t* folder = Property(install, L"INSTALLLOCATION");
  if (folder == NULL) return Fail(install, L"Reading", L"INSTALLLOCATION");
  struct Text data = Join(folder, L"\n", L"");
  AddCurrentLayout(folder, &data);
  UINT done = ERROR_SUCCESS;
  for (size_t i = 0; i < COUNT(kSettings) && done == ERROR_SUCCESS; ++i) {
    wchar_t* value = Property(install, kSettings[i]);
    if (value == NULL) {
      done = Fail(install, L"Reading", kSettings[i]);
    } else if (HasLineBreak(value)) {
      done = Fail(install, L"A value with a line break can't be applied:", kSettings[i]);
    } else if (value[0] != 0) {
      Add(&data, kSettings[i]);
      Add(&data, L"=");
      Add(&data, value);
      Add(&data, L"\n");
    }
    Release(value);
  }
  if (done == ERROR_SUCCESS &&
      (data.failed ||
       MsiSetPropertyW(install, L"ApplySettings", data.data) != ERROR_SUCCESS)) {
    done = Fail(install, L"Handing over", L"the properties");
  }
  for (size_t i = 0; i < COUNT(kFolderActions); ++i) {
    MsiSetPropertyW(install, kFolderActions[i], folder);
  }
  Release(data.data);
  Release(folder);
  return done;
}

// Each whole line to the installer's log. `error` keeps the last one.
static void LogLines(MSIHANDLE install, char* line, size_t* length, wchar_t* last,
                     const char* bytes, DWORD count) {
  for (DWORD i = 0; i < count; ++i) {
    const bool end = bytes[i] == '\n' || *length == kMaxLine;
    if (!end && bytes[i] != '\r') line[(*length)++] = bytes[i];
    if (!end || *length == 0) continue;
    const int wide =
        MultiByteToWideChar(CP_UTF8, 0, line, (int)*length, last, kMaxLine + 1);
    last[wide] = 0;
    Say(install, INSTALLMESSAGE_INFO, last);
    *length = 0;
  }
}

struct Pipe {
  HANDLE read;
  HANDLE write;
};

static bool OpenPipe(struct Pipe* pipe, DWORD size, bool child_reads) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  if (!CreatePipe(&pipe->read, &pipe->write, &inherited, size)) return false;
  SetHandleInformation(child_reads ? pipe->write : pipe->read, HANDLE_FLAG_INHERIT, 0);
  return true;
}

// Waits for the process, reading what it prints; its exit code, or 1 where it had to be
// ended.
static DWORD Follow(MSIHANDLE install, HANDLE process, HANDLE output, DWORD limit,
                    wchar_t* last) {
  char bytes[kReadBytes];
  char line[kMaxLine + 1];
  size_t length = 0;
  const ULONGLONG end = GetTickCount64() + limit;
  for (;;) {
    const bool over = WaitForSingleObject(process, kPollMs) == WAIT_OBJECT_0;
    DWORD there = 0;
    while (PeekNamedPipe(output, NULL, 0, NULL, &there, NULL) && there != 0) {
      DWORD count = 0;
      if (!ReadFile(output, bytes, there < kReadBytes ? there : kReadBytes, &count,
                    NULL)) {
        break;
      }
      if (last != NULL) LogLines(install, line, &length, last, bytes, count);
    }
    if (over) break;
    if (GetTickCount64() > end) {
      TerminateProcess(process, 1);
      WaitForSingleObject(process, kPollMs);
      return 1;
    }
  }
  DWORD code = 1;
  GetExitCodeProcess(process, &code);
  return code;
}

// Runs the program with this input. `last`: gets its last line of output, and the log all
// of them; NULL = its output is nothing for people.
static DWORD Run(MSIHANDLE install, wchar_t* command, const wchar_t* folder,
                 const char* input, DWORD size, DWORD limit, wchar_t* last) {
  struct Pipe in;
  struct Pipe out;
  if (!OpenPipe(&in, size + 1, true)) return 1;
  if (!OpenPipe(&out, 0, false)) {
    CloseHandle(in.read);
    CloseHandle(in.write);
    return 1;
  }
  STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
  start.hStdInput = in.read;
  start.hStdOutput = out.write;
  start.hStdError = out.write;
  PROCESS_INFORMATION process = {0};
  DWORD code = 1;
  const BOOL started = CreateProcessW(NULL, command, NULL, NULL, TRUE, CREATE_NO_WINDOW,
                                      NULL, folder, &start, &process);
  CloseHandle(in.read);
  CloseHandle(out.write);
  if (started) {
    DWORD written = 0;
    WriteFile(in.write, input, size, &written, NULL);
  }
  CloseHandle(in.write);
  if (started) {
    code = Follow(install, process.hProcess, out.read, limit, last);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
  }
  CloseHandle(out.read);
  return code;
}

static bool Exists(const wchar_t* path) {
  return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

// Runs `nscp.exe settings <words>` with this input; NULL for success, else why not.
static const wchar_t* Settings(MSIHANDLE install, const wchar_t* folder,
                               const wchar_t* words, const char* input, DWORD size,
                               DWORD limit, wchar_t* last) {
  struct Text command = Join(L"\"", folder, L"nscp.exe\" settings ");
  Add(&command, words);
  lstrcpyW(last, L"nscp.exe did not start, or did not end in time");
  const bool done = !command.failed &&
                    Run(install, command.data, folder, input, size, limit, last) == 0;
  Release(command.data);
  return done ? NULL : last;
}

static UINT ApplyIn(MSIHANDLE install, const wchar_t* folder, const wchar_t* lines) {
  const int size = WideCharToMultiByte(CP_UTF8, 0, lines, -1, NULL, 0, NULL, NULL);
  char* input = Allocate((size_t)size);
  wchar_t last[kMaxLine + 2];
  if (input == NULL) return Fail(install, L"Applying the settings:", L"out of memory");
  WideCharToMultiByte(CP_UTF8, 0, lines, -1, input, size, NULL, NULL);
  const wchar_t* why = Settings(install, folder, L"--apply-installer", input,
                                (DWORD)size - 1, kSettingsLimitMs, last);
  Release(input);
  if (why == NULL) return ERROR_SUCCESS;
  return Fail(install, L"The settings could not be applied.", why);
}

// ApplySettings: the lines behind the first one go to nscp.exe.
ACTION ApplySettings(MSIHANDLE install) {
  wchar_t* data = Property(install, L"CustomActionData");
  wchar_t* lines = data;
  while (lines != NULL && *lines != 0 && *lines != L'\n') ++lines;
  UINT done = ERROR_INSTALL_FAILURE;
  if (lines != NULL && *lines == L'\n') {
    *lines = 0;
    done = ApplyIn(install, data, lines + 1);
  } else {
    Fail(install, L"Reading", L"CustomActionData");
  }
  Release(data);
  return done;
}

// What `--end-installer undo` does, of the files, where a rollback has taken nscp.exe
// already: wine's order, and perhaps a virus scanner's.
static void PutBackFiles(const wchar_t* backup) {
  struct Text state = Join(backup, L"\\", L"state.ini");
  wchar_t name[] = L"0";
  for (; !state.failed && name[0] < L'0' + kMaxFiles; ++name[0]) {
    wchar_t target[kMaxPath / 64] = L"";
    GetPrivateProfileStringW(L"files", name, L"", target, COUNT(target), state.data);
    struct Text copy = Join(backup, L"\\", name);
    if (target[0] != 0 && !copy.failed) {
      if (!Exists(copy.data)) {
        DeleteFileW(target);
      } else if (CopyFileW(copy.data, target, FALSE)) {
        DeleteFileW(copy.data);
      }
    }
    Release(copy.data);
  }
  if (!state.failed) DeleteFileW(state.data);
  Release(state.data);
  // What could not be put back keeps it.
  RemoveDirectoryW(backup);
}

// An installation that has got this far, or is rolled back, does not fail for it.
static UINT EndBackup(MSIHANDLE install, bool undo) {
  wchar_t* folder = Property(install, L"CustomActionData");
  struct Text backup = Join(folder == NULL ? L"" : folder, kBackup, L"");
  struct Text program = Join(folder == NULL ? L"" : folder, kPrograms[0], L"");
  wchar_t last[kMaxLine + 2];
  if (folder != NULL && !backup.failed && !program.failed && Exists(backup.data)) {
    const wchar_t* words = undo ? L"--end-installer undo" : L"--end-installer keep";
    const wchar_t* why = NULL;
    if (undo && !Exists(program.data)) {
      PutBackFiles(backup.data);
    } else {
      why = Settings(install, folder, words, "", 0, kFilesLimitMs, last);
    }
    if (why != NULL) Fail(install, L"Ending the change of the settings:", why);
  }
  Release(program.data);
  Release(backup.data);
  Release(folder);
  return ERROR_SUCCESS;
}

// UndoSettings: when the installation is rolled back.
ACTION UndoSettings(MSIHANDLE install) { return EndBackup(install, true); }
// KeepSettings: when it has succeeded.
ACTION KeepSettings(MSIHANDLE install) { return EndBackup(install, false); }

// A service is stopped a little before its process is gone, and the file of a process
// that runs can't be removed.
static void WaitForFile(const wchar_t* path, ULONGLONG end) {
  for (;;) {
    const HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (file != INVALID_HANDLE_VALUE) CloseHandle(file);
    const DWORD error = file == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
    const bool busy = error == ERROR_SHARING_VIOLATION || error == ERROR_ACCESS_DENIED;
    if (!busy || GetTickCount64() > end) return;
    Sleep(kPollMs);
  }
}

// WaitForEnd: until the programs have ended, or the limit; then they go at the next
// start.
ACTION WaitForEnd(MSIHANDLE install) {
  wchar_t* folder = Property(install, L"CustomActionData");
  const ULONGLONG end = GetTickCount64() + kEndLimitMs;
  for (size_t i = 0; folder != NULL && i < COUNT(kPrograms); ++i) {
    struct Text program = Join(folder, kPrograms[i], L"");
    if (!program.failed) WaitForFile(program.data, end);
    Release(program.data);
  }
  Release(folder);
  return ERROR_SUCCESS;
}

// One rule for the program that listens. A firewall that is off is no reason to fail.
static UINT Firewall(MSIHANDLE install, bool open) {
  wchar_t system[kMaxPath / 64] = L"";
  GetSystemDirectoryW(system, COUNT(system));
  wchar_t* folder = Property(install, L"CustomActionData");
  struct Text command = Join(L"\"", system, L"\\netsh.exe\" advfirewall firewall ");
  Add(&command, open ? L"add" : L"delete");
  Add(&command, L" rule name=\"NSClient++ Monitoring Agent\"");
  // Of another installation the rule stays.
  Add(&command, open ? L" dir=in action=allow program=\"" : L" program=\"");
  Add(&command, folder == NULL ? L"" : folder);
  Add(&command, L"nscp-module.exe\"");
  if (command.failed || folder == NULL ||
      Run(install, command.data, NULL, "", 0, kFirewallLimitMs, NULL) != 0) {
    Say(install, INSTALLMESSAGE_INFO,
        open ? L"The firewall took no rule: other hosts may not reach the agent"
             : L"The firewall had no rule of the agent");
  }
  Release(command.data);
  Release(folder);
  return ERROR_SUCCESS;
}

ACTION OpenFirewall(MSIHANDLE install) { return Firewall(install, true); }
ACTION CloseFirewall(MSIHANDLE install) { return Firewall(install, false); }

// CleanUp: when the agent is removed for good, while nscp.exe is still there.
ACTION CleanUp(MSIHANDLE install) {
  wchar_t* folder = Property(install, L"CustomActionData");
  wchar_t last[kMaxLine + 2];
  if (folder != NULL) {
    const wchar_t* why =
        Settings(install, folder, L"--remove-made", "", 0, kFilesLimitMs, last);
    if (why != NULL) Say(install, INSTALLMESSAGE_INFO, why);
  }
  Release(folder);
  return ERROR_SUCCESS;
}
