// What /readyz says.
#pragma once

#include <string>
#include <vector>

namespace beckon::http {

// Something that a person should look at while the server goes on with what it has.
struct Problem {
  std::string what;     // "rules", "config", "store"
  std::string site;     // empty: the whole server
  std::string message;  // for rules and config with file, line and column
};

enum class Serving { kYes, kStopping };

struct Readiness {
  Serving serving = Serving::kYes;
  std::vector<Problem> problems;
};

// {"status":"ready"|"degraded"|"stopping","problems":[…]}
[[nodiscard]] std::string to_json(const Readiness& readiness);

}  // namespace beckon::http
