#pragma once

// Everything this server offers, collected from its providers at start and constant from then on, so that all threads
// read it without a lock. What changes at run time is announced through `announcer`.

#include "protocol/mirrored_header.hpp"
#include "protocol/page_cursor.hpp"
#include "protocol/schema.hpp"
#include "protocol/uri_template.hpp"
#include "providers/entries.hpp"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers {

/// How providers tell clients that something changed. Thread-safe; every subscriber on every node is told.
class announcer {
 public:
  virtual ~announcer() = default;
  virtual void tools_changed() = 0;
  virtual void prompts_changed() = 0;
  virtual void resources_changed() = 0;
  virtual void resource_updated(std::string uri) = 0;
};

/// The texts of one list in every revision's shape, cut into pages.
class listing {
 public:
  void add(const json& descriptor);
  std::size_t size() const { return items_.front().size(); }
  /// The members of a page: `"<member>":[...]` and, if more follow, `,"nextCursor":"..."`. Errors: invalid_params.
  base::result<std::string> page(std::string_view method, std::string_view member, std::string_view cursor,
                                 protocol::revision r) const;

 private:
  static constexpr std::size_t page_items_max = 100;
  std::array<std::vector<std::string>, 5> items_;  // by revision
};

struct tool_entry {
  tool definition;
  protocol::schema input;
  std::optional<protocol::schema> output;
  std::vector<protocol::mirrored_parameter> mirrored;
};

struct template_entry {
  resource_template definition;
  protocol::uri_template pattern;
};

/// A resource that a URI leads to: its handler, the variables of its template, how long it may be kept.
struct resource_match {
  const handler<resource_result>* run = nullptr;
  json variables = json::object();
  protocol::cache_hint hint;
};

class catalog {
 public:
  // While the process starts. A malformed schema, template or annotation, or a name that is taken, throws
  // std::invalid_argument that names the entry: a provider's defect, found at once.
  void add(tool definition);
  void add(resource definition);
  void add(resource_template definition);
  void add(prompt definition);

  const tool_entry* find_tool(std::string_view name) const;
  const prompt* find_prompt(std::string_view name) const;
  std::optional<resource_match> find_resource(std::string_view uri) const;
  /// The suggestion function for a template's variable or a prompt's argument; null if there is none.
  const completer* find_prompt_completer(std::string_view prompt_name, std::string_view argument) const;
  const completer* find_template_completer(std::string_view uri_template, std::string_view variable) const;
  bool has_template(std::string_view uri_template) const;

  const listing& tools() const { return tool_list_; }
  const listing& resources() const { return resource_list_; }
  const listing& templates() const { return template_list_; }
  const listing& prompts() const { return prompt_list_; }

 private:
  template <class T>
  using by_name = std::map<std::string, T, std::less<>>;

  by_name<tool_entry> tools_;
  by_name<resource> resources_;
  by_name<prompt> prompts_;
  std::vector<template_entry> templates_;
  listing tool_list_, resource_list_, template_list_, prompt_list_;
};

/// How what a provider depends on is doing, for /health and /ready.
struct provider_health {
  std::string name;               ///< of the member of /health that `details` becomes
  std::string service;            ///< what /health calls the service; empty: nothing
  json details = json::object();  ///< with a `status` of the provider's own wording
  bool well = true;               ///< else /health says degraded
  bool ready = true;              ///< else /ready refuses
};

/// Where tools, resources and prompts come from. One per process and kind; outlives the catalog's users.
class provider {
 public:
  virtual ~provider() = default;
  /// Called once, when the io threads run.
  virtual void start() {}
  /// Called once, before the io threads stop; no call runs any more. Blocks; not on an io thread.
  virtual void stop() {}
  /// None: it depends on nothing. Thread-safe, answers at once.
  virtual std::optional<provider_health> health() const { return std::nullopt; }
  /// Called once, before any request. The announcer outlives the provider.
  virtual void contribute(catalog& to, announcer& changes) = 0;
};

}  // namespace hydrant::providers
