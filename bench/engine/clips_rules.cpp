#include "clips_rules.hpp"

#include <algorithm>
#include <map>

#include "support/measure.hpp"

extern "C" {
// CLIPS asks its host for functions of its own through these; the library's are in one object with its main().
void UserFunctions() {}
void EnvUserFunctions(void*) {}
}

namespace beckon::bench::clips {
namespace {

std::string name_of(int property) {
  static const std::map<int, std::string> names = {{kUrl1, "url1"},     {kUrl2, "url2"},       {kUtm, "utm"},
                                                   {kRef, "ref"},       {kCountry, "country"}, {kLang, "lang"},
                                                   {kDevice, "device"}, {kRet, "ret"},         {kPages, "pages"},
                                                   {kCart, "cart"},     {kSite, "site"},       {kDwell, "dwell"}};
  if (property >= kAttr && property < kCountry) return "a" + std::to_string(property - kAttr);
  if (property >= kEvent && property < kPages) return "e" + std::to_string(property - kEvent);
  return names.at(property);
}

int property_of(const Leaf& leaf) {
  if (leaf.fact == "url") return std::count(leaf.text.begin(), leaf.text.end(), '/') == 3 ? kUrl2 : kUrl1;
  for (const int property : {kUtm, kRef, kCountry, kLang, kDevice, kRet, kPages, kCart, kSite, kDwell}) {
    if (leaf.fact == name_of(property)) return property;
  }
  const int number = std::stoi(leaf.fact.substr(1));
  return leaf.fact[0] == 'a' ? kAttr + number : kEvent + number;
}

std::string slot_test(const Condition& condition) {
  const Leaf& leaf = *condition.leaf;
  std::string test;
  const std::string number = std::to_string(leaf.number), variable = "?" + name_of(condition.property);
  if (leaf.op == ">=")
    return "(" + name_of(condition.property) + " " + variable + "&:(>= " + variable + " " + number + "))";
  const char* sign = condition.negated ? "~" : "";
  if (leaf.op == "in") {
    for (const std::string& member : leaf.set)
      test += (test.empty() ? "" : condition.negated ? "&" : "|") + (sign + member);
  } else {
    test = sign + (leaf.text.empty() ? number : leaf.text);
  }
  return "(" + name_of(condition.property) + " " + test + ")";
}

}  // namespace

std::string template_text() {
  std::string text = "(deftemplate visitor";
  for (int property = 0; property < kProperties; ++property) text += " (slot " + name_of(property) + ")";
  return text + " (slot v))";
}

std::vector<Alternative> alternatives_of(const BenchRule& rule, Order order) {
  std::vector<Alternative> found = {{}};
  for (const Part& part : rule.parts) {
    std::vector<Alternative> grown;
    for (const Alternative& before : found) {
      for (const Leaf& leaf : part.leaves) {  // of a negated part there is one
        grown.push_back(before);
        grown.back().push_back({property_of(leaf), &leaf, part.negated});
      }
    }
    found = std::move(grown);
  }
  if (order == Order::kAsWritten) return found;
  for (Alternative& one : found) {
    std::stable_sort(one.begin(), one.end(), [](const Condition& a, const Condition& b) {
      return std::pair(a.negated, a.property) < std::pair(b.negated, b.property);
    });
  }
  return found;
}

std::string rule_text(const Alternative& alternative, std::size_t number) {
  const std::string id = std::to_string(number);
  std::string tests;
  for (const Condition& condition : alternative) tests += " " + slot_test(condition);
  return "(defrule r" + id + " (visitor" + tests + ") => (fired " + id + "))";
}

std::string prefix_of(const std::string& url, int property) {
  std::size_t end = url.find('/', 1);
  if (property == kUrl2) end = url.find('/', end + 1);
  return url.substr(0, end + 1);
}

void Thresholds::add(const Condition& condition) {
  if (condition.property == kDwell) dwells.push_back(condition.leaf->number * 1000);
  if (condition.property == kSite) sites.push_back(condition.leaf->number * 1000);
}

void Thresholds::sort() {
  for (auto* some : {&dwells, &sites}) {
    std::sort(some->begin(), some->end());
    some->erase(std::unique(some->begin(), some->end()), some->end());
  }
}

Environment::Environment() : clips_(CreateEnvironment()) {
  EnvSetFactDuplication(clips_, TRUE);  // there are no duplicates; spares it looking for them
  EnvDefineFunction2WithContext(clips_, "fired", 'v', PTIEF & Environment::fired, "fired", "11i", this);
}

Environment::~Environment() { DestroyEnvironment(clips_); }

void Environment::build(const std::string& construct) {
  if (!EnvBuild(clips_, construct.c_str())) fail("CLIPS refuses: " + construct);
}

const std::vector<std::uint32_t>& Environment::run() {
  fired_.clear();
  EnvRun(clips_, -1);
  return fired_;
}

double Environment::bytes() const { return static_cast<double>(EnvMemUsed(clips_)); }

void Environment::fired(void* environment) {
  auto& self = *static_cast<Environment*>(GetEnvironmentFunctionContext(environment));
  self.fired_.push_back(static_cast<std::uint32_t>(EnvRtnLong(environment, 1)));
}

}  // namespace beckon::bench::clips
