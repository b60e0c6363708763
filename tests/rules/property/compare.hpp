// The engine's decisions beside the slow evaluator's.
// Thread safety: free functions, may be called from any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/property/scenario.hpp"

namespace beckon::property {

// Whether the checker accepts every rule file of the scenario and the reader every line: only then it says anything.
bool is_valid(const Scenario& scenario);

// What the engine's replay decides, as oracle::to_json writes it. A line that it refuses gives a last line "refused:
// …".
std::vector<std::string> engine_decisions(const Scenario& scenario);

// The first place at which the two differ, in words; nullopt where they agree.
std::optional<std::string> difference(const std::vector<std::string>& engine, const std::vector<std::string>& oracle);
std::optional<std::string> difference(const Scenario& scenario);

std::vector<std::string> texts(const std::vector<oracle::Decision>& decisions);

}  // namespace beckon::property
