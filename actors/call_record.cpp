#include "actors/call_record.hpp"

#include <algorithm>

namespace hydrant::actors {

using protocol::json;

namespace {

json question_to_json(const open_question& question) {
  return {{"id", question.id}, {"key", question.key}, {"method", question.method}, {"params", question.params}};
}

open_question question_from(const json& text) {
  return {text.at("id"), text.at("key"), text.at("method"), text.value("params", json::object())};
}

}  // namespace

bool call_record::answer_is_complete() const {
  return std::ranges::all_of(questions, [&](const open_question& question) { return answers.contains(question.key); });
}

void call_record::close_round() {
  producer.sequence += questions.size();
  questions.clear();
}

call_record call_record::of(const protocol::message& request) {
  call_record out;
  out.method = request.method;
  out.params = request.params;
  out.progress_token = request.meta.progress_token;
  out.traceparent = request.meta.traceparent;
  return out;
}

protocol::message call_record::request(std::string id) const {
  protocol::message out;
  out.id = std::move(id);
  out.method = method;
  out.params = params;
  out.meta.progress_token = progress_token;
  out.meta.traceparent = traceparent;
  return out;
}

std::string to_text(const call_record& record) {
  json out{{"method", record.method},
           {"params", record.params},
           {"producer", record.producer.id},
           {"sequence", record.producer.sequence}};
  if (!record.progress_token.empty()) out["progressToken"] = record.progress_token;
  if (!record.traceparent.empty()) out["traceparent"] = record.traceparent;
  if (record.rounds > 0) out["rounds"] = record.rounds;
  if (!record.answers.empty()) out["answers"] = record.answers;
  if (!record.memory.is_null()) out["memory"] = record.memory;
  for (const auto& question : record.questions)
    out["questions"].push_back(question_to_json(question));
  return protocol::to_text(out);
}

base::result<call_record> parse_call_record(const std::string& text) {
  try {
    const auto read = json::parse(text);
    call_record out;
    out.method = read.at("method");
    out.params = read.at("params");
    out.producer = {read.at("producer"), read.at("sequence")};
    out.progress_token = read.value("progressToken", "");
    out.traceparent = read.value("traceparent", "");
    out.rounds = read.value("rounds", 0);
    const auto answers = read.value("answers", json::object());
    for (const auto& [key, answer] : answers.items())
      out.answers.emplace(key, answer);
    out.memory = read.value("memory", json());
    for (const auto& question : read.value("questions", json::array()))
      out.questions.push_back(question_from(question));
    return out;
  } catch (const json::exception&) {
    return base::fail(base::error_kind::internal, "what the store keeps of a call cannot be read");
  }
}

}  // namespace hydrant::actors
