// What /readyz says. Anybody may read it: files by their names, never where they are; the log says the rest.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beckon::http {

// Something that a person should look at while the server goes on with what it has.
struct Problem {
  std::string what;     // "rules", "config", "store"
  std::string site;     // empty: the whole server
  std::string message;  // for who runs the server: of rules and config with file, line and column
  std::filesystem::path file = {};  // that `message` is about; empty: none
};

enum class Serving { kYes, kStopping };

struct Readiness {
  Serving serving = Serving::kYes;
  std::vector<Problem> problems;
};

// {"status":"ready"|"degraded"|"stopping","problems":[…]}; of every path in a message its last name alone.
[[nodiscard]] std::string to_json(const Readiness& readiness);

}  // namespace beckon::http
