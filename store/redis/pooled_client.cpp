#include "store/redis/pooled_client.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hydrant::store::redis {

pooled_client::pooled_client(net::io_pool& io, settings server, client_observer* observer)
    : server_(std::move(server)), tls_(make_tls_context(server_)) {
  for (std::size_t i = 0; i < io.size(); ++i)
    connections_.push_back(std::make_shared<connection>(io.at(i), server_, tls_ ? *tls_ : nullptr,
                                                        observer != nullptr ? *observer : no_observer_));
}

pooled_client::~pooled_client() {
  stop();
}

base::result<> pooled_client::start() {
  if (!tls_) return tls_.error();
  for (const auto& one : connections_)
    one->start();
  return {};
}

void pooled_client::stop() {
  for (const auto& one : connections_)
    one->stop();
}

client_state pooled_client::state() const {
  client_state all;
  for (const auto& one : connections_) {
    connection_state state = one->state();
    ++all.connections;
    all.connected += state.connected ? 1 : 0;
    all.reconnects += state.reconnects;
    all.waiting += state.waiting;
    if (!state.last_error.empty() && (all.last_error.empty() || state.since > all.since))
      all.last_error = std::move(state.last_error);
    all.since = std::max(all.since, state.since);
  }
  return all;
}

std::uint64_t pooled_client::restarts() const {
  std::uint64_t all = 0;
  for (const auto& one : connections_)
    all += one->restarts();
  return all;
}

void pooled_client::command(std::size_t lane, std::vector<std::string> words, completion<reply> done) {
  request given;
  given.lane = lane;
  given.words = std::move(words);
  given.done = std::move(done);
  of(lane).give(std::move(given));
}

void pooled_client::run(std::size_t lane, const script& what, std::vector<std::string> keys,
                        std::vector<std::string> arguments, completion<reply> done) {
  request given;
  given.lane = lane;
  given.what = &what;
  given.words.reserve(1 + keys.size() + arguments.size());
  given.words.push_back(std::to_string(keys.size()));
  std::move(keys.begin(), keys.end(), std::back_inserter(given.words));
  std::move(arguments.begin(), arguments.end(), std::back_inserter(given.words));
  given.done = std::move(done);
  of(lane).give(std::move(given));
}

}  // namespace hydrant::store::redis
