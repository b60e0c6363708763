#include "core/panel.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

#include "beckon/json/writer.hpp"
#include "beckon/rules/trace.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace {

using rules::FactId;

constexpr FactId kFacts[] = {
    FactId::kPagePath,    FactId::kPageDwell,    FactId::kPageVisible,      FactId::kPageIdle,        FactId::kPageScroll,
    FactId::kPageExitIntent, FactId::kVisitPages, FactId::kVisitNumber,     FactId::kVisitDuration,   FactId::kCartValue,
    FactId::kCartItems,   FactId::kVisitorDevice, FactId::kVisitorLanguage, FactId::kVisitorCountry,
};

void write_node(json::Writer& w, const rules::TraceNode& node) {
  w.begin_object().key("text").string(node.text).key("value").string(node.value).key("truth").boolean(node.truth);
  if (!node.children.empty()) {
    w.key("children").begin_array();
    for (const rules::TraceNode& child : node.children) write_node(w, child);
    w.end_array();
  }
  w.end_object();
}

std::string seconds_in_words(base::Duration wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return std::to_string(seconds) + " s to go";
}

std::string state_in_words(const rules::RuleTrace& trace, const rules::RuleSet& rules, bool on_screen, base::Instant now) {
  if (on_screen) return "on screen";
  if (!trace.armed) return "done";
  if (trace.when.truth && trace.verdict && *trace.verdict != rules::Verdict::kFire) {
    return "held back: " + to_words(trace.why, rules);
  }
  if (trace.would_fire && *trace.would_fire > now) return seconds_in_words(*trace.would_fire - now);
  return "waits for its conditions";
}

void write_rule(json::Writer& w, const Visitor& visitor, const PageLoad& load, std::uint32_t index, base::Instant now) {
  const rules::RuleSet& rules = visitor.site.rules();
  const rules::Rule& rule = rules.rules()[index];
  const auto trace = rules::explain(*visitor.site.engine, visitor.state, index, load.tab);
  if (!trace) return;
  const bool on_screen = visitor.offer && visitor.offer->rule.text() == rule.id;
  w.begin_object().key("id").string(rule.id).key("about").string(rule.about);
  w.key("state").string(state_in_words(*trace, rules, on_screen, now)).key("fired").boolean(!trace->armed).key("verdict");
  trace->verdict ? w.string(rules::name_of(*trace->verdict)) : w.null();
  w.key("why").string(to_words(trace->why, rules));
  if (trace->would_fire) {
    w.key("would_fire").number(std::max<std::int64_t>(0, (*trace->would_fire - now).count()));
  }
  w.key("when");
  write_node(w, trace->when);
  w.end_object();
}

std::string panel_frame(const Visitor& visitor, const PageLoad& load, base::Instant now) {
  const rules::Engine& engine = *visitor.site.engine;
  std::string out;
  json::Writer w(out);
  w.begin_object().key("type").string("panel").key("visitor").string(visitor.id.text()).key("facts").begin_array();
  if (visitor.keep != Keep::kNothing) {
    for (const FactId fact : kFacts) {
      w.begin_object().key("name").string(rules::fact_info(fact).name).key("value");
      w.string(rules::fact_in_words(engine, visitor.state, fact, {}, load.tab)).end_object();
    }
  }
  w.end_array().key("rules").begin_array();
  const std::size_t count = visitor.keep == Keep::kNothing ? 0 : std::min(kMaxPanelRules, engine.rules().rules().size());
  for (std::uint32_t i = 0; i < count; ++i) write_rule(w, visitor, load, i, now);
  w.end_array().end_object();
  return out;
}

}  // namespace

void PanelFeed::changed() {
  const base::Instant now = link_.shard.now;
  const base::Instant wanted = std::max(now, sent_ + kPanelEvery);
  if (!is_set() || due() > wanted) link_.shard.timers.set(*this, wanted);
}

void PanelFeed::ring(base::Instant due) {
  ShardCore& shard = link_.shard;
  shard.now = std::max(shard.now, due);
  if (link_.visitor == nullptr) return;
  sent_ = shard.now;
  // The rules look at the visitor at its own latest instant: bring it here.
  Visitor& visitor = *link_.visitor;
  if (visitor.keep != Keep::kNothing) {
    visitor.site.engine->pass(visitor.state, shard.now, shard.output);
    shard.settle(visitor);
  }
  std::string text = panel_frame(visitor, *link_.load, shard.now);
  if (text != last_) {
    last_ = text;
    shard.send(link_, std::make_shared<const std::string>(std::move(text)));
  }
  shard.timers.set(*this, shard.now + kPanelRefresh);
}

}  // namespace beckon::core
