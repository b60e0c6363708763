// What is known of one visitor: mostly as a history from which rules.md's facts are worked out when they are asked for.
// Thread safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/oracle/address.hpp"
#include "rules/oracle/rule_file.hpp"
#include "rules/oracle/value.hpp"

namespace beckon::oracle {

using Time = std::int64_t;  // epoch milliseconds

struct Page {
  Address address;
  std::string title, referrer;  // empty: no value
  Time started = 0;
  std::vector<std::pair<Time, bool>> hidden;  // every change of visibility, the first at the start
  Time idle_since = 0;
  double scroll = 0;
  bool exit_intent = false;
  std::uint64_t first_event = 0;        // number of its page event
  std::map<std::string, double> fired;  // how often each rule counted on this page
  double all_fired = 0;
  std::set<std::string> disarmed;
};

struct Tab {
  bool hidden = false;
  std::optional<Page> page;
  std::optional<Page> closed_with_visit;  // what comes back with the tab's next event
  std::map<std::string, Time> held;       // described condition → true at every look since
  Time last_event = 0;
};

struct Visit {
  Time started = 0;
  double number = 1, pages = 0;
  std::optional<double> since_last_visit;
  std::optional<Page> first_page;
  std::map<std::string, std::string> verdicts;  // rule → the last one
};

// An event or page that rules asked about.
struct Remembered {
  std::uint64_t number = 0;  // counts up in the order received
  Time t = 0;
  double visit = 0;
  std::string tab;
  bool is_page = false;
  std::string name;  // of a page its path
  std::map<std::string, Value> data;
};

// Counts and times of a rule, or of all of them.
struct Record {
  double count = 0, visit_count = 0;
  std::optional<Time> last, dismissed, accepted;
};

struct Offer {
  std::string rule, tab;
  bool until_page = false;
  std::optional<Time> until;
  Needs needs;
};

struct Visitor {
  std::string id;
  std::optional<Visit> visit;
  double visits = 0;
  std::optional<Time> last_event;
  std::map<std::string, Tab> tabs;
  std::uint64_t events_received = 0;
  std::vector<Remembered> events;

  std::map<std::string, std::string> traits;  // country, language, device, browser, os
  std::map<std::string, Value> attributes;
  std::set<std::string> tags;
  bool identified = false;
  std::optional<bool> consent;
  double orders = 0, lifetime_value = 0;
  std::set<std::string> order_ids, refund_ids;
  std::optional<double> cart_value, cart_items;
  std::string cart_currency;
  std::optional<Time> cart_at;
  bool chat_active = false;
  double chats = 0;
  std::optional<Time> chat_ended;

  std::map<std::string, Record> records;
  Record all;
  double pressure = 0;
  Time pressure_at = 0;
  std::optional<Offer> offer;
};

struct Site {
  double operators = 1, free_slots = 1, queue = 0;
  std::optional<std::map<std::string, double>> skills;
  bool open = true;
};

}  // namespace beckon::oracle
