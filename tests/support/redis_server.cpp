#include "tests/support/redis_server.hpp"

#include "tests/support/child_process.hpp"
#include "tests/support/server_parts.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <hiredis/hiredis.h>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hydrant::support {
namespace {

constexpr auto patience = std::chrono::seconds(10);

std::string text_of(const redisReply& reply) {
  if (reply.type == REDIS_REPLY_INTEGER) return std::to_string(reply.integer);
  if (reply.type != REDIS_REPLY_ARRAY) return {reply.str != nullptr ? reply.str : "", reply.len};
  std::string lines;
  for (std::size_t i = 0; i < reply.elements; ++i)
    lines += (i == 0 ? "" : "\n") + text_of(*reply.element[i]);
  return lines;
}

struct hiredis_deleter {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

std::string talk(redisContext& context, const std::vector<std::string>& words) {
  std::vector<const char*> pointers;
  std::vector<std::size_t> lengths;
  for (const std::string& word : words) {
    pointers.push_back(word.data());
    lengths.push_back(word.size());
  }
  const std::unique_ptr<redisReply, hiredis_deleter> reply(static_cast<redisReply*>(
      redisCommandArgv(&context, static_cast<int>(words.size()), pointers.data(), lengths.data())));
  if (!reply) throw std::runtime_error(std::string("Redis does not answer: ") + context.errstr);
  return text_of(*reply);
}

}  // namespace

redis_server::redis_server(redis_options options)
    : options_(std::move(options)), directory_(new_directory("hydrant-redis-")), port_(free_port()) {
  try {
    if (options_.wire == redis_wire::tls) make_certificates(directory_);
    start();
  } catch (...) {
    kill();
    std::filesystem::remove_all(directory_);
    throw;
  }
}

redis_server::~redis_server() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

bool redis_server::installed() {
  return !program_path("redis-server").empty() && !program_path("openssl").empty();
}

std::string redis_server::url() const {
  const std::string user = options_.password.empty() ? "" : ":" + options_.password + "@";
  const bool tls = options_.wire == redis_wire::tls;
  return (tls ? "rediss://" : "redis://") + user + (tls ? "localhost:" : "127.0.0.1:") + std::to_string(port_) + "/0";
}

void redis_server::write_config() const {
  std::ofstream config(directory_ / "redis.conf");
  config << "bind 127.0.0.1\nsave \"\"\nenable-debug-command yes\nunixsocketperm 600\n"
         << "dir " << directory_.string() << "\nunixsocket " << socket_path() << '\n'
         << "appendonly " << (options_.persistence == redis_persistence::append_only ? "yes" : "no") << '\n'
         << "appendfsync always\n";
  if (!options_.password.empty()) config << "requirepass " << options_.password << '\n';
  if (options_.wire == redis_wire::plain) {
    config << "port " << port_ << '\n';
  } else {
    config << "port 0\ntls-port " << port_ << "\ntls-auth-clients no\n"
           << "tls-cert-file " << (directory_ / "server.pem").string() << '\n'
           << "tls-key-file " << (directory_ / "server.key").string() << '\n'
           << "tls-ca-cert-file " << ca_file().string() << '\n';
  }
  for (const std::string& line : options_.config)
    config << line << '\n';
}

void redis_server::start() {
  if (pid_ > 0) return;
  write_config();
  pid_ = start_child({"redis-server", directory_ / "redis.conf"}, directory_ / "redis.log");
  await_answer();
}

void redis_server::await_answer() {
  const auto limit = std::chrono::steady_clock::now() + patience;
  for (std::string answer; answer != "PONG";) {
    try {
      answer = ask({"PING"});
    } catch (const std::runtime_error&) {
      if (child_has_ended(pid_)) pid_ = -1;
    }
    if (pid_ < 0 || std::chrono::steady_clock::now() > limit)
      throw std::runtime_error("redis-server does not start: " + log_end());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void redis_server::end(int signal) {
  if (pid_ > 0) end_child(std::exchange(pid_, -1), signal);
}

void redis_server::kill() {
  end(SIGKILL);
}

void redis_server::stop() {
  end(SIGTERM);
}

void redis_server::pause() {
  if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void redis_server::resume() {
  if (pid_ > 0) ::kill(pid_, SIGCONT);
}

std::string redis_server::ask(const std::vector<std::string>& words) const {
  const std::unique_ptr<redisContext, hiredis_deleter> context(redisConnectUnix(socket_path().c_str()));
  if (!context || context->err != 0) throw std::runtime_error("Redis is not there");
  redisSetTimeout(context.get(), timeval{10, 0});
  if (!options_.password.empty()) talk(*context, {"AUTH", options_.password});
  return talk(*context, words);
}

std::string redis_server::ask_info(std::string_view field) const {
  const std::string all = "\n" + ask({"INFO", "everything"});
  const std::string name = "\n" + std::string(field) + ":";
  const std::size_t found = all.find(name);
  if (found == std::string::npos) return {};
  const std::size_t from = found + name.size();
  return all.substr(from, all.find('\r', from) - from);
}

std::string redis_server::log_end() const {
  std::ifstream log(directory_ / "redis.log");
  const std::string all{std::istreambuf_iterator<char>(log), {}};
  return all.substr(all.size() - std::min<std::size_t>(all.size(), 2000));
}

}  // namespace hydrant::support
