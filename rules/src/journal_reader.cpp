#include <algorithm>

#include "beckon/json/utf8.hpp"
#include "beckon/rules/journal.hpp"
#include "beckon/rules/limits.hpp"
#include "journal_members.hpp"

namespace beckon::rules {
namespace {

std::string quoted(std::string_view word) { return '\'' + std::string(word) + '\''; }

// Gives a line's members their meaning. Once something is wrong every further call does nothing; the first error stays.
class Meaning {
 public:
  Meaning(const JournalMembers& members, JournalLine& line, std::vector<EventDatum>& data)
      : members_(members), line_(line), data_(data) {}

  [[nodiscard]] std::optional<json::Error> take_error() { return std::move(error_); }

  // Reads the members that belong to the line's type.
  void read() {
    const std::optional<std::size_t> type = line_type();
    time(Key::kT, line_.t);
    if (error_) return;
    if (*type < kEventTypes) {
      line_.kind = LineKind::kEvent;
      line_.event.type = static_cast<EventType>(*type);
      event();
    } else {
      line_.kind = static_cast<LineKind>(*type - kEventTypes + static_cast<std::size_t>(LineKind::kVisitor));
      other();
    }
  }

 private:
  void fail(std::size_t offset, std::string message) {
    if (!error_) error_ = json::Error{offset, std::move(message)};
  }

  std::optional<std::size_t> line_type() {
    std::string_view name;
    required(Key::kType, name);
    if (error_) return std::nullopt;
    type_offset_ = members_.find(Key::kType)->offset;
    const std::optional<std::size_t> type = kLineTypes.find(name);
    if (!type) fail(type_offset_, "there is no type " + quoted(json::cut_utf8(name, kMaxNameBytes)));
    return type;
  }

  // The member, when it is there and of that type.
  const Member* typed(Key key, json::Type type) {
    const Member* const member = members_.find(key);
    if (member == nullptr || member->type == type) return member;
    fail(member->offset, quoted(name_of(key)) + " is " + std::string(name_of(type)) + ", found " +
                             std::string(name_of(member->type)));
    return nullptr;
  }

  void missing(Key key) { fail(type_offset_, quoted(name_of(key)) + " is missing"); }

  void optional(Key key, std::string_view& out) {
    if (const Member* const member = typed(key, json::Type::kString)) out = member->text;
  }
  void required(Key key, std::string_view& out) {
    optional(key, out);
    if (members_.find(key) == nullptr) missing(key);
  }

  void optional(Key key, bool& out) {
    if (const Member* const member = typed(key, json::Type::kBool)) out = member->boolean;
  }
  void required(Key key, bool& out) {
    optional(key, out);
    if (members_.find(key) == nullptr) missing(key);
  }

  void number(Key key, std::optional<double>& out) {
    const Member* const member = typed(key, json::Type::kNumber);
    if (member == nullptr) return;
    out = json::to_double(member->text);
    if (!out) fail(member->offset, quoted(name_of(key)) + " is beyond the range of numbers");
  }

  void count(Key key, std::uint32_t& out) {
    const Member* const member = typed(key, json::Type::kNumber);
    if (member == nullptr) return;
    const std::optional<std::uint32_t> value = to_count(member->text);
    if (!value) return fail(member->offset, quoted(name_of(key)) + " is a whole number from 0");
    out = *value;
  }

  void time(Key key, Instant& out) {
    const Member* const member = typed(key, json::Type::kNumber);
    if (member == nullptr) return missing(key);
    const std::optional<Instant> value = to_instant(member->text);
    if (!value) return fail(member->offset, quoted(name_of(key)) + " is whole milliseconds from 1970 to 9999");
    out = *value;
  }

  // A name that conditions may speak of: bounded, and not empty.
  void name(Key key, std::string_view& out) {
    required(key, out);
    if (!error_) check_name(out, members_.find(key)->offset, name_of(key));
  }

  void check_name(std::string_view name, std::size_t offset, std::string_view what) {
    if (name.size() > kMaxNameBytes) {
      fail(offset, quoted(what) + " is longer than " + std::to_string(kMaxNameBytes) + " bytes");
    } else if (name.empty()) {
      fail(offset, quoted(what) + " is empty");
    }
  }

  void visitor() {
    required(Key::kVisitor, line_.visitor);
    if (!error_ && line_.visitor.empty()) fail(members_.find(Key::kVisitor)->offset, "'visitor' is empty");
  }

  void event() {
    visitor();
    Event& event = line_.event;
    if (members_.find(Key::kTab) != nullptr) name(Key::kTab, event.tab);
    switch (event.type) {
      case EventType::kPage: return page();
      case EventType::kCart:
        number(Key::kValue, event.value);
        number(Key::kItems, event.items);
        return optional(Key::kCurrency, event.currency);
      case EventType::kOrder:
      case EventType::kRefund:
        number(Key::kValue, event.value);
        number(Key::kMargin, event.margin);
        return optional(Key::kId, event.id);
      case EventType::kEvent: name(Key::kName, event.name); return data();
      case EventType::kScroll: return percent();
      case EventType::kAttr: name(Key::kName, event.name); return attribute();
      case EventType::kTag: name(Key::kName, event.name); return optional(Key::kValue, event.on);
      case EventType::kConsent:
      case EventType::kIdentified: return required(Key::kValue, event.on);
      case EventType::kOutcome:
        name(Key::kRule, event.name);
        if (choice(Key::kOutcome, "accepted", "dismissed")) event.outcome = OfferOutcome::kAccepted;
        return;
      case EventType::kChat: event.on = choice(Key::kState, "started", "ended"); return;
      case EventType::kVisible:
      case EventType::kHidden:
      case EventType::kActivity:
      case EventType::kExitIntent:
      case EventType::kLeave: return;
    }
  }

  void page() {
    Event& event = line_.event;
    required(Key::kUrl, line_.raw_url);
    optional(Key::kTitle, event.title);
    if (members_.find(Key::kReferrer) != nullptr) optional(Key::kReferrer, line_.raw_referrer.emplace());
    optional(Key::kHidden, event.hidden);
    optional(Key::kCountry, event.country);
    optional(Key::kLanguage, event.language);
    optional(Key::kDevice, event.device);
    optional(Key::kBrowser, event.browser);
    optional(Key::kOs, event.os);
    optional(Key::kUa, line_.user_agent);
  }

  void percent() {
    std::optional<double> value;
    number(Key::kPercent, value);
    if (!value) return missing(Key::kPercent);
    line_.event.percent = *value;
  }

  void attribute() {
    const Member* const member = members_.find_or_null(Key::kValue);
    if (member == nullptr) return missing(Key::kValue);
    line_.event.scalar = scalar(*member, name_of(Key::kValue));
  }

  EventScalar scalar(const Member& member, std::string_view what) {
    switch (member.type) {
      case json::Type::kNull: return std::monostate{};
      case json::Type::kBool: return member.boolean;
      case json::Type::kString: return member.text;
      case json::Type::kNumber:
        if (const std::optional<double> value = json::to_double(member.text)) return *value;
        fail(member.offset, quoted(what) + " is beyond the range of numbers");
        return std::monostate{};
      default:
        fail(member.offset, quoted(what) + " is a string, a number, true, false or null, found " +
                                std::string(name_of(member.type)));
        return std::monostate{};
    }
  }

  void data() {
    data_.clear();
    if (typed(Key::kData, json::Type::kObject) == nullptr) return;
    for (const FlatMember& member : members_.flat(Key::kData)) {
      if (data_.size() == kMaxEventData) {
        return fail(member.value.offset, "'data' holds more than " + std::to_string(kMaxEventData) + " keys");
      }
      check_name(member.name, member.value.offset, "a key of 'data'");
      data_.push_back({member.name, scalar(member.value, json::cut_utf8(member.name, kMaxNameBytes))});
    }
    line_.event.data = data_;
  }

  // Whether the member says `yes` and not `no`.
  bool choice(Key key, std::string_view yes, std::string_view no) {
    std::string_view word;
    required(key, word);
    if (!error_ && word != yes && word != no) {
      fail(members_.find(key)->offset, quoted(name_of(key)) + " is " + quoted(yes) + " or " + quoted(no));
    }
    return word == yes;
  }

  void other() {
    switch (line_.kind) {
      case LineKind::kVisitor: return visitor();
      case LineKind::kOperators: shard(); return operators();
      case LineKind::kHours: shard(); return required(Key::kOpen, line_.site.open.emplace());
      case LineKind::kRules:
        shard();
        required(Key::kText, line_.rules_text);
        optional(Key::kHash, line_.rules_hash);
        optional(Key::kSite, line_.site_id);
        return optional(Key::kTimeZone, line_.time_zone);
      case LineKind::kGap: return shard();
      case LineKind::kEvent: return;
    }
  }

  void shard() {
    count(Key::kShard, line_.shard);
    count(Key::kShards, line_.shards);
    if (!error_ && line_.shard >= line_.shards) fail(type_offset_, "'shard' is less than 'shards'");
    if (!error_ && line_.shards > kMaxJournalShards) {
      fail(members_.find(Key::kShards)->offset, "'shards' is at most " + std::to_string(kMaxJournalShards));
    }
  }

  void operators() {
    SiteState& site = line_.site;
    count(Key::kOnline, site.operators);
    if (members_.find(Key::kFreeSlots) == nullptr && site.operators == 0) site.free_slots = 0;
    count(Key::kFreeSlots, site.free_slots);
    count(Key::kQueue, site.queue);
    if (typed(Key::kSkills, json::Type::kObject) == nullptr) return;
    site.skills_known = true;
    for (const FlatMember& member : members_.flat(Key::kSkills)) {
      const std::optional<std::uint32_t> slots =
          member.value.type == json::Type::kNumber ? to_count(member.value.text) : std::nullopt;
      if (!slots) return fail(member.value.offset, "the free slots of a skill are a whole number from 0");
      site.skills.emplace(member.name, *slots);
    }
  }

  const JournalMembers& members_;
  JournalLine& line_;
  std::vector<EventDatum>& data_;
  std::size_t type_offset_ = 0;
  std::optional<json::Error> error_;
};

std::size_t max_bytes(LineKind kind) {
  if (kind == LineKind::kRules) return kMaxRulesLineBytes;
  return kind == LineKind::kVisitor ? kMaxVisitorLineBytes : kMaxJournalLineBytes;
}

}  // namespace

struct JournalReader::State {
  json::Reader reader;
  JournalMembers members{reader};
  std::vector<EventDatum> data;
  VisitorSnapshot snapshot;
};

JournalReader::JournalReader() : state_(std::make_unique<State>()) {}
JournalReader::~JournalReader() = default;

std::optional<json::Error> JournalReader::read(std::string_view text, JournalLine& line) {
  static constexpr json::ReadOptions kOptions{.max_bytes = std::max(kMaxRulesLineBytes, kMaxVisitorLineBytes)};
  State& state = *state_;
  line = JournalLine{};
  state.members.clear();
  std::optional<json::Error> error = state.reader.read(text, state.members, kOptions);
  if (error && error->message.empty()) error->message = "a journal line is an object";
  if (error) return error;
  Meaning meaning(state.members, line, state.data);
  meaning.read();
  error = meaning.take_error();
  if (const std::size_t most = max_bytes(line.kind); !error && text.size() > most) {
    error = json::Error{most, "the line is longer than " + std::to_string(most) + " bytes"};
  }
  if (!error && line.kind == LineKind::kVisitor) {
    state.snapshot = VisitorSnapshot{};
    error = read_snapshot(text, state.snapshot);
    line.snapshot = &state.snapshot;
  }
  return error;
}

}  // namespace beckon::rules
