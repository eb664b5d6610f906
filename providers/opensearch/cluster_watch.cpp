#include "providers/opensearch/cluster_watch.hpp"

#include "base/log.hpp"
#include "providers/opensearch/client/reply_json.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;

namespace {

constexpr int looks_between_names = 6;
constexpr std::size_t names_max = 10'000;
constexpr std::size_t json_depth_max = 32;
constexpr std::size_t parsed_bytes_max = std::size_t{2} * 1024 * 1024;

using contact = cluster_state::contact;

std::string text_at(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The tree of a good reply; null for any other. What a cluster does not tell (serverless ones do not) stays empty.
json tree_of(const base::result<net::http_reply>& reply) {
  // Parsed on the io thread; names_max indices take less.
  if (!reply || reply->status != 200 || reply->body.size() > parsed_bytes_max) return nullptr;
  auto parsed = parse_reply(reply->body, json_depth_max);
  return parsed && parsed->is_object() ? std::move(*parsed) : json();
}

api_request get(std::string path) {
  api_request out;
  out.path = std::move(path);
  return out;
}

std::string version_of(const json& root) {
  const auto version = root.find("version");
  return version != root.end() && version->is_object() ? text_at(*version, "number") : std::string();
}

/// Whether the rules allow each index that an alias or a data stream stands for.
bool leads_to_allowed(const json& one, const char* members, const index_rules& rules) {
  const auto found = one.find(members);
  if (!rules.any() || found == one.end()) return true;
  const auto fine = [&rules](const json& name) {
    return name.is_string() && rules.allows(name.get_ref<const std::string&>());
  };
  return found->is_array() ? std::ranges::all_of(*found, fine) : fine(*found);
}

void add_allowed(std::vector<std::string>& to, const json& resolved, const char* kind, const char* members,
                 const index_rules& rules) {
  const auto found = resolved.find(kind);
  if (found == resolved.end() || !found->is_array()) return;
  for (const auto& one : *found) {
    auto name = one.is_object() ? text_at(one, "name") : std::string();
    if (name.empty() || name.front() == '.' || to.size() >= names_max) continue;
    if (rules.allows(name) && leads_to_allowed(one, members, rules)) to.push_back(std::move(name));
  }
}

}  // namespace

std::string_view name_of(contact standing) {
  switch (standing) {
    case contact::connected: return "connected";
    case contact::refused: return "unauthorized";
    case contact::none: return "disconnected";
    case contact::unknown: break;
  }
  return "unknown";
}

cluster_watch::cluster_watch(cluster& watched, const index_rules& rules, asio::io_context& where,
                             std::chrono::milliseconds every)
    : cluster_(watched), rules_(rules), where_(where), every_(every), timer_(where) {}

void cluster_watch::start() {
  running_ = true;
  asio::co_spawn(
      where_, [self = shared_from_this()] { return self->look_on(); },
      asio::bind_cancellation_slot(
          stop_.slot(), [self = shared_from_this()](const std::exception_ptr&) { self->ended_.set_value(); }));
}

void cluster_watch::stop() {
  if (!running_.exchange(false)) return;
  stopping_ = true;
  asio::post(where_, [self = shared_from_this()] { self->stop_.emit(asio::cancellation_type::terminal); });
  ended_.get_future().wait();
}

asio::awaitable<void> cluster_watch::look_on() {
  while (!stopping_) {
    co_await look_or_log();
    if (stopping_) break;
    timer_.expires_after(every_);
    boost::system::error_code woken;
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

// One look that fails in an unexpected way must not be the last.
asio::awaitable<void> cluster_watch::look_or_log() {
  try {
    co_await look();
  } catch (const std::exception& thrown) {
    if (stopping_) throw;
    base::log(base::log_level::error, "a look at an OpenSearch cluster threw",
              {{"cluster", cluster_.name()}, {"what", thrown.what()}});
  }
}

asio::awaitable<void> cluster_watch::look() {
  auto root = co_await cluster_.probe(get("/"));
  const auto about = tree_of(root);
  auto seen = judge(root, about);
  seen.cluster_name = text_at(about, "cluster_name");
  seen.version = version_of(about);
  if (seen.standing == contact::connected) {
    auto health = co_await cluster_.probe(get("/_cluster/health"));
    seen.health = text_at(tree_of(health), "status");
  }
  const bool connected = seen.standing == contact::connected;
  note(std::move(seen));
  if (connected) co_await look_at_names();
}

cluster_state cluster_watch::judge(const base::result<net::http_reply>& root, const json& about) const {
  // A serverless collection says nothing of itself.
  const bool serverless = cluster_.settings().aws.service == "aoss";
  cluster_state seen;
  if (!root) {
    seen.standing = contact::none;
    seen.trouble = root.error().message;
  } else if (root->status == 401 || root->status == 403) {
    const bool callers = cluster_.settings().auth == auth_kind::caller;
    seen.standing = contact::refused;
    seen.trouble = std::string(callers ? "the cluster tells nothing without credentials, which only callers have"
                                       : "the cluster refuses this server's credentials") +
                   " (HTTP " + std::to_string(root->status) + ")";
  } else if (root->status >= 500) {
    seen.standing = contact::none;
    seen.trouble = "the cluster answers HTTP " + std::to_string(root->status);
  } else if (!about.is_object() && !serverless && (root->status < 400 || root->status == 404)) {
    seen.standing = contact::none;
    seen.trouble = "what answers at the cluster's URL is no OpenSearch (HTTP " + std::to_string(root->status) +
                   " to GET /, without a cluster's JSON): check opensearch.url";
  } else {
    seen.standing = contact::connected;
  }
  return seen;
}

asio::awaitable<void> cluster_watch::look_at_names() {
  if (cluster_.settings().auth == auth_kind::caller) co_return;
  if (looks_until_names_ > 0) --looks_until_names_;
  if (looks_until_names_ > 0 || !names_wanted_) co_return;
  looks_until_names_ = looks_between_names;
  auto request = get("/_resolve/index/*");
  auto reply = co_await cluster_.probe(std::move(request));
  const auto resolved = tree_of(reply);
  if (!resolved.is_object()) co_return;
  names_wanted_ = false;
  std::vector<std::string> found;
  add_allowed(found, resolved, "indices", "", rules_);
  add_allowed(found, resolved, "aliases", "indices", rules_);
  add_allowed(found, resolved, "data_streams", "backing_indices", rules_);
  std::ranges::sort(found);
  const std::lock_guard lock(mutex_);
  names_ = std::move(found);
}

void cluster_watch::note(cluster_state seen) {
  const std::lock_guard lock(mutex_);
  if (seen.standing != state_.standing) {
    const auto level = seen.standing == contact::connected ? base::log_level::info : base::log_level::warn;
    const std::string status(name_of(seen.standing));
    if (seen.trouble.empty())
      base::log(level, "OpenSearch cluster", {{"cluster", cluster_.name()}, {"status", status}});
    else
      base::log(level, "OpenSearch cluster", {{"cluster", cluster_.name()}, {"status", status}, {"why", seen.trouble}});
  }
  // While it is away, it is still known what it is called.
  if (seen.cluster_name.empty()) seen.cluster_name = state_.cluster_name;
  if (seen.version.empty()) seen.version = state_.version;
  state_ = std::move(seen);
}

cluster_state cluster_watch::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::vector<std::string> cluster_watch::names() const {
  names_wanted_ = true;
  const std::lock_guard lock(mutex_);
  return names_;
}

}  // namespace hydrant::providers::opensearch
