#include "check_options.hpp"

#include <array>
#include <limits>

#include "beckon/rules/limits.hpp"
#include "check_values.hpp"
#include "source_line.hpp"

namespace beckon::rules {
namespace {

using json::Type;
using Nulls = RuleOptions::Nulls;

constexpr std::int64_t kMaxCount = std::numeric_limits<std::uint32_t>::max();
constexpr std::int64_t kMaxPriority = 1'000'000;

// A target whose nulls may remove defaults.
struct LimitTarget {
  Nulls nulls;
  LimitOptions& limit;
};
struct NeedsTarget {
  Nulls nulls;
  NeedsOptions& needs;
};

// True, with the setting removed, for a null that may stand there.
template <class T>
bool removes(const json::Value& value, Nulls nulls, Setting<T>& setting) {
  if (!value.is(Type::kNull) || nulls == Nulls::kRefuse) return false;
  setting.state = Setting<T>::State::kRemoved;
  return true;
}

template <Setting<std::uint32_t> LimitOptions::*kMember>
void read_count(Report& report, const json::Value& value, LimitTarget& target) {
  Setting<std::uint32_t>& setting = target.limit.*kMember;
  if (removes(value, target.nulls, setting)) return;
  if (const auto zero = value.is(Type::kNumber) ? json::to_int64(value.digits()) : std::nullopt; zero == 0) {
    report.error("bad-number", range_of(value), "a limit of 0 would never let the rule fire",
                 "to switch a rule off: \"mode\": \"off\"");
    return;
  }
  if (const auto count = read_integer(report, value, value.name(), 1, kMaxCount)) {
    setting.set(static_cast<std::uint32_t>(*count));
  }
}

template <Setting<Duration> LimitOptions::*kMember>
void read_quiet(Report& report, const json::Value& value, LimitTarget& target) {
  Setting<Duration>& setting = target.limit.*kMember;
  if (removes(value, target.nulls, setting)) return;
  if (const auto duration = read_duration(report, value, value.name())) setting.set(*duration);
}

constexpr Key<LimitTarget> kLimitKeys[] = {
    {"per_page", read_count<&LimitOptions::per_page>},
    {"per_visit", read_count<&LimitOptions::per_visit>},
    {"per_visitor", read_count<&LimitOptions::per_visitor>},
    {"every", read_quiet<&LimitOptions::every>},
    {"after_dismiss", read_quiet<&LimitOptions::after_dismiss>},
    {"after_accept", read_quiet<&LimitOptions::after_accept>},
};

template <Setting<bool> NeedsOptions::*kMember>
void read_need(Report& report, const json::Value& value, NeedsTarget& target) {
  if (removes(value, target.nulls, target.needs.*kMember)) return;
  if (const auto yes = read_bool(report, value)) (target.needs.*kMember).set(*yes);
}

void read_skill(Report& report, const json::Value& value, NeedsTarget& target) {
  if (removes(value, target.nulls, target.needs.skill)) return;
  if (const auto name = read_name(report, value, "a skill")) target.needs.skill.set(std::string(*name));
}

constexpr Key<NeedsTarget> kNeedsKeys[] = {
    {"operator", read_need<&NeedsOptions::operator_free>},
    {"skill", read_skill},
    {"consent", read_need<&NeedsOptions::consent>},
};

void read_limit(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.limit)) return;
  LimitOptions limit;
  if (value.is(Type::kString) && value.string() == "none") {
    limit.none = true;
  } else if (!value.is(Type::kObject)) {
    expected(report, value, "limits or \"none\"", "limits are written like {\"per_visit\": 1, \"every\": \"1d\"}");
    return;
  } else {
    LimitTarget target{options.nulls, limit};
    read_object(report, value, "\"limit\"", kLimitKeys, target);
  }
  options.limit.set(limit);
}

void read_needs(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.needs)) return;
  NeedsOptions needs;
  NeedsTarget target{options.nulls, needs};
  if (read_object(report, value, "\"needs\"", kNeedsKeys, target)) options.needs.set(std::move(needs));
}

void read_until(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.until)) return;
  if (value.is(Type::kString)) {
    if (value.string() == "page") return options.until.set({Until::Kind::kPage, Duration(0)});
    if (value.string() == "visit") return options.until.set({Until::Kind::kVisit, Duration(0)});
    if (value.string().find_first_of("0123456789") == std::string_view::npos) {
      report.error("bad-value", range_of(value), "\"until\" cannot be " + quoted(value.string()),
                   "it is \"page\", \"visit\" or a duration like \"30s\"");
      return;
    }
  }
  if (const auto duration = read_duration(report, value, "until")) {
    options.until.set({Until::Kind::kDuration, *duration});
  }
}

void read_mode(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.mode)) return;
  constexpr std::string_view kNames[] = {"live", "shadow", "off"};
  if (const auto mode = read_choice(report, value, "mode", kNames)) options.mode.set(static_cast<Mode>(*mode));
}

void read_holdout(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.holdout)) return;
  if (const auto share = read_number_in(report, value, "holdout", 0, 1)) options.holdout.set(*share);
}

void read_priority(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.priority)) return;
  const auto priority = read_integer(report, value, "priority", -kMaxPriority, kMaxPriority);
  if (priority) options.priority.set(static_cast<int>(*priority));
}

void read_ignore_pressure(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.ignore_pressure)) return;
  if (const auto yes = read_bool(report, value)) options.ignore_pressure.set(*yes);
}

void read_about(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.about)) return;
  if (expect(report, value, Type::kString)) options.about.set(std::string(value.string()));
}

void read_variants(Report& report, const json::Value& value, RuleOptions& options) {
  if (removes(value, options.nulls, options.variants)) return;
  if (expect(report, value, Type::kArray)) options.variants.set(&value);
}

constexpr Key<RuleOptions> kOptionKeys[] = {
    {"about", read_about},       {"limit", read_limit},
    {"needs", read_needs},       {"until", read_until},
    {"holdout", read_holdout},   {"priority", read_priority},
    {"variants", read_variants}, {"ignore_pressure", read_ignore_pressure},
    {"mode", read_mode},
};

template <class T>
std::optional<T> optional_of(const Setting<T>& setting) {
  return setting.is_set() ? std::optional<T>(setting.value) : std::nullopt;
}

// `own` over `base` as far as `base` says anything: a removed or absent object is one without keys.
Limit merge_limit(const Setting<LimitOptions>& own, const Setting<LimitOptions>& defaults) {
  using State = Setting<LimitOptions>::State;
  const LimitOptions& top = own.value;
  const LimitOptions base = defaults.is_set() && own.state != State::kRemoved ? defaults.value : LimitOptions{};
  if (top.none || (own.state == State::kAbsent && base.none)) return {};
  Limit limit{
      optional_of(top.per_page.over(base.per_page)),           optional_of(top.per_visit.over(base.per_visit)),
      optional_of(top.per_visitor.over(base.per_visitor)),     optional_of(top.every.over(base.every)),
      optional_of(top.after_dismiss.over(base.after_dismiss)), optional_of(top.after_accept.over(base.after_accept))};
  if (limit.none()) limit.per_visit = 1;
  return limit;
}

Needs merge_needs(const Setting<NeedsOptions>& own, const Setting<NeedsOptions>& defaults) {
  const bool keeps = defaults.is_set() && own.state != Setting<NeedsOptions>::State::kRemoved;
  const NeedsOptions base = keeps ? defaults.value : NeedsOptions{};
  return {optional_of(own.value.operator_free.over(base.operator_free)).value_or(false),
          optional_of(own.value.skill.over(base.skill)).value_or(""),
          optional_of(own.value.consent.over(base.consent)).value_or(false)};
}

template <double Pressure::*kMember>
void read_weight(Report& report, const json::Value& value, Pressure& pressure) {
  if (const auto number = read_number(report, value)) pressure.*kMember = *number;
}

}  // namespace

bool read_option(Report& report, const json::Value& member, RuleOptions& options) {
  for (const Key<RuleOptions>& key : kOptionKeys) {
    if (key.name != member.name()) continue;
    key.read(report, member, options);
    return true;
  }
  return false;
}

std::span<const std::string_view> option_names() {
  static constexpr auto kNames = [] {
    std::array<std::string_view, std::size(kOptionKeys)> names{};
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = kOptionKeys[i].name;
    return names;
  }();
  return kNames;
}

void apply_options(const RuleOptions& own, const RuleOptions& defaults, Rule& rule) {
  rule.about = own.about.over(defaults.about).value;
  rule.limit = merge_limit(own.limit, defaults.limit);
  rule.needs = merge_needs(own.needs, defaults.needs);
  rule.until = own.until.over(defaults.until).value;
  rule.holdout = own.holdout.over(defaults.holdout).value;
  rule.priority = own.priority.over(defaults.priority).value;
  rule.ignore_pressure = own.ignore_pressure.over(defaults.ignore_pressure).value;
  rule.mode = own.mode.over(defaults.mode).value;
}

void read_file_limit(Report& report, const json::Value& value, Limit& limit) {
  RuleOptions options;
  read_limit(report, value, options);
  if (!options.limit.is_set() || options.limit.value.none) return;
  const LimitOptions& read = options.limit.value;
  limit = {optional_of(read.per_page), optional_of(read.per_visit),     optional_of(read.per_visitor),
           optional_of(read.every),    optional_of(read.after_dismiss), optional_of(read.after_accept)};
}

void read_pressure(Report& report, const json::Value& value, Pressure& pressure) {
  constexpr Key<Pressure> kKeys[] = {
      {"half_life", [](Report& r, const json::Value& v,
                       Pressure& p) { p.half_life = read_duration(r, v, "half_life").value_or(p.half_life); }},
      {"shown", read_weight<&Pressure::shown>},
      {"ignored", read_weight<&Pressure::ignored>},
      {"dismissed", read_weight<&Pressure::dismissed>},
      {"accepted", read_weight<&Pressure::accepted>},
      {"under", read_weight<&Pressure::under>},
      {"over", read_weight<&Pressure::over>},
  };
  if (!read_object(report, value, "\"pressure\"", kKeys, pressure)) return;
  if (pressure.under > pressure.over) {
    report.error("bad-number", range_of(value), "\"under\" must not be above \"over\"",
                 "they are 0.5 and 5.5 unless the file says otherwise");
  }
}

}  // namespace beckon::rules
