#pragma once

// What the analyses found, as text for a model: tables of the most important, which say where they end. Pure.

#include "providers/opensearch/analysis/distribution.hpp"
#include "providers/opensearch/analysis/log_patterns.hpp"
#include "providers/opensearch/analysis/metric_change.hpp"

#include <string>

namespace hydrant::providers::opensearch {

std::string text_of(const distribution& found);
std::string text_of(const log_analysis& found);
std::string text_of(const metric_comparison& found);

}  // namespace hydrant::providers::opensearch
