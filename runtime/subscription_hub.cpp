#include "runtime/subscription_hub.hpp"

#include "protocol/errors.hpp"
#include "protocol/sse.hpp"

#include <array>
#include <vector>

namespace hydrant::runtime {
namespace {

using protocol::json;
using protocol::revision;

constexpr auto r = revision::r2026_07_28;
constexpr std::size_t subscribed_uris_max = 1000;
constexpr std::size_t writes_in_flight_max = 64;

struct filter {
  std::array<bool, 3> lists{};  // by change_kind
  std::set<std::string, std::less<>> uris;

  bool empty() const { return !lists[0] && !lists[1] && !lists[2] && uris.empty(); }
  bool wants(const change& what) const {
    return what.kind == change_kind::resource ? uris.contains(what.uri) : lists[static_cast<std::size_t>(what.kind)];
  }
  json acknowledged() const {
    json out = json::object();
    for (std::size_t i = 0; i < names.size(); ++i)
      if (lists[i]) out[names[i]] = true;
    if (!uris.empty()) out["resourceSubscriptions"] = uris;
    return out;
  }
  static constexpr std::array<const char*, 3> names{"toolsListChanged", "promptsListChanged", "resourcesListChanged"};
};

base::error bad_params(std::string what) {
  return base::fail(base::error_kind::invalid_params, std::move(what));
}

base::result<filter> read_filter(const json& params) {
  const auto wanted = params.find("notifications");
  if (wanted == params.end() || !wanted->is_object()) return bad_params("notifications must be an object");
  filter out;
  for (std::size_t i = 0; i < filter::names.size(); ++i) {
    const auto flag = wanted->find(filter::names[i]);
    if (flag == wanted->end()) continue;
    if (!flag->is_boolean()) return bad_params(std::string("notifications.") + filter::names[i] + " must be a boolean");
    out.lists[i] = flag->get<bool>();
  }
  const auto uris = wanted->find("resourceSubscriptions");
  if (uris == wanted->end()) return out;
  if (!uris->is_array()) return bad_params("notifications.resourceSubscriptions must be an array of strings");
  for (const auto& uri : *uris) {
    if (!uri.is_string()) return bad_params("notifications.resourceSubscriptions must be an array of strings");
    if (out.uris.size() < subscribed_uris_max) out.uris.insert(uri.get<std::string>());
  }
  return out;
}

std::string subscription_meta(const std::string& id) {
  return R"("_meta":{"io.modelcontextprotocol/subscriptionId":)" + id + "}";
}

std::string event(const std::string& message) {
  std::string out;
  protocol::append_event(out, {}, "message", message);
  return out;
}

}  // namespace

/// One open stream. Thread-safe.
class subscription_hub::listener final : public stream_watcher {
 public:
  listener(subscription_hub& hub, std::uint64_t key, std::string id, filter wanted)
      : hub_(hub), key_(key), id_(std::move(id)), filter_(std::move(wanted)) {}

  std::string acknowledgement() const {
    return event(protocol::notification(
        "notifications/subscriptions/acknowledged",
        "{" + subscription_meta(id_) + R"(,"notifications":)" + protocol::to_text(filter_.acknowledged()) + "}"));
  }

  void attach(std::shared_ptr<event_stream> stream) {
    const std::lock_guard lock(mutex_);
    stream_ = std::move(stream);
    write_owed();
  }

  void deliver(const change& what) {
    if (!filter_.wants(what)) return;
    const std::lock_guard lock(mutex_);
    owed_.insert(to_text(what));
    write_owed();
  }

  void catch_up() {
    const std::lock_guard lock(mutex_);
    for (const auto kind : {change_kind::tools, change_kind::prompts, change_kind::resources})
      if (filter_.wants({kind, {}})) owed_.insert(to_text({kind, {}}));
    for (const auto& uri : filter_.uris)
      owed_.insert(to_text({change_kind::resource, uri}));
    write_owed();
  }

  void close() {
    const std::lock_guard lock(mutex_);
    if (!stream_) return;
    stream_->write(
        event(protocol::result_response(id_, R"({"resultType":"complete",)" + subscription_meta(id_) + "}")));
    stream_->close();
  }

  void on_written(std::size_t writes) override {
    const std::lock_guard lock(mutex_);
    in_flight_ -= std::min(writes, in_flight_);
    write_owed();
  }

  void on_closed() override {
    {
      const std::lock_guard lock(mutex_);
      stream_.reset();
    }
    hub_.remove(key_);
  }

 private:
  void write_owed() {
    while (stream_ && !owed_.empty() && in_flight_ < writes_in_flight_max) {
      const auto what = *parse_change(owed_.extract(owed_.begin()).value());
      auto members = notification_members(what);
      if (!members.empty()) members += ',';
      ++in_flight_;
      stream_->write(
          event(protocol::notification(notification_method(what.kind), "{" + members + subscription_meta(id_) + "}")));
    }
  }

  subscription_hub& hub_;
  const std::uint64_t key_;
  const std::string id_;
  const filter filter_;

  std::mutex mutex_;  // guards all below
  std::shared_ptr<event_stream> stream_;
  std::set<std::string> owed_;  // bounded by what the filter names
  std::size_t in_flight_ = 0;
};

void subscription_hub::listen(const protocol::message& request, std::shared_ptr<exchange> http) {
  const auto refuse = [&](const base::error& failure) {
    http->answer({protocol::answer_status(failure.kind, r),
                  protocol::error_response(request.id, failure, r),
                  "application/json",
                  {}});
  };
  auto wanted = read_filter(request.params);
  if (!wanted) return refuse(wanted.error());
  std::shared_ptr<listener> added;
  {
    const std::lock_guard lock(mutex_);
    if (closing_)
      return refuse(base::fail(base::error_kind::unavailable,
                               "this node is shutting down; listen again, another node will serve it"));
    if (env_.measured.lasting_streams() >= env_.bounds.streams_max)
      return refuse(
          base::fail(base::error_kind::overloaded, "this node serves as many streams as it may; try again later"));
    const auto key = next_key_++;
    added = listeners_.emplace(key, std::make_shared<listener>(*this, key, request.id, *wanted)).first->second;
  }
  env_.measured.listeners_open.Increment();
  added->attach(http->open_stream({added->acknowledgement(), {}}, added));
  if (wanted->empty()) added->close();
}

void subscription_hub::remove(std::uint64_t key) {
  const std::lock_guard lock(mutex_);
  if (listeners_.erase(key) > 0) env_.measured.listeners_open.Decrement();
}

std::vector<std::shared_ptr<subscription_hub::listener>> subscription_hub::listeners() {
  std::vector<std::shared_ptr<listener>> now;
  const std::lock_guard lock(mutex_);
  now.reserve(listeners_.size());
  for (const auto& [key, one] : listeners_)
    now.push_back(one);
  return now;
}

void subscription_hub::deliver(const change& what) {
  for (const auto& one : listeners())
    one->deliver(what);
}

void subscription_hub::catch_up() {
  for (const auto& one : listeners())
    one->catch_up();
}

void subscription_hub::close_all() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
  for (const auto& [key, one] : listeners_)
    one->close();
}

}  // namespace hydrant::runtime
