#pragma once

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace hydrant::support {

/// Starts a program found on the PATH, with its output appended to `log`. It inherits no descriptors and is killed when
/// the calling thread or its process ends, however that happens.
pid_t start_child(const std::vector<std::string>& words, const std::filesystem::path& log);

/// Sends a signal and waits until the process is gone; after 10 s by SIGKILL.
void end_child(pid_t pid, int signal);

/// Whether the process has ended; reaps it then.
bool child_has_ended(pid_t pid);

/// Runs a program to its end; throws std::runtime_error unless it succeeds.
void run_child(const std::vector<std::string>& words, const std::filesystem::path& log);

/// Where a program stands on the PATH; empty: nowhere.
std::filesystem::path program_path(const std::string& name);

}  // namespace hydrant::support
