#include "rules/oracle/evaluator.hpp"

#include <algorithm>
#include <list>
#include <set>
#include <tuple>

namespace beckon::oracle {

Evaluator::Evaluator(std::string_view rules, Options options)
    : options_(std::move(options)), rules_(parse_rule_file(rules)) {}

void Evaluator::line(std::string_view text) {
  Line line(text);
  // A line from before an earlier one's instant is taken at the latest instant reached.
  if (!lines_.empty()) line.t = std::max(line.t, lines_.back().t);
  lines_.push_back(line);
}

std::vector<Decision> Evaluator::decisions() const {
  std::set<std::string> visitors;
  for (const Line& line : lines_) {
    if (!line.visitor.empty()) visitors.insert(line.visitor);
  }
  std::vector<Decision> all;
  for (const std::string& visitor : visitors) {
    std::vector<Decision> more = decisions_of(visitor);
    all.insert(all.end(), more.begin(), more.end());
  }
  std::stable_sort(all.begin(), all.end(), [](const Decision& a, const Decision& b) {
    return std::tie(a.t, a.visitor) < std::tie(b.t, b.visitor);
  });
  return all;
}

std::vector<Decision> Evaluator::decisions_of(const std::string& visitor) const {
  std::list<RuleFile> loaded;
  Life life(visitor, rules_, options_);
  for (const Line& line : lines_) {
    if (!line.visitor.empty() && line.visitor != visitor) continue;
    life.pass(line.t);
    if (line.type != "rules") {
      life.apply(line, line.t);
    } else if (options_.rules_from == Options::RulesFrom::kJournal) {
      life.load(loaded.emplace_back(parse_rule_file(line.text("text"))), line.t);
    }
  }
  if (!lines_.empty()) life.pass(lines_.back().t + options_.visit_timeout);
  return life.decisions();
}

std::string to_json(const Decision& decision) {
  auto quoted = [](const std::string& text) {
    std::string out = "\"";
    for (char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  };
  std::string text = "{\"t\":" + std::to_string(decision.t) + ",\"visitor\":" + quoted(decision.visitor) +
                     ",\"tab\":" + quoted(decision.tab) + ",\"rule\":" + quoted(decision.rule) + ",\"verdict\":\"" +
                     decision.verdict + "\"";
  if (decision.variant > 0) text += ",\"variant\":" + std::to_string(decision.variant);
  return text + "}";
}

}  // namespace beckon::oracle
