// The official JSON Schema test suite, as Debian's libtest-json-schema-acceptance-perl installs it. (Debian's
// json-schema-test-suite is from 2018 and ends with draft-07.)

#include "protocol/schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::protocol {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path suite_directory = "/usr/share/perl5/auto/share/dist/Test-JSON-Schema-Acceptance";

/// A group of the suite that cannot pass, as "file: description of the group".
struct exception {
  std::string_view group;
  std::string_view reason;
};

constexpr std::string_view needs_metaschema =
    "refers to the metaschema, which is not part of the schema, and nothing is fetched";
constexpr std::string_view own_dialect = "a dialect of one's own by $schema and $vocabulary is refused";

const std::vector<exception> exceptions_2020_12 = {
    {"anchor.json: invalid anchors", needs_metaschema},
    {"defs.json: validate definition against metaschema", needs_metaschema},
    {"id.json: Invalid use of fragments in location-independent $id", needs_metaschema},
    {"id.json: Unnormalized $ids are allowed but discouraged", needs_metaschema},
    {"id.json: Valid use of empty fragments in location-independent $id", needs_metaschema},
    {"ref.json: URN base URI with f-component", needs_metaschema},
    {"ref.json: remote ref, containing refs itself", needs_metaschema},
    {"vocabulary.json: ignore unrecognized optional vocabulary", own_dialect},
    {"vocabulary.json: schema that uses custom metaschema with with no validation vocabulary", own_dialect},
};

const std::vector<exception> exceptions_draft_07 = {
    {"definitions.json: validate definition against metaschema", needs_metaschema},
    {"ref.json: remote ref, containing refs itself", needs_metaschema},
};

struct score {
  int passed = 0;
  int all = 0;
  std::set<std::string> failed_groups;
  std::vector<std::string> failures;
};

json load(const fs::path& path) {
  std::ifstream in{path};
  return json::parse(in);
}

/// The suite expects remotes/ to be served at this address.
schema_documents load_remotes() {
  schema_documents out;
  const auto root = suite_directory / "remotes";
  for (const auto& entry : fs::recursive_directory_iterator{root}) {
    if (entry.path().extension() != ".json") continue;
    out.emplace("http://localhost:1234/" + fs::relative(entry.path(), root).generic_string(), load(entry.path()));
  }
  return out;
}

void run_group(const std::string& name, const json& group, const schema_options& options, score& out) {
  const auto compiled = schema::compile(group["schema"], options);
  for (const auto& test : group["tests"]) {
    ++out.all;
    const bool right = compiled && compiled->validate(test["data"]).empty() == test["valid"].get<bool>();
    out.passed += right ? 1 : 0;
    if (right) continue;
    out.failed_groups.insert(name);
    out.failures.push_back(name + ": " + test["description"].get<std::string>() +
                           (compiled ? "" : " (" + compiled.error().message + ")"));
  }
}

score run_files(const std::vector<fs::path>& files, const schema_options& options, std::string_view dialect) {
  score out;
  for (const auto& file : files) {
    for (auto group : load(file)) {
      // Older drafts' groups do not name their dialect.
      if (group["schema"].is_object() && !group["schema"].contains("$schema")) group["schema"]["$schema"] = dialect;
      run_group(file.filename().string() + ": " + group["description"].get<std::string>(), group, options, out);
    }
  }
  return out;
}

std::vector<fs::path> files_in(const fs::path& directory) {
  std::vector<fs::path> out;
  for (const auto& entry : fs::directory_iterator{directory}) {
    if (entry.path().extension() == ".json") out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::set<std::string> groups_of(const std::vector<exception>& exceptions) {
  std::set<std::string> out;
  std::transform(exceptions.begin(), exceptions.end(), std::inserter(out, out.end()),
                 [](const exception& each) { return std::string{each.group}; });
  return out;
}

std::string lines(const std::vector<std::string>& failures) {
  std::string out;
  for (const auto& failure : failures)
    out += failure + "\n";
  return out;
}

class schema_suite : public testing::Test {
 protected:
  void SetUp() override {
    if (fs::exists(suite_directory / "tests" / "draft2020-12")) return;
    const std::string what = "libtest-json-schema-acceptance-perl is not installed";
    if (std::getenv("CI")) FAIL() << what;
    GTEST_SKIP() << what;
  }

  static score run(std::string_view draft, std::string_view dialect) {
    const auto remotes = load_remotes();
    schema_options options;
    options.documents = &remotes;
    auto out = run_files(files_in(suite_directory / "tests" / draft), options, dialect);
    std::cout << "json-schema " << draft << ": " << out.passed << "/" << out.all << "\n";
    return out;
  }
};

TEST_F(schema_suite, passes_draft_2020_12_but_for_known_groups) {
  const auto result = run("draft2020-12", "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(result.failed_groups, groups_of(exceptions_2020_12)) << lines(result.failures);
  EXPECT_EQ(result.passed, 1150);
  EXPECT_EQ(result.all, 1176);
}

TEST_F(schema_suite, passes_draft_07_but_for_known_groups) {
  const auto result = run("draft7", "http://json-schema.org/draft-07/schema#");
  EXPECT_EQ(result.failed_groups, groups_of(exceptions_draft_07)) << lines(result.failures);
  EXPECT_EQ(result.passed, 857);
  EXPECT_EQ(result.all, 861);
}

TEST_F(schema_suite, passes_the_formats_that_are_asserted) {
  schema_options options;
  options.formats = format_mode::asserted;
  std::vector<fs::path> files;
  for (const char* const name : {"date.json", "date-time.json", "email.json", "uri.json"}) {
    files.push_back(suite_directory / "tests" / "draft2020-12" / "optional" / "format" / name);
  }
  const auto result = run_files(files, options, "https://json-schema.org/draft/2020-12/schema");
  std::cout << "json-schema formats: " << result.passed << "/" << result.all << "\n";
  EXPECT_EQ(result.failures, std::vector<std::string>{});
  EXPECT_EQ(result.all, 120);
}

}  // namespace
}  // namespace hydrant::protocol
