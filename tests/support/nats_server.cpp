#include "tests/support/nats_server.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/server_parts.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

namespace hydrant::support {
namespace {

constexpr auto patience = std::chrono::seconds(10);

}  // namespace

nats_server::nats_server(nats_server_options options)
    : options_(std::move(options)), directory_(new_directory("hydrant-nats-")) {
  try {
    if (options_.wire == nats_server_wire::tls) make_certificates(directory_, options_.certificate_names);
    // Somebody else may take a free port first.
    for (int attempt = 0; pid_ < 0 && attempt < 5; ++attempt) {
      port_ = free_port();
      begin();
    }
    if (pid_ < 0) throw std::runtime_error("nats-server does not start: " + log_end());
  } catch (...) {
    kill();
    std::filesystem::remove_all(directory_);
    throw;
  }
}

nats_server::~nats_server() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

bool nats_server::installed() {
  return !program_path("nats-server").empty() && !program_path("openssl").empty();
}

std::string nats_server::url(std::string_view login) const {
  const bool tls = options_.wire == nats_server_wire::tls;
  return (tls ? "tls://" : "nats://") + std::string(login) + (login.empty() ? "" : "@") +
         (tls ? "localhost:" : "127.0.0.1:") + std::to_string(port_);
}

void nats_server::write_config() const {
  std::ofstream config(directory_ / "nats.conf");
  config << "host: 127.0.0.1\nport: " << port_ << '\n';
  if (!options_.user.empty())
    config << "authorization { user: \"" << options_.user << "\", password: \"" << options_.password << "\" }\n";
  if (!options_.token.empty()) config << "authorization { token: \"" << options_.token << "\" }\n";
  if (!options_.nkey.empty()) config << "authorization { users: [ { nkey: " << options_.nkey << " } ] }\n";
  if (options_.wire == nats_server_wire::tls)
    config << "tls { cert_file: \"" << (directory_ / "server.pem").string() << "\", key_file: \""
           << (directory_ / "server.key").string() << "\", timeout: 5 }\n";
  for (const std::string& line : options_.config)
    config << line << '\n';
}

// False: it ended at once.
bool nats_server::begin() {
  write_config();
  pid_ = start_child({"nats-server", "--config", directory_ / "nats.conf"}, directory_ / "nats.log");
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!answers(port_)) {
    if (child_has_ended(pid_)) pid_ = -1;
    if (pid_ < 0) return false;
    if (std::chrono::steady_clock::now() > limit) throw std::runtime_error("nats-server is too slow: " + log_end());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

void nats_server::start() {
  if (pid_ > 0) return;
  if (!begin()) throw std::runtime_error("nats-server does not start: " + log_end());
}

void nats_server::end(int signal) {
  if (pid_ > 0) end_child(std::exchange(pid_, -1), signal);
}

void nats_server::kill() {
  end(SIGKILL);
}

void nats_server::stop() {
  end(SIGTERM);
}

void nats_server::pause() {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void nats_server::resume() {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

std::string nats_server::log_end() const {
  std::ifstream log(directory_ / "nats.log");
  const std::string all{std::istreambuf_iterator<char>(log), {}};
  return all.substr(all.size() - std::min<std::size_t>(all.size(), 2000));
}

}  // namespace hydrant::support
