#include "runtime/run.hpp"

#include "base/log.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <exception>

namespace hydrant::runtime {
namespace {

namespace asio = boost::asio;
using base::error_kind;
using providers::outcome;

std::string write_value(const run_target&, const providers::prompt_result& value, protocol::revision r) {
  return protocol::write(value, r);
}
std::string write_value(const run_target&, const providers::tool_result& value, protocol::revision r) {
  return protocol::write(value, r);
}
std::string write_value(const run_target& target, const providers::resource_result& value, protocol::revision r) {
  return protocol::write(value, r, std::get<providers::resource_match>(target).hint);
}

// A tool that breaks its own output schema must not pass for one that kept it (server/tools, "Output Schema").
std::optional<base::error> check_value(const run_target& target, const providers::tool_result& value) {
  const auto& tool = *std::get<const providers::tool_entry*>(target);
  if (!tool.output || value.is_error) return std::nullopt;
  if (!value.structured)
    return base::fail(error_kind::internal, "the tool gave no structured result, though it declares one");
  const auto problems = tool.output->validate(*value.structured);
  if (problems.empty()) return std::nullopt;
  return base::fail(error_kind::internal, "the tool's result does not fit its output schema",
                    protocol::describe(problems));
}
template <class T>
std::optional<base::error> check_value(const run_target&, const T&) {
  return std::nullopt;
}

template <class T>
run_end conclude(const prepared_call& prepared, providers::call& call, outcome<T> ended) {
  if (const auto* failure = ended.failure()) return *failure;
  if (ended.is_waiting()) return run_questions{call.open_questions(), call.memory()};
  if (auto failure = check_value(prepared.target, *ended.value())) return *failure;
  return run_value{write_value(prepared.target, *ended.value(), prepared.setup.revision)};
}

base::error failure_of(std::exception_ptr thrown, const std::string& name) {
  std::string why = "unknown exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& e) {
    why = e.what();
  } catch (...) {  // NOLINT: a handler may throw anything
  }
  base::log(base::log_level::error, "a handler threw", {{"name", name}, {"what", why}});
  return base::fail(error_kind::internal, name + " failed unexpectedly", why);
}

// The handler of whatever the call leads to.
template <class Visitor>
auto with_handler(const run_target& target, Visitor visit) {
  if (const auto* tool = std::get_if<const providers::tool_entry*>(&target)) return visit((*tool)->definition.run());
  if (const auto* resource = std::get_if<providers::resource_match>(&target)) return visit(*resource->run);
  return visit(std::get<const providers::prompt*>(target)->run());
}

providers::when_full window_policy(const run_target& target) {
  return with_handler(target, [](const auto& handler) {
    return handler.index() == 2 ? providers::when_full::wait : providers::when_full::refuse;
  });
}

template <class T>
run_end run_immediate(const providers::handler<T>& handler, const prepared_call& prepared, providers::call& call) {
  try {
    return conclude(prepared, call, std::get<providers::immediate_handler<T>>(handler)(call));
  } catch (...) {
    return failure_of(std::current_exception(), prepared.setup.name);
  }
}

}  // namespace

run_end run_now(const prepared_call& prepared, std::shared_ptr<providers::call_sink> sink) {
  // An immediate handler cannot wait, so what does not fit the window is left out.
  providers::call call(prepared.setup, std::move(sink),
                       std::make_shared<providers::flow_window>(providers::when_full::refuse));
  return with_handler(prepared.target, [&](const auto& handler) { return run_immediate(handler, prepared, call); });
}

run::run(prepared_call call, std::shared_ptr<providers::call_sink> sink, asio::io_context& where,
         net::worker_pool& workers)
    : prepared_(std::move(call)),
      where_(where),
      workers_(workers),
      window_(std::make_shared<providers::flow_window>(window_policy(prepared_.target))),
      call_(std::make_shared<providers::call>(prepared_.setup, std::move(sink), window_)),
      deadline_(where) {}

void run::start(std::chrono::milliseconds timeout, std::function<void(run_end)> done) {
  asio::dispatch(where_, [self = shared_from_this(), timeout, done = std::move(done)]() mutable {
    self->done_ = std::move(done);
    self->deadline_.expires_after(timeout);
    self->deadline_.async_wait([weak = self->weak_from_this()](boost::system::error_code stopped) {
      const auto late = weak.lock();
      if (stopped || !late) return;
      late->finish(base::fail(error_kind::timeout, late->prepared_.setup.name + " took too long and was stopped"));
      late->stop_handler();
    });
    with_handler(self->prepared_.target, [&self](const auto& handler) { self->launch(handler); });
  });
}

template <class T>
void run::launch(const providers::handler<T>& handler) {
  switch (handler.index()) {
    case 0: return finish(run_immediate(handler, prepared_, *call_));
    case 1: return launch_async(std::get<providers::async_handler<T>>(handler));
    default: return launch_blocking(std::get<providers::blocking_handler<T>>(handler));
  }
}

template <class T>
void run::launch_async(const providers::async_handler<T>& handler) {
  auto ended = [self = shared_from_this()](std::exception_ptr thrown, std::optional<outcome<T>> value) {
    if (thrown) return self->finish(failure_of(thrown, self->prepared_.setup.name));
    self->finish(conclude(self->prepared_, *self->call_, std::move(*value)));
  };
  auto body = [self = shared_from_this(), &handler]() -> asio::awaitable<std::optional<outcome<T>>> {
    try {
      co_return co_await handler(*self->call_);
    } catch (const boost::system::system_error&) {
      // How a cancelled wait ends; anything else is the handler's own failure.
      if (!self->call_->cancelled()) throw;
      co_return outcome<T>(base::fail(error_kind::cancelled, "cancelled"));
    }
  };
  asio::co_spawn(where_, std::move(body), asio::bind_cancellation_slot(stop_.slot(), std::move(ended)));
}

template <class T>
void run::launch_blocking(const providers::blocking_handler<T>& handler) {
  const bool taken = workers_.submit([self = shared_from_this(), &handler] {
    run_end end = base::fail(error_kind::cancelled, "cancelled");
    try {
      if (!self->call_->cancelled()) end = conclude(self->prepared_, *self->call_, handler.run(*self->call_));
    } catch (...) {
      end = failure_of(std::current_exception(), self->prepared_.setup.name);
    }
    asio::post(self->where_, [self, end = std::move(end)]() mutable { self->finish(std::move(end)); });
  });
  if (!taken) finish(base::fail(error_kind::overloaded, "too many blocking calls are waiting; try again later"));
}

void run::finish(run_end end) {
  deadline_.cancel();
  window_->close();
  if (auto done = std::exchange(done_, nullptr)) done(std::move(end));
}

void run::stop_handler() {
  call_->cancel();
  window_->close();
  stop_.emit(asio::cancellation_type::terminal);
}

void run::cancel() {
  call_->cancel();
  window_->close();
  asio::dispatch(where_, [self = shared_from_this()] {
    self->done_ = nullptr;
    self->deadline_.cancel();
    self->stop_handler();
  });
}

}  // namespace hydrant::runtime
