#pragma once

// The file that describes several clusters, one member each:
//
//   {"prod":    {"url": "https://search.example.com:9200", "username": "reader", "password": {"env": "PROD_PASSWORD"}},
//    "staging": {"url": "http://localhost:9200", "auth": "none"}}
//
// The order of the file is the order of the clusters.

#include "base/result.hpp"
#include "providers/opensearch/settings.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hydrant::providers::opensearch {

/// Who to be where nobody said: by what is set, in the order in which the Python server looks.
auth_kind found_auth(const cluster_settings& in);

/// What its `auth` needs and does not have, by its name in the file; null: nothing.
const char* missing_for(const cluster_settings& wanted);

/// What a cluster leaves out is as in `defaults`, but for who we are there: that is never another cluster's. (With
/// auth_kind::caller in `defaults` it is the caller, unless the cluster says otherwise.) A text may be {"env": NAME},
/// the value of a variable. Errors: invalid_params; the message names cluster and member, and holds no value.
base::result<std::vector<cluster_settings>> parse_clusters(std::string_view text, const cluster_settings& defaults,
                                                           const std::map<std::string, std::string, std::less<>>& env);

}  // namespace hydrant::providers::opensearch
