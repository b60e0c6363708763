// Values that a fact never has, because visitors' browsers and the server write them in another way.
#include <algorithm>

#include "beckon/rules/url.hpp"
#include "beckon/rules/words.hpp"
#include "check_actions.hpp"
#include "source_line.hpp"
#include "beckon/rules/suggest.hpp"
#include "warnings.hpp"

namespace beckon::rules {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return is_upper(c) ? static_cast<char>(c + 32) : c; });
  return out;
}
std::string raised(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; });
  return out;
}

bool is_equality(Operator op) {
  return op == Operator::kEq || op == Operator::kNe || op == Operator::kIn || op == Operator::kNotIn;
}

// What is doubtful about a value: why, and what to write; nothing when it is in order.
struct Doubt {
  std::string why;
  std::string hint;
  explicit operator bool() const { return !why.empty(); }
};

std::string write(std::string_view better) { return "write " + quoted(better); }

std::string path_of(std::string_view address) {
  PageUrl url;
  parse_page_url(address, {}, url);
  return url.path;
}

Doubt doubt_whole_path(std::string_view path) {
  if (path.find("://") != std::string_view::npos) return {"a path has no scheme and no host", write(path_of(path))};
  if (!path.starts_with('/')) return {"a path begins with \"/\"", write(path_of("/" + std::string(path)))};
  const std::string seen = path_of(path);
  if (seen == path) return {};
  if (path.find_first_of("?#") != std::string_view::npos) {
    return {"a path has no query and no fragment", write(seen) + ", and ask for the query with \"page.query.NAME\""};
  }
  if (path.ends_with('/')) return {"a path has no \"/\" at its end", write(seen)};
  return {"a path is percent-encoded, as browsers send it", write(seen)};
}

Doubt doubt_regex_of_path(std::string_view regex) {
  // "^checkout": an anchored letter that is neither optional nor one of several alternatives.
  if (regex.size() < 3 || regex[0] != '^' || regex.find('|') != std::string_view::npos) return {};
  if (!is_lower(regex[1]) && !is_upper(regex[1])) return {};
  if (regex[2] == '?' || regex[2] == '*' || regex[2] == '{') return {};
  return {"a path begins with \"/\"", write("^/" + std::string(regex.substr(1)))};
}

Doubt doubt_path(Operator op, std::string_view text) {
  if (text.empty()) return is_equality(op) ? Doubt{"a path is never empty", write("/")} : Doubt{};
  if (is_equality(op)) return doubt_whole_path(text);
  if (op == Operator::kRegex) return doubt_regex_of_path(text);
  const bool begins = op == Operator::kPrefix || op == Operator::kGlob;
  const bool ends = op == Operator::kSuffix || op == Operator::kGlob;
  if (!begins && !ends && op != Operator::kContains) return {};
  const std::string_view beginnings = op == Operator::kGlob ? "/*?" : "/";
  if (begins && beginnings.find(text.front()) == std::string_view::npos) {
    return {"a path begins with \"/\"", write("/" + std::string(text))};
  }
  if (ends && text.size() > 1 && text.ends_with('/')) {
    return {"a path has no \"/\" at its end", write(text.substr(0, text.size() - 1))};
  }
  if (op != Operator::kGlob && text.find_first_of("?#") != std::string_view::npos) {
    return {"a path has no query and no fragment", "ask for the query with \"page.query.NAME\""};
  }
  const bool raw = std::any_of(text.begin(), text.end(), [](unsigned char c) { return c <= 0x20 || c >= 0x7F; });
  if (raw) {
    return {"a path is percent-encoded, as browsers send it", "write % and two hexadecimal digits for each byte"};
  }
  return {};
}

Doubt doubt_host(std::string_view host) {
  if (host.find('/') != std::string_view::npos) {
    return {"a host has no scheme and no path", "write it like \"shop.example\""};
  }
  return std::any_of(host.begin(), host.end(), is_upper) ? Doubt{"hosts are in small letters", write(lowered(host))}
                                                         : Doubt{};
}

Doubt doubt_country(std::string_view country) {
  if (country == "UK") return {"the United Kingdom is \"GB\"", write("GB")};
  if (country.size() == 2 && is_upper(country[0]) && is_upper(country[1])) return {};
  const std::string better = raised(country);
  const bool letters = better.size() == 2 && is_upper(better[0]) && is_upper(better[1]);
  return {"countries are two capital letters", letters ? write(better) : "like \"FR\", by ISO 3166"};
}

Doubt doubt_language(std::string_view language) {
  std::string better(language);
  std::replace(better.begin(), better.end(), '_', '-');
  if (!is_language_tag(better)) return {"this is no language", "languages are written like \"en\" or \"pt-BR\""};
  const std::size_t dash = std::min(better.find('-'), better.size());
  better = lowered(better.substr(0, dash)) + better.substr(dash);
  if (better.size() == dash + 3) better = better.substr(0, dash) + raised(better.substr(dash));
  return better == language ? Doubt{} : Doubt{"languages are written like \"en\" or \"pt-BR\"", write(better)};
}

Doubt doubt_lower_name(std::string_view name) {
  return std::any_of(name.begin(), name.end(), is_upper)
             ? Doubt{"these names are in small letters", write(lowered(name))}
             : Doubt{};
}

Doubt doubt(FactId fact, Operator op, std::string_view text) {
  switch (fact) {
    case FactId::kPagePath:
    case FactId::kVisitEntry:
      return doubt_path(op, text);
    case FactId::kPageHost:
      return is_equality(op) || op == Operator::kSuffix || op == Operator::kPrefix ? doubt_host(text) : Doubt{};
    case FactId::kVisitorCountry:
      return is_equality(op) ? doubt_country(text) : Doubt{};
    case FactId::kVisitorLanguage:
      return is_equality(op) ? doubt_language(text) : Doubt{};
    case FactId::kVisitorBrowser:
    case FactId::kVisitorOs:
      return is_equality(op) ? doubt_lower_name(text) : Doubt{};
    default:
      return {};
  }
}

class ValueWalk {
 public:
  explicit ValueWalk(Report& report) : report_(report) {}

  void walk(const Condition& condition) {
    if (condition.kind == Condition::Kind::kFact) {
      look_at_texts(condition.fact, condition.test);
      look_at_numbers(condition);
    }
    for (const EventPattern& step : condition.steps) {
      if (step.kind == EventPattern::Kind::kPage) look_at_texts(FactId::kPagePath, step.path);
    }
    for (const Condition& child : condition.children) walk(child);
  }

 private:
  void look_at_texts(FactId fact, const Test& test) {
    for (const Comparison& comparison : test.all) {
      for (const Scalar& operand : comparison.operands) {
        const auto* text = std::get_if<std::string>(&operand);
        const Doubt found = text ? doubt(fact, comparison.op, *text) : Doubt{};
        if (!found) continue;
        report_.warning("doubtful-value", comparison.where, quoted(*text) + " will not be met: " + found.why,
                        found.hint);
      }
    }
  }

  // One value of several that the fact never has. A test that no value passes is a contradiction, and said there.
  void look_at_numbers(const Condition& condition) {
    for (const Comparison& comparison : condition.test.all) {
      if (comparison.op != Operator::kIn || comparison.operands.size() < 2) continue;
      for (const Scalar& operand : comparison.operands) {
        if (std::holds_alternative<std::string>(operand)) continue;
        const Comparison one{Operator::kEq, {operand}, comparison.where};
        Domain domain = Domain::of_fact(condition.fact);
        domain.restrict(one, Polarity::kHolds);
        if (domain.empty()) {
          report_.warning("never-true", comparison.where,
                          subject_to_words(condition) + " is never " + to_words(operand));
        }
      }
    }
  }

  Report& report_;
};

}  // namespace

void warn_of_values(Report& report, const RuleFile& file) {
  ValueWalk walk(report);
  for (const Segment& segment : file.segments) walk.walk(segment.condition);
  for (const Rule& rule : file.rules) walk.walk(rule.when);
}

}  // namespace beckon::rules
