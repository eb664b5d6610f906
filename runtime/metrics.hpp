#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <chrono>
#include <memory>
#include <string>

namespace hydrant::runtime {

/// What this process counts, under Prometheus' naming rules. Thread-safe; one per process.
class metrics {
 public:
  metrics(const std::string& version, const std::string& node, const std::string& boot);

  /// The exposition text (Prometheus text format 0.0.4).
  std::string expose() const;
  /// One attempt to ask a server that tools stand on, by the name that the settings give it. `status` 0: no reply.
  void count_upstream(const std::string& upstream, int status, std::chrono::steady_clock::duration took);
  /// Streams that are open now.
  std::size_t lasting_streams() const {
    return static_cast<std::size_t>(streams_open.Value() + listeners_open.Value());
  }

 private:
  std::shared_ptr<prometheus::Registry> registry_ = std::make_shared<prometheus::Registry>();

  prometheus::Counter& counter(const std::string& name, const std::string& help, const prometheus::Labels& labels = {});
  prometheus::Histogram& latency(const std::string& name, const std::string& help);
  prometheus::Gauge& gauge(const std::string& name, const std::string& help, const prometheus::Labels& labels = {});

 public:
  // Requests, by era.
  prometheus::Counter& metadata_requests;
  prometheus::Counter& session_requests;
  prometheus::Counter& refused_requests;
  // Sessions and their actors.
  prometheus::Gauge& sessions_active;
  prometheus::Gauge& actors_live;
  prometheus::Counter& sessions_created;
  prometheus::Counter& sessions_ended;
  prometheus::Counter& rehydrations;
  prometheus::Counter& passivations;
  // Streams.
  prometheus::Gauge& streams_open;
  prometheus::Gauge& listeners_open;
  prometheus::Counter& events_appended;
  prometheus::Counter& replays;
  prometheus::Counter& replayed_events;
  prometheus::Counter& gaps_found;
  prometheus::Counter& takeovers;
  prometheus::Counter& stale_writes_refused;
  // Calls.
  prometheus::Gauge& calls_running;
  prometheus::Counter& calls_cancelled;
  prometheus::Counter& questions_asked;
  prometheus::Counter& calls_adopted;
  prometheus::Counter& calls_handed_over;
  prometheus::Counter& calls_entered_again;
  // What nodes share; nothing is counted while a node is alone.
  prometheus::Gauge& store_up;
  prometheus::Histogram& store_latency;
  prometheus::Counter& store_errors;
  prometheus::Counter& store_reconnects;
  prometheus::Gauge& store_waiting;
  prometheus::Gauge& bus_up;
  prometheus::Histogram& bus_latency;
  prometheus::Counter& bus_messages_in;
  prometheus::Counter& bus_messages_out;
  prometheus::Counter& bus_dropped;
  prometheus::Counter& bus_reconnects;
  prometheus::Counter& bus_gaps;
  // Work that waits for a thread.
  prometheus::Gauge& workers_busy;
  // Connections.
  prometheus::Gauge& connections_open;
  prometheus::Counter& connections_refused;
};

}  // namespace hydrant::runtime
