// Small timelines for the oracle's own tests, short enough to be checked against rules.md by eye.
//
//   decide(offer("r", R"({"page.dwell":{"gte":"5s"}})"), {R"(0 page "url":"/a")"}) == "5000 r fire"
//
// Thread safety: free functions, may be called from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/oracle/evaluator.hpp"

namespace beckon::oracle {

// Instant 0 of a timeline: 2023-11-15, a Wednesday, 00:00 UTC.
inline constexpr Time kZero = 1'700'006'400'000;

// One rule. `more` are further members, each with a comma before it.
inline std::string rule(std::string_view id, std::string_view when, std::string_view then, std::string_view more) {
  return R"({"id":")" + std::string(id) + R"(","when":)" + std::string(when) + R"(,"then":)" + std::string(then) +
         std::string(more) + "}";
}
// A rule that shows something, with the default limit of one per visit.
inline std::string offer(std::string_view id, std::string_view when, std::string_view more = "") {
  return rule(id, when, R"({"invite":{"text":"Need a hand?"}})", more);
}
// A rule that shows nothing and has no limit.
inline std::string silent(std::string_view id, std::string_view when, std::string_view more = "") {
  return rule(id, when, R"({"emit":"seen"})", std::string(R"(,"limit":"none")") + std::string(more));
}

// A file of these rules. `more` are further members, each with a comma before it.
inline std::string file(const std::vector<std::string>& rules, std::string_view more = "") {
  std::string text = R"({"rules":[)";
  for (const std::string& one : rules) text += (text.back() == '[' ? "" : ",") + one;
  return text + "]" + std::string(more) + "}";
}

// "1500 page \"url\":\"/a\"" as a journal line of visitor "v", or of nobody when it begins with '*'.
inline std::string journal_line(std::string_view text) {
  bool of_site = text.starts_with("*");
  if (of_site) text.remove_prefix(1);
  std::size_t space = text.find(' ');
  std::size_t type_end = std::min(text.find(' ', space + 1), text.size());
  std::string line = R"({"t":)" + std::to_string(kZero + std::stoll(std::string(text.substr(0, space)))) +
                     R"(,"type":")" + std::string(text.substr(space + 1, type_end - space - 1)) + "\"";
  if (!of_site && text.find("\"visitor\":") == std::string_view::npos) line += R"(,"visitor":"v")";
  if (type_end < text.size()) line += "," + std::string(text.substr(type_end + 1));
  return line + "}";
}

// "5000 r fire | 7000 w @1 r limit": instants count from kZero; visitor "v" and tab "0" go without saying.
inline std::string decide(const std::string& rules, const std::vector<std::string>& lines, Options options = {}) {
  Evaluator evaluator(rules, std::move(options));
  for (const std::string& line : lines) evaluator.line(journal_line(line));
  std::string text;
  for (const Decision& decision : evaluator.decisions()) {
    if (!text.empty()) text += " | ";
    text += std::to_string(decision.t - kZero);
    if (decision.visitor != "v") text += " " + decision.visitor;
    if (decision.tab != "0") text += " @" + decision.tab;
    text += " " + decision.rule + " " + decision.verdict;
    if (decision.variant > 0) text += " #" + std::to_string(decision.variant);
  }
  return text;
}
inline std::string decide_one(const std::string& rule, const std::vector<std::string>& lines, Options options = {}) {
  return decide(file({rule}), lines, std::move(options));
}

}  // namespace beckon::oracle
