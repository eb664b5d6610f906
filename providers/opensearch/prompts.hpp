#pragma once

// Prompts: tasks with OpenSearch that people start by hand. Each is a numbered plan whose steps name the tools that
// this server offers; a step whose tool is kept out is left out, and a prompt without steps is not offered. Where there
// are several clusters, each prompt asks which one.

#include "providers/opensearch/completion.hpp"

namespace hydrant::providers::opensearch {

/// To be called once `tools` knows all tools. Its workshop outlives the catalog's users.
void offer_prompts(catalog& to, const toolbox& tools, const name_source& names);

}  // namespace hydrant::providers::opensearch
