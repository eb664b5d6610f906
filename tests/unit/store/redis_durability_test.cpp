#include "store/redis/durability.hpp"
#include "tests/unit/store/redis_fixture.hpp"

#include <gmock/gmock.h>

namespace hydrant::store::redis {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const durability_settings strict{"yes", "always", "", "0", "noeviction"};

TEST(durability_risks, none_where_every_write_reaches_the_disk_and_nothing_is_evicted) {
  EXPECT_THAT(durability_risks(strict), IsEmpty());
}

TEST(durability_risks, a_server_without_a_log_loses_all_since_its_snapshot) {
  durability_settings settings = strict;
  settings.appendonly = "no";
  settings.appendfsync = "everysec";
  EXPECT_THAT(durability_risks(settings), ElementsAre(HasSubstr("loses everything: ")));
  settings.save = "3600 1 300 100";
  EXPECT_THAT(durability_risks(settings), ElementsAre(HasSubstr("snapshot (save 3600 1 300 100)")));
}

TEST(durability_risks, a_log_that_is_not_synced_loses_its_end) {
  durability_settings settings = strict;
  settings.appendfsync = "everysec";
  EXPECT_THAT(durability_risks(settings), ElementsAre(HasSubstr("appendfsync always")));
  settings.appendfsync = "no";
  EXPECT_THAT(durability_risks(settings), ElementsAre(HasSubstr("appendfsync always")));
}

TEST(durability_risks, eviction_counts_only_where_memory_is_bounded) {
  durability_settings settings = strict;
  settings.maxmemory_policy = "allkeys-lru";
  EXPECT_THAT(durability_risks(settings), IsEmpty());
  settings.maxmemory = "1000000";
  EXPECT_THAT(durability_risks(settings), ElementsAre(HasSubstr("maxmemory-policy noeviction")));
}

class redis_durability_test : public redis_test {
 protected:
  std::vector<std::string> report(const support::redis_server& server) {
    std::promise<base::result<std::vector<std::string>>> told;
    durability_report(connect(settings_for(server)), [&](auto got) { told.set_value(std::move(got)); });
    auto pending = told.get_future();
    if (pending.wait_for(patience) != std::future_status::ready) throw std::runtime_error("no report");
    return pending.get().value();
  }
};

TEST_F(redis_durability_test, reads_the_settings_of_a_server_that_keeps_nothing) {
  support::redis_server server;
  EXPECT_THAT(report(server), ElementsAre(HasSubstr("appendonly no")));
}

TEST_F(redis_durability_test, has_nothing_to_say_of_a_server_that_keeps_everything) {
  support::redis_options options;
  options.persistence = support::redis_persistence::append_only;
  support::redis_server server(options);
  EXPECT_THAT(report(server), IsEmpty());
}

TEST_F(redis_durability_test, says_so_where_it_must_not_look) {
  support::redis_options options;
  options.config = {"rename-command CONFIG \"\""};
  support::redis_server server(options);
  EXPECT_THAT(report(server), ElementsAre(HasSubstr("does not tell its settings")));
}

}  // namespace
}  // namespace hydrant::store::redis
