// Random rule files and journals over small vocabularies, so that things collide: few paths and names, thresholds of a
// few seconds, events exactly at thresholds and a millisecond beside them, pauses around the visit timeout. Thread
// safety: free functions, may be called from any thread.
#pragma once

#include "rules/property/random.hpp"
#include "rules/property/scenario.hpp"

namespace beckon::property {

// The same for the same seed on every machine.
Scenario generate(std::uint64_t seed);

// The parts, in generate_condition.cpp, generate_rules.cpp and generate_journal.cpp.
Node random_condition(Random& random, int depth, const std::vector<std::string>& segments);
std::string random_duration(Random& random);
std::string random_name(Random& random);  // of an event
Node random_rule_file(Random& random);
// Another version of the file, as somebody who edits it would leave it.
Node edited(Random& random, const Node& file);
std::vector<Node> random_journal(Random& random, const Scenario& scenario);

}  // namespace beckon::property
