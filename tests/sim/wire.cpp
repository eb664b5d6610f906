#include "tests/sim/wire.hpp"

#include <algorithm>
#include <utility>

namespace hydrant::sim {

/// What the node holds of a stream.
class server_stream final : public runtime::event_stream {
 public:
  explicit server_stream(std::weak_ptr<wire> of) : wire_(std::move(of)) {}
  void write(std::string bytes) override {
    if (const auto live = wire_.lock()) live->write(std::move(bytes));
  }
  void close() override {
    if (const auto live = wire_.lock()) live->close();
  }

 private:
  const std::weak_ptr<wire> wire_;
};

/// What the node holds of a request. Let go unanswered it is answered 500, as the gateway does.
class server_end final : public runtime::exchange {
 public:
  explicit server_end(std::shared_ptr<wire> of) : wire_(std::move(of)) {}
  ~server_end() override { wire_->let_go(); }
  void answer(runtime::http_answer answer) override { wire_->answer(answer.status, std::move(answer.body)); }
  std::shared_ptr<runtime::event_stream> open_stream(runtime::stream_head head,
                                                     std::shared_ptr<runtime::stream_watcher> watcher) override {
    wire_->open_stream(std::move(head.first_bytes), std::move(watcher));
    return std::make_shared<server_stream>(wire_);
  }
  void on_disconnect(std::function<void()>) override {}

 private:
  const std::shared_ptr<wire> wire_;
};

void wire::send(wire_listener listener, std::function<void(std::shared_ptr<runtime::exchange>)> handle) {
  listener_ = std::move(listener);
  at_.after(at_.dice.between(duration(100), at_.sky.client_delay_max), [self = shared_from_this(), handle] {
    if (!self->server_->alive()) return self->break_off();
    self->server_->take([self, handle] { handle(std::make_shared<server_end>(self)); });
  });
}

// Everything that the client hears may make it let go of this wire.
void wire::hear(const std::function<void()>& what) {
  if (listens_ && !over_) what();
}

void wire::cut() {
  if (!listens_) return;
  listens_ = false;
  at_.lines.line({name_, "cut"});
  at_.after(at_.dice.between(duration(100), at_.sky.client_delay_max),
            [self = shared_from_this()] { self->tell_server_closed(); });
}

void wire::server_died() {
  lost_from_ = brought_ + at_.dice.below(sent_ - brought_ + 1);
  watcher_.reset();
  at_.plan.enter(arrival(), [self = shared_from_this()] { self->break_off(); });
}

void wire::break_off() {
  hear([this] {
    over_ = true;
    listener_.broken();
  });
}

void wire::answer(int status, std::string body) {
  if (std::exchange(answered_, true)) return at_.violated(name_ + " was answered twice");
  bring([self = shared_from_this(), status, body = std::move(body)] {
    self->over_ = true;
    self->listener_.answered(status, body);
  });
}

void wire::open_stream(std::string first_bytes, std::shared_ptr<runtime::stream_watcher> watcher) {
  if (std::exchange(answered_, true)) return at_.violated(name_ + " was answered twice");
  watcher_ = std::move(watcher);
  if (!listens_) at_.after(duration(100), [self = shared_from_this()] { self->tell_server_closed(); });
  bring([self = shared_from_this(), bytes = std::move(first_bytes)] {
    self->listener_.opened();
    self->listener_.arrived(bytes);
  });
}

// The socket takes the bytes at some time before the client has them.
void wire::write(std::string bytes) {
  if (closed_) return;
  bring([self = shared_from_this(), bytes = std::move(bytes)] { self->listener_.arrived(bytes); });
  const auto before = last_arrival_ - at_.time.now();
  at_.after(std::chrono::duration_cast<duration>(before) / 2, [self = shared_from_this()] {
    self->server_->take([self] {
      if (self->watcher_) self->watcher_->on_written(1);
    });
  });
}

void wire::close() {
  if (std::exchange(closed_, true)) return;
  bring([self = shared_from_this()] {
    self->over_ = true;
    self->listener_.ended();
  });
  at_.plan.enter(last_arrival_, [self = shared_from_this()] { self->tell_server_closed(); });
}

void wire::let_go() {
  if (!answered_ && server_->alive()) answer(500, {});
}

steady_time wire::arrival() {
  const auto soon = at_.time.now() + at_.dice.between(duration(100), at_.sky.client_delay_max);
  return last_arrival_ = std::max(last_arrival_, soon);
}

void wire::bring(std::function<void()> what) {
  const auto number = sent_++;
  at_.plan.enter(arrival(), [self = shared_from_this(), number, what = std::move(what)] {
    self->brought_ = number + 1;
    if (number < self->lost_from_) self->hear(what);
  });
}

void wire::tell_server_closed() {
  server_->take([self = shared_from_this()] {
    self->closed_ = true;
    if (const auto told = std::exchange(self->watcher_, nullptr)) told->on_closed();
  });
}

}  // namespace hydrant::sim
