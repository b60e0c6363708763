#include "patterns.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

#include "beckon/rules/limits.hpp"

namespace beckon::rules::detail {
namespace {

RE2::Options regex_options() {
  RE2::Options options(RE2::Quiet);
  options.set_max_mem(8 << 20);
  return options;
}

// The part of a glob before its first wildcard. A final "/**" matches nothing as well, so its slash is no part of that.
std::string_view literal_beginning(std::string_view glob) {
  std::string_view beginning = glob.substr(0, glob.find_first_of("*?"));
  if (glob.size() == beginning.size() + 2 && glob.ends_with("/**")) beginning.remove_suffix(1);
  return beginning;
}

// The expression that finds what a comparison without a literal beginning asks for; empty when none does.
std::string as_regex(const StringComparison& comparison) {
  switch (comparison.op()) {
    case Operator::kRegex:
      return "(?:" + comparison.operand() + ")";
    case Operator::kContains:
      return RE2::QuoteMeta(comparison.operand());
    case Operator::kSuffix:
      return RE2::QuoteMeta(comparison.operand()) + "\\z";
    default:
      return {};
  }
}

}  // namespace

bool glob_matches(std::string_view glob, std::string_view text) {
  // One bit per position of the glob that may come next; `*` and `**` stay where they are while they take a character.
  const bool open_end = glob.ends_with("/**");
  std::vector<char> now(glob.size() + 1), next(glob.size() + 1);
  const auto pass_stars = [&](std::vector<char>& at) {
    for (std::size_t i = 0; i < glob.size(); ++i) {
      if (!at[i] || glob[i] != '*') continue;
      const bool twice = i + 1 < glob.size() && glob[i + 1] == '*';
      at[i + (twice ? 2 : 1)] = 1;
    }
  };
  now[0] = 1;
  pass_stars(now);
  for (const char c : text) {
    std::fill(next.begin(), next.end(), 0);
    const bool continues = (static_cast<unsigned char>(c) & 0xc0) == 0x80;  // a further byte of a UTF-8 character
    for (std::size_t i = 0; i < glob.size(); ++i) {
      if (!now[i]) continue;
      if (glob[i] == '*') {
        const bool twice = i + 1 < glob.size() && glob[i + 1] == '*';
        if (twice || c != '/') next[i] = 1;
      } else if (glob[i] == '?') {
        // One character, however many bytes it takes: it is taken by its first byte, and the others change nothing.
        if (c != '/' && !continues) next[i + 1] = 1;
      } else if (glob[i] == c) {
        next[i + 1] = 1;
      }
    }
    if (continues) {
      for (std::size_t i = 0; i < glob.size(); ++i) {
        if (now[i + 1] && glob[i] == '?') next[i + 1] = 1;
      }
    }
    now.swap(next);
    pass_stars(now);
  }
  return now[glob.size()] || (open_end && now[glob.size() - 3]);
}

StringComparison::StringComparison(const Comparison& comparison) : op_(comparison.op) {
  for (const Scalar& operand : comparison.operands) {
    if (const auto* text = std::get_if<std::string>(&operand)) operands_.push_back(*text);
  }
  if (op_ == Operator::kRegex) {
    regex_ = std::make_unique<RE2>(operands_.front(), regex_options());
  } else if (op_ == Operator::kPrefix) {
    beginning_ = operands_.front();
  } else if (op_ == Operator::kGlob) {
    beginning_ = literal_beginning(operands_.front());
  }
}

StringComparison::~StringComparison() = default;
StringComparison::StringComparison(StringComparison&&) noexcept = default;

bool StringComparison::holds(std::string_view text) const {
  const auto any_equal = [&] { return std::find(operands_.begin(), operands_.end(), text) != operands_.end(); };
  switch (op_) {
    case Operator::kEq: return text == operands_.front();
    case Operator::kNe: return text != operands_.front();
    case Operator::kLt: return text < operands_.front();
    case Operator::kLte: return text <= operands_.front();
    case Operator::kGt: return text > operands_.front();
    case Operator::kGte: return text >= operands_.front();
    case Operator::kBetween: return text >= operands_[0] && text <= operands_[1];
    case Operator::kIn: return any_equal();
    case Operator::kNotIn: return !any_equal();
    case Operator::kPrefix: return text.starts_with(operands_.front());
    case Operator::kSuffix: return text.ends_with(operands_.front());
    case Operator::kContains: return text.find(operands_.front()) != std::string_view::npos;
    case Operator::kGlob: return glob_matches(operands_.front(), text);
    case Operator::kRegex: return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex_);
    case Operator::kExists: return true;
  }
  return false;
}

struct PatternSet::State {
  struct Pattern {
    std::uint32_t number;
    StringComparison comparison;
    bool in_set = false;
  };
  std::vector<Pattern> patterns;
  StringTable beginnings;                         // literal beginning → bucket
  std::vector<std::vector<std::uint32_t>> buckets;  // indices into patterns
  std::vector<std::size_t> lengths;               // distinct lengths of beginnings, ascending
  std::vector<std::uint32_t> others;              // indices: neither a beginning nor in the set
  std::unique_ptr<RE2::Set> set;
  std::vector<std::uint32_t> set_members;         // place in the set → index
};

PatternSet::PatternSet() : state_(std::make_unique<State>()) {}
PatternSet::~PatternSet() = default;
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;

void PatternSet::add(std::uint32_t number, const Comparison& comparison) {
  state_->patterns.push_back({number, StringComparison(comparison)});
}

bool PatternSet::costly() const { return state_->set != nullptr || !state_->others.empty(); }

void PatternSet::freeze() {
  State& s = *state_;
  for (std::uint32_t i = 0; i < s.patterns.size(); ++i) {
    const StringComparison& comparison = s.patterns[i].comparison;
    const std::string_view beginning = comparison.beginning();
    if (!beginning.empty()) {
      const std::uint32_t bucket =
          s.beginnings.add(beginning, static_cast<std::uint32_t>(s.buckets.size()));
      if (bucket == s.buckets.size()) s.buckets.emplace_back();
      s.buckets[bucket].push_back(i);
      s.lengths.push_back(beginning.size());
      continue;
    }
    const std::string regex = as_regex(comparison);
    if (!regex.empty()) {
      if (!s.set) s.set = std::make_unique<RE2::Set>(regex_options(), RE2::UNANCHORED);
      if (s.set->Add(regex, nullptr) >= 0) {
        s.set_members.push_back(i);
        s.patterns[i].in_set = true;
        continue;
      }
    }
    s.others.push_back(i);
  }
  std::sort(s.lengths.begin(), s.lengths.end());
  s.lengths.erase(std::unique(s.lengths.begin(), s.lengths.end()), s.lengths.end());
  if (s.set && !s.set->Compile()) {  // beyond RE2's memory: one by one
    s.others.insert(s.others.end(), s.set_members.begin(), s.set_members.end());
    s.set.reset();
  }
}

void PatternSet::find(std::string_view text, std::vector<std::uint32_t>& found) const {
  const State& s = *state_;
  const std::size_t before = found.size();
  for (const std::size_t length : s.lengths) {
    if (length > text.size()) break;
    const std::uint32_t bucket = s.beginnings.find(text.substr(0, length));
    if (bucket == StringTable::kNone) continue;
    for (const std::uint32_t i : s.buckets[bucket]) {
      const State::Pattern& pattern = s.patterns[i];
      if (pattern.comparison.op() == Operator::kPrefix || pattern.comparison.holds(text)) found.push_back(pattern.number);
    }
  }
  for (const std::uint32_t i : s.others) {
    if (s.patterns[i].comparison.holds(text)) found.push_back(s.patterns[i].number);
  }
  if (s.set) {
    std::vector<int> places;
    RE2::Set::ErrorInfo error{};
    if (s.set->Match(re2::StringPiece(text.data(), text.size()), &places, &error)) {
      for (const int place : places) found.push_back(s.patterns[s.set_members[place]].number);
    } else if (error.kind != RE2::Set::kNoError) {  // the set's automaton ran out of memory on this text
      for (const std::uint32_t i : s.set_members) {
        if (s.patterns[i].comparison.holds(text)) found.push_back(s.patterns[i].number);
      }
    }
  }
  if (found.size() > before + 1) std::sort(found.begin() + static_cast<std::ptrdiff_t>(before), found.end());
}

}  // namespace beckon::rules::detail
