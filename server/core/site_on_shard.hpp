// A site as one shard serves it: its engine, its visitors, its recorder.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "beckon/rules/engine.hpp"
#include "core/desk/desk.hpp"
#include "core/recorder.hpp"
#include "core/site.hpp"
#include "core/visitor.hpp"

namespace beckon::core {

class SiteChat;
struct ShardCore;

struct Site final : Alarm {
  Site(ShardCore& shard, std::shared_ptr<const SiteSettings> settings);
  ~Site() override;

  // The calendar's next change: opening hours.
  void ring(base::Instant due) override;

  [[nodiscard]] bool has_chat() const { return settings->chat != nullptr; }
  [[nodiscard]] const base::SiteId& id() const { return settings->id; }
  [[nodiscard]] const rules::RuleSet& rules() const { return engine->rules(); }

  ShardCore& shard;
  std::shared_ptr<const SiteSettings> settings;
  std::unique_ptr<rules::Engine> engine;  // never nullptr
  rules::SiteState told;                  // by the desk, or where there is none by the host; the engine's own has `open` filled in from the calendar
  SiteRecorder recorder;
  std::unique_ptr<SiteChat> chat;         // once the site has had chat; outlives the visitors
  std::unordered_map<std::string, std::unique_ptr<Visitor>> visitors;      // by id
  std::unordered_map<std::string, Visitor*> by_session;                    // those that no token leads to
  std::unordered_map<std::string, std::vector<Link*>> loading;             // visitor → who waits for its record
  std::unordered_set<Link*> links;
  std::map<std::string, std::string, std::less<>> texts;                   // language → the widget's texts as JSON
  std::unique_ptr<Desk> desk;                                              // nullptr: the site has no chat
};

}  // namespace beckon::core
