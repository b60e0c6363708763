#include "cli/rules_trace.hpp"

#include <algorithm>

#include "cli/rules_input.hpp"

namespace beckon::cli {
namespace {

// Columns that a text takes on a terminal: code points, which is right for what rules and facts hold.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::size_t widest(const rules::TraceNode& node, std::size_t depth) {
  std::size_t width = node.value.empty() ? 0 : depth * 2 + width_of(rules::printable(node.text));
  for (const rules::TraceNode& child : node.children) width = std::max(width, widest(child, depth + 1));
  return width;
}

class Printer {
 public:
  Printer(rules::Color color, std::size_t width) : color_(color), width_(std::min<std::size_t>(width, kMaxWidth)) {}

  void print(const rules::TraceNode& node, std::size_t depth) {
    out += "  " + std::string(depth * 2, ' ');
    out += node.truth ? painted("\x1b[32m", "✔") : painted("\x1b[31m", "✘");
    const std::string text = rules::printable(node.text);
    out += " " + text;
    if (!node.value.empty()) {
      const std::size_t used = depth * 2 + width_of(text);
      out += std::string(used < width_ ? width_ - used : 0, ' ') + "   " + rules::printable(node.value);
    }
    if (node.since) out += painted("\x1b[2m", "   since " + format_when(*node.since).substr(11));
    out += "\n";
    for (const rules::TraceNode& child : node.children) print(child, depth + 1);
  }
  std::string out;

 private:
  static constexpr std::size_t kMaxWidth = 60;
  [[nodiscard]] std::string painted(const char* code, const std::string& text) const {
    return color_ == rules::Color::kAnsi ? code + text + "\x1b[0m" : text;
  }
  rules::Color color_;
  std::size_t width_;
};

void write_node(json::Writer& out, const rules::TraceNode& node) {
  out.begin_object().key("condition").string(node.text).key("truth").boolean(node.truth);
  if (!node.value.empty()) out.key("value").string(node.value);
  if (node.since) out.key("since").number(rules::to_ms(*node.since));
  if (!node.children.empty()) {
    out.key("of").begin_array();
    for (const rules::TraceNode& child : node.children) write_node(out, child);
    out.end_array();
  }
  out.end_object();
}

std::string standing(const rules::RuleTrace& trace, const rules::RuleSet& set) {
  if (!trace.armed) return "had its say on this page; armed again when its condition becomes false";
  const std::string verdict(name_of(*trace.verdict));
  const std::string why = to_words(trace.why, set);
  if (trace.when.truth) return "waits: " + verdict + (why.empty() ? "" : " (" + why + ")");
  if (*trace.verdict == rules::Verdict::kFire) return "armed, its condition does not hold";
  return "armed, its condition does not hold; it would get " + verdict + (why.empty() ? "" : " (" + why + ")");
}

}  // namespace

std::string trace_in_words(const rules::RuleTrace& trace, const rules::RuleSet& set, rules::Instant now, rules::Color color) {
  Printer printer(color, widest(trace.when, 0));
  printer.out = set.rules()[trace.rule].id + " · tab " + rules::printable(trace.tab) + " · " +
                rules::printable(standing(trace, set)) + "\n";
  printer.print(trace.when, 0);
  if (trace.would_fire) {
    printer.out += "  would fire in " + rules::format_duration(*trace.would_fire - now) + " if nothing else happened\n";
  } else if (trace.armed) {
    printer.out += "  would not fire in this visit if nothing else happened\n";
  }
  return printer.out;
}

void write_trace(json::Writer& out, const rules::RuleTrace& trace, const rules::RuleSet& set) {
  out.begin_object().key("rule").string(set.rules()[trace.rule].id).key("tab").string(trace.tab).key("armed").boolean(trace.armed);
  if (trace.verdict) {
    out.key("verdict").string(name_of(*trace.verdict));
    const std::string why = to_words(trace.why, set);
    if (!why.empty()) out.key("why").string(why);
  }
  if (trace.would_fire) out.key("would_fire").number(rules::to_ms(*trace.would_fire));
  out.key("when");
  write_node(out, trace.when);
  out.end_object();
}

}  // namespace beckon::cli
