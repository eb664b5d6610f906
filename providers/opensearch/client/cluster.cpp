#include "providers/opensearch/client/cluster.hpp"

#include "net/tls_files.hpp"
#include "providers/opensearch/client/retry.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <random>
#include <stdexcept>
#include <utility>

namespace hydrant::providers::opensearch {

namespace asio = boost::asio;
using base::error_kind;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds probe_timeout{3000};
constexpr milliseconds connect_timeout{3000};
/// What is left for another attempt at least: a shorter one says nothing about the cluster.
constexpr milliseconds attempt_min{200};

base_url checked_url(const cluster_settings& of) {
  auto url = base_url::parse(of.url);
  if (!url) throw std::invalid_argument("cluster " + of.name + ": " + url.error().message);
  return *url;
}

std::shared_ptr<const net::tls_settings> checked_tls(const cluster_settings& of) {
  if (const auto fine = net::check_files(of.tls); !fine)
    throw std::invalid_argument("cluster " + of.name + ": " + fine.error().message);
  return std::make_shared<const net::tls_settings>(of.tls);
}

double random_part() {
  thread_local std::minstd_rand source{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(source);
}

std::string in_seconds(milliseconds span) {
  return std::to_string(std::max<std::int64_t>(1, std::chrono::ceil<std::chrono::seconds>(span).count())) + " s";
}

/// Tells the breaker how a request went, also if its coroutine ends on the way.
class breaker_note {
 public:
  breaker_note(std::shared_ptr<circuit_breaker> breaker, circuit_breaker::pass with)
      : breaker_(std::move(breaker)), pass_(with) {}
  ~breaker_note() {
    if (breaker_ != nullptr) breaker_->undecided(pass_);
  }
  breaker_note(const breaker_note&) = delete;
  breaker_note& operator=(const breaker_note&) = delete;

  // A reply of any status is a sign of life, and a search that takes too long is none of death.
  void tell(const net::http_outcome& outcome) {
    const auto told = std::exchange(breaker_, nullptr);
    auto& breaker = *told;
    if (outcome || outcome.error().why.kind == error_kind::too_large) return breaker.succeeded();
    const auto& failure = outcome.error();
    const bool unreachable = failure.why.kind == error_kind::timeout && failure.server == net::reached::no;
    const bool dead = failure.why.kind == error_kind::unavailable || unreachable;
    return dead ? breaker.failed(pass_, failure.why.message) : breaker.undecided(pass_);
  }

 private:
  std::shared_ptr<circuit_breaker> breaker_;
  const circuit_breaker::pass pass_;
};

}  // namespace

cluster::cluster(cluster_settings settings, net::http_sender send, aws_credentials_getter keys, const base::clock& time,
                 request_meter& meter)
    : settings_(std::move(settings)),
      url_(checked_url(settings_)),
      tls_(checked_tls(settings_)),
      send_(std::move(send)),
      authorizer_(settings_, std::move(keys), time),
      time_(time),
      meter_(meter),
      breaker_(std::make_shared<circuit_breaker>(time)) {}

asio::awaitable<base::result<net::http_reply>> cluster::send(api_request request, std::string caller_authorization) {
  const auto limit = std::min(request.timeout.value_or(settings_.timeout), settings_.timeout);
  const auto end = time_.now() + limit;
  for (int attempts = 1;; ++attempts) {
    const auto admitted = breaker_->admit();
    if (const auto* refusal = std::get_if<circuit_breaker::refusal>(&admitted)) co_return refused(*refusal);
    breaker_note note(breaker_, std::get<circuit_breaker::pass>(admitted));
    auto outcome = co_await try_once(request, &caller_authorization, end);
    if (!outcome) co_return outcome.error();
    note.tell(*outcome);
    const auto pause = pause_before_retry(attempts, *outcome, request.repeat, random_part());
    if (!pause || time_.now() + *pause + attempt_min > end) {
      if (!*outcome) co_return failure_of(outcome->error(), limit);
      co_return std::move(**outcome);
    }
    asio::steady_timer timer(co_await asio::this_coro::executor, *pause);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<base::result<net::http_reply>> cluster::probe(api_request request) {
  breaker_note note(breaker_, breaker_->observe());
  auto outcome = co_await try_once(request, nullptr, time_.now() + probe_timeout);
  if (!outcome) co_return outcome.error();
  note.tell(*outcome);
  if (!*outcome) co_return failure_of(outcome->error(), probe_timeout);
  co_return std::move(**outcome);
}

asio::awaitable<base::result<net::http_outcome>> cluster::try_once(const api_request& request,
                                                                   const std::string* caller_authorization,
                                                                   base::steady_time end) {
  const auto target = url_.path + request.target();
  auto headers = co_await authorizer_.headers_for(request, url_, target, caller_authorization);
  if (!headers) co_return base::result<net::http_outcome>(boost::system::in_place_error, headers.error());
  // The search for credentials may have taken its time.
  const auto left = std::max(std::chrono::ceil<milliseconds>(end - time_.now()), milliseconds(1));
  if (!request.body.empty()) headers->emplace_back("Content-Type", request.content_type);
  net::http_request out{.method = request.method,
                        .url = url_.origin + target,
                        .headers = std::move(*headers),
                        .body = request.body,
                        .timeout = left,
                        .connect_timeout = std::min(left, connect_timeout),
                        .body_bytes_max = settings_.reply_bytes_max,
                        .tls = tls_,
                        .direct = false,
                        .repeat = request.repeat};
  const auto began = time_.now();
  auto outcome = co_await send_(std::move(out));
  meter_.asked(settings_.name, outcome ? outcome->status : 0, time_.now() - began);
  co_return base::result<net::http_outcome>(boost::system::in_place_value, std::move(outcome));
}

base::error cluster::refused(const circuit_breaker::refusal& by) const {
  return base::fail(error_kind::unavailable, "OpenSearch cluster " + settings_.name + " does not answer (" + by.why +
                                                 "); it is asked again in " + in_seconds(by.next_try) +
                                                 ", so try later");
}

base::error cluster::failure_of(const net::http_failure& failure, milliseconds limit) const {
  const auto about = "OpenSearch cluster " + settings_.name;
  switch (failure.why.kind) {
    case error_kind::timeout:
      if (failure.server == net::reached::no)
        return base::fail(
            error_kind::timeout,
            about + " could not be reached within " + in_seconds(std::min(limit, connect_timeout)) + "; try later",
            failure.why.detail);
      return base::fail(error_kind::timeout,
                        about + " did not answer within " + in_seconds(limit) + "; ask for less, or try later",
                        failure.why.detail);
    case error_kind::too_large:
      return base::fail(error_kind::too_large, "the answer of " + about + " is larger than this server takes (" +
                                                   std::to_string(settings_.reply_bytes_max) +
                                                   " bytes); ask for fewer or smaller documents");
    case error_kind::overloaded:
      return base::fail(error_kind::overloaded,
                        "this server cannot ask " + about + " just now: " + failure.why.message + "; try again",
                        failure.why.detail);
    default:
      return base::fail(failure.why.kind, about + " cannot be asked: " + failure.why.message, failure.why.detail);
  }
}

}  // namespace hydrant::providers::opensearch
