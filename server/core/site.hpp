// A site as a shard serves it: settings that app makes from the configuration, immutable and shared by all shards. A change
// is a new object, given to every shard.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "beckon/rules/calendar.hpp"
#include "beckon/rules/rule_set.hpp"

namespace beckon::core {

enum class ConsentMode : std::uint8_t {
  kRequired,  // nothing is stored until the visitor says yes
  kGranted,   // the site has its own ground to store
};

// When the widget shows its button.
enum class Launcher : std::uint8_t {
  kAlways,
  kOpen,   // in opening hours
  kNever,  // invitations alone open the chat
};
// What a visitor is asked before the first message.
enum class FormField : std::uint8_t { kName, kEmail };
// Who begins a waiting conversation.
enum class Assign : std::uint8_t {
  kTake,  // whoever takes it
  kAuto,  // the least loaded free operator gets it at once
};

// A text that operators have at hand.
struct CannedReply {
  std::string title, text;
  friend bool operator==(const CannedReply&, const CannedReply&) = default;
};

struct ChatSettings {
  Launcher launcher = Launcher::kAlways;
  std::vector<FormField> form;
  base::Duration answer_within = std::chrono::minutes(2);  // an assigned one unanswered for this long goes to another operator
  base::Duration quiet_after = std::chrono::minutes(30);   // one whose visitor is silent for this long is closed
  Assign assign = Assign::kTake;
  bool uploads = true;
  std::vector<CannedReply> canned;
  friend bool operator==(const ChatSettings&, const ChatSettings&) = default;
};

enum class DemoPanel : std::uint8_t { kOff, kOn };

// Rules in force, with the text that the journal records.
struct SiteRules {
  std::shared_ptr<const rules::RuleSet> compiled;  // never nullptr; a site without rules has an empty set
  std::string text;                                // the file as it was read
  std::string hash;                                // of the text, hexadecimal
};

// Texts of the widget by language: {"en": {"close": "Close"}}. Languages are BCP 47 tags.
using WidgetTexts = std::map<std::string, std::map<std::string, std::string>>;

struct SiteSettings {
  base::SiteId id;
  std::shared_ptr<const SiteRules> rules;
  ConsentMode consent = ConsentMode::kRequired;
  base::Duration visit_timeout = std::chrono::minutes(30);
  std::shared_ptr<const rules::Calendar> calendar;  // nullptr: UTC, always open
  std::string time_zone;                            // IANA name, for the journal; empty: UTC
  std::string identity_key;                         // secret of signed identities (HS256); empty: none are accepted
  DemoPanel demo = DemoPanel::kOff;
  std::vector<std::string> languages;               // BCP 47, the preferred one first; empty: every language is spoken
  std::shared_ptr<const ChatSettings> chat;         // nullptr: the site has no chat
  WidgetTexts texts;
  std::string theme;                                // JSON, one object, as welcome frames carry it; empty: {}
};

}  // namespace beckon::core
