#include "tests/sim/world.hpp"

#include "base/log.hpp"
#include "tests/sim/audit.hpp"
#include "tests/sim/tools.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace hydrant::sim {
namespace {

constexpr duration faults_last = 12s;
constexpr duration answers_within = 100s;   // of the healing
constexpr duration quiet_within = 100s;     // of the last answer
constexpr duration looking_interval = 35s;  // in which each node looks at each open stream

store::memory_limits ample() {
  store::memory_limits limits;
  limits.finished_stream_grace = std::chrono::hours(10);
  return limits;
}

}  // namespace

world::world(std::uint64_t seed, spoil spoilt, trace_kept kept) : at_(seed), store_(clock_, ample()) {
  base::set_up_logging(base::log_format::text, base::log_level::off);
  at_.spoilt = spoilt;
  if (kept == trace_kept::all) at_.lines.keep_all();
  starts_of_once().clear();
  set_weather();
  places_.resize(2 + at_.dice.below(2));
  for (auto& where : places_) {
    where.name = std::string("node-") + static_cast<char>('a' + (&where - places_.data()));
    boot(where);
  }
  const auto clients = 1 + at_.dice.below(3);
  for (std::uint64_t i = 0; i < clients; ++i) {
    store::session_record record;
    record.id = "s" + std::to_string(i + 1);
    record.protocol_version = "2025-11-25";
    record.client_info = R"({"name":"c"})";
    record.client_capabilities = R"({"elicitation":{},"roots":{}})";
    store_.sessions().create(record, std::chrono::hours(10), [](const base::result<>& made) { made.value(); });
    clients_.push_back(std::make_unique<client>(at_, front_, ids_, record.id, 8));
  }
}

// What was still to happen goes before what it refers to.
world::~world() {
  for (auto& where : places_)
    if (where.lives) where.lives->as_process()->die();
  at_.plan.clear();
}

outcome world::run() {
  plan_faults(faults_last);
  for (auto& one : clients_)
    one->start();
  update_something();
  at_.after(faults_last, [this] { heal(); });
  if (!run_until(faults_last + answers_within, [this] { return at_.sky.calm && clients_done(); }))
    for (const auto& one : clients_)
      for (const auto& waits : one->waits_for())
        at_.violated("unanswered: " + waits);
  expect_quiet();
  auditor judge(at_, store_.events(), sees_);
  for (const auto& one : clients_)
    judge.judge(*one);
  return {at_.violations, at_.lines.hash(), at_.lines.lines(), at_.lines.text()};
}

// Each kind of trouble in some worlds only, so that each is also seen without the others.
void world::set_weather() {
  auto& sky = at_.sky;
  const auto sometimes = [this](double most) {
    return at_.dice.happens(0.5) ? most * static_cast<double>(at_.dice.below(100)) / 100 : 0;
  };
  sky.instant_store = at_.dice.happens(0.1);
  sky.store_delay_max = at_.dice.happens(0.3) ? 60ms : 2ms;
  sky.request_lost = sometimes(0.1);
  sky.answer_lost = sometimes(0.1);
  sky.message_lost = sometimes(0.5);
  sky.message_doubled = sometimes(0.3);
  sky.message_delay_max = at_.dice.happens(0.3) ? 400ms : 5ms;
  sky.client_delay_max = at_.dice.happens(0.3) ? 300ms : 20ms;
  sky.connection_cut = sometimes(0.6);
}

void world::plan_faults(duration span) {
  const auto faults = at_.dice.below(8);
  for (std::uint64_t i = 0; i < faults; ++i)
    plan_fault(at_.dice.between(0ms, span));
}

void world::plan_fault(duration when) {
  auto& where = places_[at_.dice.below(places_.size())];
  const auto kind = at_.dice.below(6);
  const auto span = at_.dice.between(50ms, kind < 3 ? duration(7s) : duration(3s));
  at_.after(when, [this, &where, kind, span] {
    const auto until = at_.time.now() + span;
    if (kind <= 1) return kill(where, span);
    if (kind == 2) return pause(where, span);
    at_.lines.line({kind == 3 ? "store away" : kind == 4 ? "store unreachable from" : "bus away from", where.name});
    if (kind == 3) at_.sky.store_away_until = until;
    if (kind == 4) at_.sky.store_unreachable_until[where.name] = until;
    if (kind == 5) at_.sky.bus_unreachable_until[where.name] = until;
  });
}

void world::boot(place& where) {
  if (where.lives) return;
  const auto as = std::make_shared<process>(store::node_ref{where.name, std::to_string(++where.boots)});
  remains_.push_back(std::make_unique<remains>(at_, as, backends_));
  where.lives = std::make_unique<node>(at_, messages_, *remains_.back(), as);
  at_.lines.line({where.lives->as_process()->name, "boots"});
  tick(where, where.boots);
}

void world::kill(place& where, duration down) {
  if (!where.lives) return;
  const auto dying = where.lives->as_process();
  at_.lines.line({dying->name, "dies"});
  dying->die();
  front_.remove(dying);
  where.lives.reset();
  at_.after(at_.sky.calm ? duration(100ms) : down, [this, &where] { boot(where); });
}

void world::pause(place& where, duration span) {
  if (!where.lives) return;
  const auto paused = where.lives->as_process();
  at_.lines.line({paused->name, "stands still"});
  paused->pause();
  at_.after(span, [this, paused] {
    at_.lines.line({paused->name, "goes on"});
    paused->go_on();
  });
}

void world::tick(place& where, int boot) {
  if (!where.lives || where.boots != boot || !ticking_) return;
  if (where.lives->expelled()) return kill(where, 500ms);
  where.lives->as_process()->take([this, &where, boot] {
    if (!where.lives || where.boots != boot) return;
    where.lives->tick();
    if (where.lives->joined()) front_.add(where.lives->as_process());
  });
  at_.after(1s, [this, &where, boot] { tick(where, boot); });
}

void world::update_something() {
  if (at_.sky.calm) return;
  auto& where = places_[at_.dice.below(places_.size())];
  const auto& to = clients_[at_.dice.below(clients_.size())]->session();
  const auto text = R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x://)" +
                    std::to_string(++updates_) + "\"}}";
  if (where.lives && where.lives->as_process()->runs())
    where.lives->as_process()->take([&where, to, text] { where.lives->append_update(to, text); });
  at_.after(at_.dice.between(10ms, 1s), [this] { update_something(); });
}

void world::heal() {
  at_.lines.line({"all is healed"});
  at_.sky.calm = true;
  for (auto& where : places_)
    boot(where);
}

bool world::run_until(duration limit, const std::function<bool()>& done) {
  while (!done()) {
    if (at_.time.since_start() > limit) return false;
    step();
  }
  return true;
}

void world::step() {
  const auto timer = at_.time.next_timer();
  const auto next = std::min(at_.plan.next(), timer);
  at_.time.advance_to(next);
  if (at_.plan.next() <= next) at_.plan.take()();
  if (timer > next) return;
  for (auto& where : places_)
    if (where.lives && where.lives->as_process()->runs()) where.lives->run_ready();
}

bool world::clients_done() const {
  return std::ranges::all_of(clients_, [](const auto& one) { return one->done(); });
}

bool world::ledger_empty() {
  return store_.statistics().calls == 0;
}

std::vector<std::string> world::left_over() {
  std::vector<std::string> all;
  for (auto& where : places_)
    if (where.lives)
      for (auto& one : where.lives->left_over())
        all.push_back(std::move(one));
  return all;
}

// Calls whose client does not know of them come to their end by themselves.
void world::expect_quiet() {
  const auto now = [this] { return at_.time.since_start(); };
  run_until(now() + quiet_within, [this] { return ledger_empty(); });
  run_until(now() + looking_interval, [] { return false; });
  for (auto& one : clients_)
    one->leave();
  if (!run_until(now() + quiet_within, [this] { return left_over().empty(); }))
    for (const auto& still : left_over())
      at_.violated(still);
  ticking_ = false;
  expect_no_timer();
}

void world::expect_no_timer() {
  std::size_t handlers = 0;
  run_until(at_.time.since_start() + 5s, [this] { return at_.plan.next() == steady_time::max(); });
  for (int minutes = 0; minutes < 10; ++minutes) {
    at_.time.advance_to(at_.time.now() + 60s);
    for (auto& where : places_)
      if (where.lives) handlers += where.lives->run_ready();
  }
  if (handlers > 0) at_.violated("timers were left over: " + std::to_string(handlers));
}

outcome simulate(std::uint64_t seed, spoil spoilt, trace_kept kept) {
  outcome result;
  std::exception_ptr thrown;
  std::thread([&] {
    try {
      result = world(seed, spoilt, kept).run();
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
  return result;
}

}  // namespace hydrant::sim
