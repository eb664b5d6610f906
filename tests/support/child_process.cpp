#include "tests/support/child_process.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace hydrant::support {
namespace {

constexpr auto patience = std::chrono::seconds(10);

// In the child, between fork and exec: only what is safe there. Sockets of the parent must not stay open in it, or
// their peers would never see them close.
[[noreturn]] void become(char* const* words, const char* log, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(126);
  const int output = ::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::execvp(words[0], words);
  ::_exit(127);
}

}  // namespace

pid_t start_child(const std::vector<std::string>& words, const std::filesystem::path& log) {
  std::vector<char*> pointers;
  for (const std::string& word : words)
    pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(pointers.data(), log.c_str(), parent);
  if (child < 0) throw std::runtime_error("cannot start " + words.front());
  return child;
}

bool child_has_ended(pid_t pid) {
  return ::waitpid(pid, nullptr, WNOHANG) != 0;
}

void end_child(pid_t pid, int signal) {
  ::kill(pid, signal);
  ::kill(pid, SIGCONT);
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!child_has_ended(pid)) {
    if (std::chrono::steady_clock::now() > limit) ::kill(pid, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

void run_child(const std::vector<std::string>& words, const std::filesystem::path& log) {
  const pid_t pid = start_child(words, log);
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(words.front() + " failed, see " + log.string());
}

std::filesystem::path program_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (::access((folder + "/" + name).c_str(), X_OK) == 0) return folder + "/" + name;
  return {};
}

}  // namespace hydrant::support
