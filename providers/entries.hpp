#pragma once

// What a provider contributes: tools, resources, resource templates, prompts. Each is built by chained calls:
//
//   const auto message = parameter<std::string>("message", "What to send back");
//   catalog.add(tool("echo").describe("Sends the message back").takes(message).read_only()
//                   .immediate([message](call& c) { return text_result(c[message]); }));

#include "protocol/results.hpp"
#include "providers/handler.hpp"

#include <functional>
#include <string>
#include <vector>

namespace hydrant::providers {

using protocol::completion_result;
using protocol::prompt_result;
using protocol::resource_result;
using protocol::tool_result;

/// Suggests values for an argument, given what is typed and the arguments chosen so far. Runs on an io thread.
using completer = std::function<completion_result(std::string_view typed, const json& chosen)>;

/// What every entry has. `Derived` is the builder, so that the calls chain.
template <class Derived>
class described {
 public:
  Derived&& title(std::string text) && { return set("title", std::move(text)); }
  Derived&& describe(std::string text) && { return set("description", std::move(text)); }
  /// Any further member of the entry's JSON object.
  Derived&& with(const char* member, json value) && { return set(member, std::move(value)); }

  /// The entry as a list shows it, in the newest revision's shape.
  const json& descriptor() const { return descriptor_; }

 protected:
  Derived&& set(const char* member, json value) {
    descriptor_[member] = std::move(value);
    return static_cast<Derived&&>(*this);
  }
  json descriptor_ = json::object();
};

/// A tool. Its handler may be run again after a crash of its node only if it is read-only or idempotent.
class tool : public described<tool> {
 public:
  explicit tool(std::string name);

  /// Declares parameters, in the order in which people should see them.
  template <parameter_type... T>
  tool&& takes(const parameter<T>&... parameters) && {
    (add_parameter(parameters.name(), parameters.schema(), parameters.required()), ...);
    return std::move(*this);
  }
  /// Replaces the input schema as a whole (JSON Schema 2020-12, an object schema).
  tool&& input_schema(json schema) && { return set("inputSchema", std::move(schema)); }
  tool&& output_schema(json schema) && { return set("outputSchema", std::move(schema)); }

  tool&& read_only() && { return annotate("readOnlyHint", true); }
  tool&& idempotent() && { return annotate("idempotentHint", true); }
  tool&& destructive() && { return annotate("destructiveHint", true); }
  /// The answers to its questions count once: whoever sends a request with them again is refused (2026-07-28; in a
  /// session answers count once anyway). Costs a round trip to the store for each round of questions.
  tool&& answers_count_once() && {
    answers_count_once_ = true;
    return std::move(*this);
  }
  /// Works on nothing outside this server.
  tool&& closed_world() && { return annotate("openWorldHint", false); }

  tool&& immediate(immediate_handler<tool_result> h) && { return run_by(std::move(h)); }
  tool&& async(async_handler<tool_result> h) && { return run_by(std::move(h)); }
  tool&& blocking(std::function<outcome<tool_result>(call&)> h) && {
    return run_by(blocking_handler<tool_result>{std::move(h)});
  }

  const std::string& name() const { return name_; }
  const handler<tool_result>& run() const { return run_; }
  /// Whether a second run, elsewhere, does no harm.
  bool repeatable() const;
  bool counts_answers_once() const { return answers_count_once_; }

 private:
  void add_parameter(const std::string& name, const json& schema, bool required);
  tool&& annotate(const char* hint, bool value);
  tool&& run_by(handler<tool_result> h) {
    run_ = std::move(h);
    return std::move(*this);
  }

  std::string name_;
  handler<tool_result> run_;
  bool answers_count_once_ = false;
};

/// A resource with a fixed URI.
class resource : public described<resource> {
 public:
  resource(std::string uri, std::string name, std::string mime_type);
  resource&& immediate(immediate_handler<resource_result> h) && { return run_by(std::move(h)); }
  resource&& async(async_handler<resource_result> h) && { return run_by(std::move(h)); }
  resource&& blocking(std::function<outcome<resource_result>(call&)> h) && {
    return run_by(blocking_handler<resource_result>{std::move(h)});
  }
  /// How long clients may keep what they read (2026-07-28).
  resource&& cached_for(protocol::cache_hint hint) && {
    hint_ = hint;
    return std::move(*this);
  }

  const std::string& uri() const { return uri_; }
  const handler<resource_result>& run() const { return run_; }
  protocol::cache_hint hint() const { return hint_; }

 private:
  resource&& run_by(handler<resource_result> h) {
    run_ = std::move(h);
    return std::move(*this);
  }
  std::string uri_;
  handler<resource_result> run_;
  protocol::cache_hint hint_;
};

/// A family of resources (RFC 6570 levels 1 and 2). The handler finds the variables in call::arguments().
class resource_template : public described<resource_template> {
 public:
  resource_template(std::string uri_template, std::string name, std::string mime_type);
  resource_template&& immediate(immediate_handler<resource_result> h) && { return run_by(std::move(h)); }
  resource_template&& async(async_handler<resource_result> h) && { return run_by(std::move(h)); }
  resource_template&& blocking(std::function<outcome<resource_result>(call&)> h) && {
    return run_by(blocking_handler<resource_result>{std::move(h)});
  }
  resource_template&& completes(std::string variable, completer suggest) && {
    completers_.emplace(std::move(variable), std::move(suggest));
    return std::move(*this);
  }

  const std::string& uri_template() const { return uri_template_; }
  const handler<resource_result>& run() const { return run_; }
  const std::map<std::string, completer, std::less<>>& completers() const { return completers_; }

 private:
  resource_template&& run_by(handler<resource_result> h) {
    run_ = std::move(h);
    return std::move(*this);
  }
  std::string uri_template_;
  handler<resource_result> run_;
  std::map<std::string, completer, std::less<>> completers_;
};

/// Whether a prompt must be given an argument.
enum class argument_need { required, optional };

class prompt : public described<prompt> {
 public:
  explicit prompt(std::string name);
  prompt&& argument(std::string name, std::string description, argument_need need, completer suggest = {}) &&;
  prompt&& immediate(immediate_handler<prompt_result> h) && { return run_by(std::move(h)); }
  prompt&& async(async_handler<prompt_result> h) && { return run_by(std::move(h)); }
  prompt&& blocking(std::function<outcome<prompt_result>(call&)> h) && {
    return run_by(blocking_handler<prompt_result>{std::move(h)});
  }

  const std::string& name() const { return name_; }
  const handler<prompt_result>& run() const { return run_; }
  const std::map<std::string, completer, std::less<>>& completers() const { return completers_; }

 private:
  prompt&& run_by(handler<prompt_result> h) {
    run_ = std::move(h);
    return std::move(*this);
  }
  std::string name_;
  handler<prompt_result> run_;
  std::map<std::string, completer, std::less<>> completers_;
};

}  // namespace hydrant::providers
