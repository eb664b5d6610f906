#pragma once

// From the settings of a node to what the OpenSearch provider is told.

#include "app/config.hpp"
#include "base/result.hpp"

#include <map>
#include <string>

namespace hydrant::app {

/// Reads the file of clusters, if there is one. `variables` are the process' own; the file may refer to them. Errors:
/// invalid_params, with what to say to the operator.
base::result<providers::opensearch::settings> opensearch_settings_of(
    const config& from, const std::map<std::string, std::string, std::less<>>& variables);

/// Whether calls get to see the Authorization header of their request.
bool passes_authorization(const config& from);

}  // namespace hydrant::app
