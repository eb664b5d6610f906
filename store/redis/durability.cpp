#include "store/redis/durability.hpp"

#include "store/redis/caller.hpp"
#include "store/redis/fan_out.hpp"

#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace hydrant::store::redis {
namespace {

struct asked {
  std::string durability_settings::*member;
  const char* name;
};

constexpr std::array questions{
    asked{&durability_settings::appendonly, "appendonly"},
    asked{&durability_settings::appendfsync, "appendfsync"},
    asked{&durability_settings::save, "save"},
    asked{&durability_settings::maxmemory, "maxmemory"},
    asked{&durability_settings::maxmemory_policy, "maxmemory-policy"},
};

struct inquiry {
  std::array<std::optional<base::result<reply>>, questions.size()> answers;  // one place for each
};

std::vector<std::string> not_looked(const reply& refusal) {
  return {"Whether this Redis server keeps what it has acknowledged is not known: it does not tell its settings (" +
          refusal.text.substr(0, refusal.text.find(' ')) +
          "). Allow the command CONFIG GET, or see that it has `appendonly yes`, `appendfsync always` and "
          "`maxmemory-policy noeviction`."};
}

void report(const inquiry& all, const completion<std::vector<std::string>>& done) {
  durability_settings settings;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const base::result<reply>& answer = *all.answers[i];
    if (!answer) return done(answer.error());
    if (answer->kind == reply::type::error) return done(not_looked(*answer));
    settings.*questions[i].member = text_at(*answer, 1);
  }
  done(durability_risks(settings));
}

std::string without_log(const std::string& save) {
  const std::string what = save.empty() ? "everything" : "everything since its last snapshot (save " + save + ")";
  return "Redis keeps no log of its writes (appendonly no): when it stops, it loses " + what +
         ": sessions, events that clients have not received yet, calls that are under way. Set `appendonly yes`.";
}

}  // namespace

std::vector<std::string> durability_risks(const durability_settings& settings) {
  std::vector<std::string> risks;
  if (settings.appendonly == "no") risks.push_back(without_log(settings.save));
  if (settings.appendonly == "yes" && settings.appendfsync == "everysec")
    risks.push_back(
        "Redis writes its log to disk once a second (appendfsync everysec): when its machine stops, it loses "
        "up to two seconds of what it has acknowledged. Set `appendfsync always`.");
  if (settings.appendonly == "yes" && settings.appendfsync == "no")
    risks.push_back(
        "Redis leaves it to the system when its log goes to disk (appendfsync no): when its machine stops, it "
        "loses what it has acknowledged lately, often half a minute. Set `appendfsync always`.");
  if (settings.maxmemory != "0" && !settings.maxmemory.empty() && settings.maxmemory_policy != "noeviction")
    risks.push_back("Redis drops keys when its memory is full (maxmemory " + settings.maxmemory +
                    ", maxmemory-policy " + settings.maxmemory_policy +
                    "): sessions and events may vanish. Set `maxmemory-policy noeviction`: "
                    "then new sessions are refused instead.");
  return risks;
}

void durability_report(client& via, completion<std::vector<std::string>> done) {
  const auto all = std::make_shared<inquiry>();
  const auto ask = [&via, all](std::size_t i, std::function<void()> next) {
    via.command(0, {"CONFIG", "GET", questions[i].name}, [all, i, next = std::move(next)](base::result<reply> answer) {
      all->answers[i] = std::move(answer);
      next();
    });
  };
  fan_out(questions.size(), ask, [all, done = std::move(done)] { report(*all, done); });
}

}  // namespace hydrant::store::redis
