#include "bus/connect_watchdog.hpp"

#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hydrant::bus {
namespace {

bool leads_to(int descriptor, std::uint16_t port) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return false;
  if (peer.ss_family == AF_INET) return reinterpret_cast<const sockaddr_in*>(&peer)->sin_port == htons(port);
  if (peer.ss_family == AF_INET6) return reinterpret_cast<const sockaddr_in6*>(&peer)->sin6_port == htons(port);
  return false;
}

/// Calls `visit(descriptor, inode)` for each socket of this process to that port. The descriptor is a duplicate: the
/// original may be closed, and its number given away, at any moment.
template <class Visit>
void each_socket_to(std::uint16_t port, Visit visit) {
  DIR* folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) return;
  while (const dirent* entry = ::readdir(folder)) {
    const std::string_view name = entry->d_name;
    int number = -1;
    if (std::from_chars(name.data(), name.data() + name.size(), number).ptr != name.data() + name.size()) continue;
    if (!leads_to(number, port)) continue;
    const int duplicate = ::fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (duplicate < 0) continue;
    struct stat about {};
    if (leads_to(duplicate, port) && ::fstat(duplicate, &about) == 0) visit(duplicate, about.st_ino);
    ::close(duplicate);
  }
  ::closedir(folder);
}

std::set<ino_t> sockets_to(std::uint16_t port) {
  std::set<ino_t> found;
  each_socket_to(port, [&](int, ino_t inode) { found.insert(inode); });
  return found;
}

}  // namespace

connect_watchdog::connect_watchdog(std::uint16_t port, std::chrono::milliseconds patience)
    : port_(port), others_(sockets_to(port)), thread_([this, patience] { run(patience); }) {}

connect_watchdog::~connect_watchdog() {
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

bool connect_watchdog::has_bitten() const {
  const std::scoped_lock lock(mutex_);
  return bitten_;
}

void connect_watchdog::run(std::chrono::milliseconds patience) {
  constexpr std::chrono::milliseconds again{100};
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, patience, [this] { return over_; })) {
    each_socket_to(port_, [this](int descriptor, ino_t inode) {
      if (others_.contains(inode)) return;
      ::shutdown(descriptor, SHUT_RDWR);
      bitten_ = true;
    });
    patience = again;
  }
}

}  // namespace hydrant::bus
