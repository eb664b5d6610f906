#include "providers/demo/demo_provider.hpp"

#include "providers/demo/zones.hpp"

namespace hydrant::providers {

namespace asio = boost::asio;
using protocol::content;
using protocol::text_result;

namespace {

constexpr const char* counter_uri = "demo://counter";

base::error unknown_zone(const std::string& zone) {
  return base::fail(base::error_kind::invalid_params,
                    "unknown time zone " + zone + "; use an IANA name such as Europe/Berlin");
}

outcome<tool_result> current_time(const std::string& zone) {
  if (!demo::is_zone(zone)) return protocol::error_result(unknown_zone(zone).message);
  const auto now = demo::time_in_zone(zone);
  auto result = text_result(now);
  result.structured = json{{"time", now}, {"timezone", zone}};
  return result;
}

// One progress notification a step. Waits for room before each, so that a slow client slows the countdown down.
asio::awaitable<outcome<tool_result>> count_down(call& c, std::int64_t from, std::chrono::milliseconds interval) {
  for (std::int64_t step = 1; step <= from; ++step) {
    if (interval.count() > 0) co_await c.sleep(interval);
    co_await c.room();
    c.progress(static_cast<double>(step), static_cast<double>(from));
  }
  co_return text_result("liftoff");
}

outcome<tool_result> confirm(call& c, const std::string& question) {
  const auto* answer =
      c.ask("confirm",
            protocol::elicit_form(question, {{"confirmed", {{"type", "boolean"}, {"title", "Yes"}}}}, {"confirmed"}));
  if (answer == nullptr) return c.wait<tool_result>();
  if ((*answer)["action"] != "accept") return text_result("no answer: " + (*answer)["action"].get<std::string>());
  return text_result((*answer)["content"]["confirmed"].get<bool>() ? "yes" : "no");
}

asio::awaitable<outcome<tool_result>> increment(shared_number& counter, std::int64_t by, announcer& changes) {
  const auto value = co_await demo::add_patiently(counter, by);
  if (!value) co_return value.error();
  changes.resource_updated(counter_uri);
  co_return text_result(std::to_string(*value));
}

resource_result one_text(const std::string& uri, std::string text) {
  return {{{.uri = uri, .mime_type = "text/plain", .text = std::move(text), .blob = {}}}};
}

completion_result matching_zones(std::string_view typed) {
  completion_result found;
  for (const auto& zone : demo::zone_names())
    if (zone.starts_with(typed)) found.values.push_back(zone);
  return found;
}

asio::awaitable<outcome<resource_result>> read_counter(shared_number& counter) {
  const auto value = co_await demo::add_patiently(counter, 0);
  if (!value) co_return value.error();
  co_return one_text(counter_uri, std::to_string(*value));
}

outcome<resource_result> read_time(const call& c, const std::string& zone) {
  if (!demo::is_zone(zone)) return unknown_zone(zone);
  return one_text(c.name(), demo::time_in_zone(zone));
}

}  // namespace

void demo_provider::contribute(catalog& to, announcer& changes) {
  add_tools(to);
  add_counter(to, changes);
  add_times(to);
  add_prompt(to);
}

void demo_provider::add_tools(catalog& to) {
  const auto message = parameter<std::string>("message", "What to send back");
  to.add(tool("echo")
             .title("Echo")
             .describe("Sends your message back.")
             .takes(message)
             .read_only()
             .idempotent()
             .closed_world()
             .immediate([message](call& c) -> outcome<tool_result> { return text_result(c[message]); }));

  const auto zone = parameter<std::string>("timezone", "IANA name, e.g. Europe/Berlin").or_else("UTC");
  to.add(tool("current_time")
             .title("Current time")
             .describe("Tells the time in a time zone.")
             .takes(zone)
             .read_only()
             .closed_world()
             .output_schema({{"type", "object"},
                             {"properties", {{"time", {{"type", "string"}}}, {"timezone", {{"type", "string"}}}}},
                             {"required", {"time", "timezone"}}})
             .immediate([zone](call& c) { return current_time(c[zone]); }));

  const auto from = parameter<std::int64_t>("from", "How many steps").range(1, 100'000);
  const auto interval =
      parameter<std::int64_t>("interval_ms", "Milliseconds between steps").range(0, 60'000).or_else(1000);
  to.add(
      tool("countdown")
          .title("Countdown")
          .describe("Counts down with a progress report at each step, then lifts off.")
          .takes(from, interval)
          .read_only()
          .idempotent()
          .closed_world()
          .async([from, interval](call& c) { return count_down(c, c[from], std::chrono::milliseconds(c[interval])); }));

  const auto question = parameter<std::string>("question", "What the user is asked");
  to.add(tool("confirm")
             .title("Confirm")
             .describe("Asks the user a question to be answered with yes or no.")
             .takes(question)
             .closed_world()
             .idempotent()
             .immediate([question](call& c) { return confirm(c, c[question]); }));
}

void demo_provider::add_counter(catalog& to, announcer& changes) {
  const auto by = parameter<std::int64_t>("by", "How much to add").range(-1'000'000, 1'000'000).or_else(1);
  to.add(tool("increment")
             .title("Increment")
             .describe("Raises the shared counter behind demo://counter.")
             .takes(by)
             .closed_world()
             .async([this, by, &changes](call& c) { return increment(*counter_, c[by], changes); }));
  to.add(resource(counter_uri, "counter", "text/plain")
             .title("Counter")
             .describe("The shared counter's value.")
             .async([this](call&) { return read_counter(*counter_); }));
}

void demo_provider::add_times(catalog& to) {
  const auto suggest = [](std::string_view typed, const json&) { return matching_zones(typed); };
  to.add(resource_template("demo://time/{zone}", "time", "text/plain")
             .title("Time in a zone")
             .describe("The time now in a time zone, e.g. demo://time/Europe%2FBerlin or demo://time/UTC.")
             .completes("zone", suggest)
             .immediate([](call& c) { return read_time(c, c.arguments()["zone"].get<std::string>()); }));
  // The same with the zone's slash as people type it, which {zone} does not match (RFC 6570 section 3.2.2).
  to.add(resource_template("demo://time/{area}/{city}", "time-by-area", "text/plain")
             .title("Time in a city")
             .describe("The time now in an area's city, e.g. demo://time/Europe/Berlin.")
             .immediate([](call& c) {
               return read_time(
                   c, c.arguments()["area"].get<std::string>() + "/" + c.arguments()["city"].get<std::string>());
             }));
}

void demo_provider::add_prompt(catalog& to) {
  to.add(prompt("plan_launch")
             .title("Plan a launch")
             .describe("Asks the model for a launch plan that uses the demo tools.")
             .argument("rocket", "Name of the rocket", argument_need::required)
             .argument("timezone", "Where the launch pad is", argument_need::optional,
                       [](std::string_view typed, const json&) { return matching_zones(typed); })
             .immediate([](call& c) -> outcome<prompt_result> {
               const auto zone = c.arguments().value("timezone", "UTC");
               return prompt_result{
                   "A launch plan",
                   {{"user", content::text("Plan the launch of " + c.arguments()["rocket"].get<std::string>() +
                                           ". Look up the time in " + zone +
                                           " with current_time, ask me with confirm, then run countdown from 10.")}}};
             }));
}

}  // namespace hydrant::providers
