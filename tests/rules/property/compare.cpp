#include "rules/property/compare.hpp"

#include <algorithm>

#include "beckon/rules/journal.hpp"
#include "beckon/rules/replay.hpp"
#include "rules/property/listening.hpp"

namespace beckon::property {

bool is_valid(const Scenario& scenario) {
  if (!rules::check(scenario.rules_text()).file) return false;
  rules::JournalReader reader;
  rules::JournalLine read;
  std::vector<std::string> texts = scenario.line_texts();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Node* file = scenario.lines[i].find("file");
    if (reader.read(texts[i], read) || (file && !rules::check(file->dump()).file)) return false;
  }
  return true;
}

std::vector<std::string> engine_decisions(const Scenario& scenario) {
  Listening listening;
  rules::Replay replay(compiled(scenario), listening, replay_options(scenario));
  for (const std::string& line : scenario.line_texts()) {
    if (auto error = replay.line(line)) {
      std::vector<std::string> texts = listening.texts();
      texts.push_back("refused: " + error->message + ": " + line);
      return texts;
    }
  }
  replay.finish();
  return listening.texts();
}

std::optional<std::string> difference(const std::vector<std::string>& engine, const std::vector<std::string>& oracle) {
  for (std::size_t i = 0; i < std::max(engine.size(), oracle.size()); ++i) {
    std::string of_engine = i < engine.size() ? engine[i] : "nothing more";
    std::string of_oracle = i < oracle.size() ? oracle[i] : "nothing more";
    if (of_engine != of_oracle) return "engine: " + of_engine + "\noracle: " + of_oracle;
  }
  return std::nullopt;
}

std::optional<std::string> difference(const Scenario& scenario) {
  return difference(engine_decisions(scenario), texts(oracle_decisions(scenario)));
}

std::vector<std::string> texts(const std::vector<oracle::Decision>& decisions) {
  std::vector<std::string> texts;
  for (const oracle::Decision& decision : decisions) texts.push_back(oracle::to_json(decision));
  return texts;
}

}  // namespace beckon::property
