#include "runtime/metrics.hpp"

#include <prometheus/text_serializer.h>

namespace hydrant::runtime {

prometheus::Counter& metrics::counter(const std::string& name, const std::string& help,
                                      const prometheus::Labels& labels) {
  return prometheus::BuildCounter().Name("hydrant_" + name).Help(help).Register(*registry_).Add(labels);
}

prometheus::Gauge& metrics::gauge(const std::string& name, const std::string& help, const prometheus::Labels& labels) {
  return prometheus::BuildGauge().Name("hydrant_" + name).Help(help).Register(*registry_).Add(labels);
}

metrics::metrics(const std::string& version, const std::string& node, const std::string& boot)
    : metadata_requests(counter("requests_total", "Requests accepted, by era", {{"era", "metadata"}})),
      session_requests(counter("requests_total", "Requests accepted, by era", {{"era", "session"}})),
      refused_requests(counter("requests_refused_total", "Requests refused before a method ran")),
      sessions_active(gauge("sessions_active", "Sessions alive in the store")),
      actors_live(gauge("session_actors", "Sessions held in memory by this node")),
      sessions_created(counter("sessions_created_total", "Sessions opened by initialize")),
      sessions_ended(counter("sessions_ended_total", "Sessions ended by DELETE or expiry on this node")),
      rehydrations(counter("rehydrations_total", "Sessions read from the store into a new actor")),
      passivations(counter("passivations_total", "Idle actors dropped; their sessions live on in the store")),
      streams_open(gauge("streams_open", "Open SSE streams of sessions on this node")),
      listeners_open(gauge("listeners_open", "Open subscriptions/listen streams on this node")),
      events_appended(counter("events_appended_total", "Events appended to stream logs")),
      replays(counter("replays_total", "Streams resumed from their log")),
      replayed_events(counter("replayed_events_total", "Events sent from the log instead of as they came")),
      gaps_found(counter("gaps_total", "Resumptions refused because the log no longer reached back")),
      takeovers(counter("takeovers_total", "Streams taken over by a newer connection")),
      stale_writes_refused(counter("stale_writes_refused_total", "Writes refused by a fence")),
      calls_running(gauge("calls_running", "Calls being run by this node")),
      calls_cancelled(counter("calls_cancelled_total", "Calls withdrawn by their client")),
      questions_asked(counter("questions_asked_total", "Elicitations, samplings and roots asked of clients")),
      calls_adopted(counter("calls_adopted_total", "Calls of dead nodes that this node went on with or answered")),
      calls_handed_over(counter("calls_handed_over_total", "Calls that this node gave to another while it drained")),
      calls_entered_again(counter("calls_entered_again_total", "Calls of this node that the store had forgotten")),
      store_up(gauge("store_up", "1 while the store can be reached")),
      store_latency(latency("store_latency_seconds", "From a command to the answer of the store's server")),
      store_errors(counter("store_errors_total", "Commands that the store's server did not answer")),
      store_reconnects(counter("store_reconnects_total", "Connections to the store's server that stand again")),
      store_waiting(gauge("store_waiting", "Commands that the store's server has not answered yet")),
      bus_up(gauge("bus_up", "1 while the bus can be reached")),
      bus_latency(latency("bus_latency_seconds", "From this node to itself by the bus, once a second")),
      bus_messages_in(
          counter("bus_messages_total", "Messages by the bus, one a second of them to itself", {{"direction", "in"}})),
      bus_messages_out(
          counter("bus_messages_total", "Messages by the bus, one a second of them to itself", {{"direction", "out"}})),
      bus_dropped(counter("bus_dropped_total", "Messages that were not sent by the bus")),
      bus_reconnects(counter("bus_reconnects_total", "Connections to the bus' server that stand again")),
      bus_gaps(counter("bus_gaps_total", "Reports that messages of other nodes may have been lost")),
      workers_busy(gauge("workers_busy", "Blocking handlers that run or wait for a worker")),
      connections_open(gauge("connections_open", "Open TCP connections")),
      connections_refused(counter("connections_refused_total", "Connections closed at the limit")) {
  gauge("build_info", "Always 1; says what runs", {{"version", version}, {"node", node}, {"boot", boot}}).Set(1);
}

prometheus::Histogram& metrics::latency(const std::string& name, const std::string& help) {
  static const prometheus::Histogram::BucketBoundaries bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                                                              0.025,  0.05,    0.1,    0.25,  0.5,    1,     2.5};
  return prometheus::BuildHistogram().Name("hydrant_" + name).Help(help).Register(*registry_).Add({}, bounds);
}

// Settings name the upstreams, so there are few.
void metrics::count_upstream(const std::string& upstream, int status, std::chrono::steady_clock::duration took) {
  const char* outcome = status == 0 ? "no_reply" : status < 400 ? "ok" : status < 500 ? "refused" : "failed";
  counter("upstream_requests_total", "Attempts to ask a server that tools stand on, by how they ended",
          {{"upstream", upstream}, {"outcome", outcome}})
      .Increment();
  // A search may take as long as it is given.
  static const prometheus::Histogram::BucketBoundaries bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                                              0.5,   1,      2.5,   5,    10,    30,   60};
  prometheus::BuildHistogram()
      .Name("hydrant_upstream_latency_seconds")
      .Help("From a request to a server that tools stand on to the end of its reply")
      .Register(*registry_)
      .Add({{"upstream", upstream}}, bounds)
      .Observe(std::chrono::duration<double>(took).count());
}

std::string metrics::expose() const {
  return prometheus::TextSerializer().Serialize(registry_->Collect());
}

}  // namespace hydrant::runtime
