#include "core/desk/desk.hpp"

#include <algorithm>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "core/desk/consoles.hpp"
#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace {

bool has(const std::vector<std::string>& names, std::string_view name) {
  return name.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

std::optional<std::uint64_t> change_of(const json::Value& hint) {
  const json::Value* const change = hint.find("change");
  if (change == nullptr || !change->is(json::Type::kNumber)) return std::nullopt;
  const auto number = json::to_int64(change->digits());
  return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

}  // namespace

bool fits(const std::vector<std::string>& skills, const std::vector<std::string>& groups, const Wish& wish) {
  return (has(skills, wish.skill) || has(groups, wish.skill)) && has(groups, wish.group);
}

void Desk::Call::ring(base::Instant due) {
  desk.shard_.now = std::max(desk.shard_.now, due);
  (desk.*member)();
}

Desk::Desk(Site& site, base::Instant first_read)
    : site_(site), shard_(site.shard), board_(site.shard.options.index), follower_(site.shard, site.id(), *this) {
  subscribe();
  follower_.start(first_read);
  shard_.bus.publish(site_.id(), "presence", presence_question(shard_.options.index));
}

Desk::~Desk() = default;

rules::SiteState Desk::nobody() {
  rules::SiteState state;
  state.operators = state.free_slots = 0;
  state.skills_known = true;
  return state;
}

// --- The bus

void Desk::subscribe() {
  const auto on = [this](std::string_view topic, void (Desk::*member)(std::string_view)) {
    subscriptions_.push_back(
        shard_.bus.subscribe(site_.id(), topic, shard_.post,
                             [this, alive = std::weak_ptr<int>(alive_), member](const store::BusMessage& message) {
                               if (alive.expired()) return;
                               shard_.enter();
                               (this->*member)(message.body);
                             }));
  };
  on("chat", &Desk::on_chat_hint);
  on("presence", &Desk::on_presence);
}

void Desk::on_chat_hint(std::string_view body) {
  const json::ParseResult parsed = json::parse(body);
  if (!parsed.document || !parsed.document->root().is(json::Type::kObject)) return;
  const json::Value& root = parsed.document->root();
  const auto change = change_of(root);
  follower_.hint(change);
  const json::Value* const id = root.find("c");
  if (id != nullptr && id->is(json::Type::kString)) shard_.consoles->conversation_hinted(*this, id->string());
}

void Desk::publish(const store::Conversation& row) {
  std::string body;
  json::Writer w(body);
  w.begin_object().key("c").string(row.id.text()).key("v").string(row.visitor.text());
  w.key("seq").number(static_cast<std::int64_t>(row.last_seq));
  w.key("change").number(static_cast<std::int64_t>(row.change)).end_object();
  shard_.bus.publish(site_.id(), "chat", body);
}

void Desk::publish(const store::TaskRow& row) {
  std::string body;
  json::Writer w(body);
  w.begin_object()
      .key("t")
      .string(row.id.text())
      .key("change")
      .number(static_cast<std::int64_t>(row.change))
      .end_object();
  shard_.bus.publish(site_.id(), "chat", body);
}

// --- Presence

void Desk::on_presence(std::string_view body) {
  switch (board_.hear(body, shard_.now)) {
    case PresenceBoard::Heard::kNothing: break;
    case PresenceBoard::Heard::kChange: touch(); break;
    case PresenceBoard::Heard::kQuestion:
      if (!told_of_nobody_) publish_presence();
      break;
  }
  watch_board();
}

void Desk::own_presence_changed() {
  if (board_.set_own(shard_.consoles->present_at(site_))) {
    publish_presence();
    touch();
  }
  listen_to_visitors();
}

void Desk::publish_presence() {
  const std::vector<PresentOperator> own = shard_.consoles->present_at(site_);
  if (own.empty() && std::exchange(told_of_nobody_, true)) return;
  told_of_nobody_ = own.empty();
  for (const std::string& body : presence_bodies(shard_.options.index, shard_.now, own)) {
    shard_.bus.publish(site_.id(), "presence", body);
  }
  shard_.timers.set(presence_alarm_, own.empty() ? base::kNever : shard_.now + kPresenceEvery);
}

void Desk::presence_due() { publish_presence(); }

void Desk::forget_due() {
  if (board_.forget(shard_.now)) touch();
  watch_board();
}

void Desk::watch_board() { shard_.timers.set(forget_alarm_, board_.next_forget()); }

// --- What is open

OpenConversation* Desk::find(const base::ConversationId& id) const {
  const auto found = open_.find(id.text());
  return found == open_.end() ? nullptr : found->second.get();
}

void Desk::count(const store::Conversation& row, int by) {
  if (row.state == store::ConversationState::kWaiting) {
    if (by > 0) waiting_.emplace(row.waiting_since, row.id.text());
    else waiting_.erase({row.waiting_since, row.id.text()});
  } else if (row.state == store::ConversationState::kAssigned) {
    const auto place = assigned_.try_emplace(row.operator_id.text()).first;
    if (by > 0) ++place->second;
    else if (--place->second == 0) assigned_.erase(place);
  }
}

void Desk::conversation_read(const store::Conversation& row) {
  OpenConversation* const known = find(row.id);
  if (known != nullptr && known->row.change >= row.change) return;
  if (row.last_seq == 0) return;  // nothing has been said in it yet: it is none
  if (row.state == store::ConversationState::kClosed) drop(row.id);
  else put(row);
  shard_.consoles->conversation_changed(*this, row);
}

void Desk::put(const store::Conversation& row) {
  OpenConversation* open = find(row.id);
  const bool fresh = open == nullptr;
  if (fresh) open = open_.emplace(row.id.text(), std::make_unique<OpenConversation>(*this, row)).first->second.get();
  const store::Conversation before = fresh ? store::Conversation{} : open->row;
  if (!fresh) count(open->row, -1);
  open->row = row;
  count(row, +1);

  const bool waits = row.state == store::ConversationState::kWaiting;
  if (before.state == store::ConversationState::kWaiting && !fresh && !waits && open->place > 0) {
    pick_ups_.add(shard_.now, std::max(base::Duration{}, shard_.now - before.waiting_since), open->place);
  }
  if (!waits) open->place = 0;
  else if (loaded_ && open->place == 0) {
    open->place = 1 + static_cast<std::size_t>(
                          std::distance(waiting_.begin(), waiting_.find({row.waiting_since, row.id.text()})));
  }
  follow_turn(*open, fresh ? nullptr : &before);
  if (fresh || before.visitor != row.visitor) ask_for_visitor(*open);
  touch();
}

void Desk::drop(const base::ConversationId& id) {
  const auto found = open_.find(id.text());
  if (found == open_.end()) return;
  count(found->second->row, -1);
  open_.erase(found);
  touch();
}

void Desk::conversation_gone(const base::ConversationId& id) {
  drop(id);
  shard_.consoles->conversation_gone(*this, id);
}

void Desk::task_read(const store::TaskRow& row) {
  const auto known = tasks_.find(row.id.text());
  if (known != tasks_.end() && known->second.change >= row.change) return;
  if (row.state == store::TaskState::kDone) tasks_.erase(row.id.text());
  else tasks_.insert_or_assign(row.id.text(), row);
  shard_.consoles->task_changed(*this, row);
}

void Desk::task_gone(const base::TaskId& id) {
  tasks_.erase(id.text());
  shard_.consoles->task_gone(*this, id);
}

void Desk::take_in(const store::Conversation& row) { conversation_read(row); }
void Desk::take_in(const store::TaskRow& row) { task_read(row); }

FollowerListener::Heal Desk::caught_up() {
  if (!std::exchange(loaded_, true)) touch();
  if (loaded()) shard_.consoles->desk_loaded();
  return open_.empty() && board_.all().empty() ? Heal::kNo : Heal::kYes;
}

void Desk::operators_changed() { touch(); }

void Desk::settings_changed() {
  for (const auto& [id, open] : open_) schedule(*open);
  touch();
}

void Desk::hurry() {
  follower_.want_tasks();
  follower_.hint(std::nullopt);
}

// --- What others are told

std::uint32_t Desk::assigned_to(const base::OperatorId& id) const {
  const auto found = assigned_.find(id.text());
  return found == assigned_.end() ? 0 : found->second;
}

std::uint32_t Desk::free_slots(const PresentOperator& each) const {
  if (each.state != PresenceState::kOnline) return 0;
  const auto promised = promised_.find(each.id.text());
  const std::uint32_t taken =
      assigned_to(each.id) + each.elsewhere + (promised == promised_.end() ? 0 : promised->second);
  return each.capacity > taken ? each.capacity - taken : 0;
}

const PresentOperator* Desk::least_loaded(const Wish& wish, const base::OperatorId& but) const {
  const PresentOperator* best = nullptr;
  const auto load = [this](const PresentOperator& each) { return each.capacity - free_slots(each); };
  for (const auto& [id, each] : board_.all()) {
    if (each.id == but || !fits(each.skills, each.groups, wish) || free_slots(each) == 0) continue;
    if (best == nullptr || load(each) < load(*best)) best = &each;
  }
  return best;
}

rules::SiteState Desk::state() const {
  rules::SiteState state = nobody();
  for (const auto& [id, each] : board_.all()) {
    if (each.state != PresenceState::kOnline) continue;
    const std::uint32_t slots = free_slots(each);
    ++state.operators;
    state.free_slots += slots;
    for (const std::string& skill : each.skills) state.skills[skill] += slots;
  }
  state.queue = static_cast<std::uint32_t>(waiting_.size());
  return state;
}

void Desk::touch() {
  if (!settle_alarm_.is_set()) shard_.timers.set(settle_alarm_, std::max(shard_.now, settled_ + kSettleEvery));
}

void Desk::settle() {
  if (shard_.stopping) return;
  settled_ = shard_.now;
  assign_waiting();
  rules::SiteState now = state();
  if (!(now == site_.told)) {
    site_.told = std::move(now);
    shard_.update_site_state(site_);
  }
  if (!open_.empty() || !board_.all().empty()) follower_.heal();
  if (site_.chat) site_.chat->desk_changed();
  shard_.consoles->chats_changed(*this);
}

std::optional<base::Instant> Desk::opens() const {
  const auto& calendar = site_.settings->calendar;
  if (!calendar) return std::nullopt;
  // A change of the hour or the weekday is one too.
  constexpr int kMostChanges = 24 * 15;
  base::Instant t = shard_.now;
  for (int i = 0; i < kMostChanges; ++i) {
    t = calendar->next_change(t);
    if (t == base::kNever) return std::nullopt;
    if (calendar->local(t).open) return t;
  }
  return std::nullopt;
}

DeskSight Desk::sight(const store::Conversation* conversation) const {
  DeskSight sight;
  const rules::SiteState& now = site_.engine->site();
  std::uint32_t free = 0, online = 0;
  const Wish wish = conversation == nullptr ? Wish{} : Wish{conversation->skill, conversation->group};
  for (const auto& [id, each] : board_.all()) {
    if (each.state != PresenceState::kOnline) continue;
    ++online;
    if (fits(each.skills, each.groups, wish)) free += free_slots(each);
  }
  if (now.open == false) sight.state = DeskState::kClosed;
  else if (online == 0) sight.state = DeskState::kAway;
  else sight.state = free > 0 ? DeskState::kOpen : DeskState::kBusy;
  if (sight.state == DeskState::kClosed) sight.opens = opens();
  // With nobody there a place in the queue would promise what is not to be had.
  const bool waits = conversation != nullptr && conversation->state == store::ConversationState::kWaiting;
  if (!waits || online == 0) return sight;
  const auto place = waiting_.find({conversation->waiting_since, conversation->id.text()});
  if (place == waiting_.end()) return sight;
  const auto position = 1 + static_cast<std::uint32_t>(std::distance(waiting_.begin(), place));
  // For whom somebody is free there is no queue.
  if (position > free) sight.position = position;
  sight.wait = pick_ups_.expected(shard_.now, position);
  return sight;
}

std::optional<OperatorCard> Desk::card(const base::OperatorId& id) const {
  if (const PresentOperator* const here = board_.find(id)) {
    return OperatorCard{here->name, here->picture, here->state != PresenceState::kOnline};
  }
  if (const store::OperatorRecord* const record = shard_.consoles->record(id)) {
    return OperatorCard{record->name, record->picture, true};
  }
  return std::nullopt;
}

store::NewMessage Desk::line(std::string_view event, std::string_view name, std::string_view by,
                             const base::OperatorId& who) const {
  store::NewMessage line;
  line.author = store::Author::kSystem;
  line.operator_id = who;
  line.kind = store::MessageKind::kEvent;
  line.at = shard_.now;
  json::Writer w(line.body);
  w.begin_object().key("event").string(event);
  if (!name.empty()) w.key("name").string(name);
  if (!by.empty()) w.key("by").string(by);
  w.end_object();
  return line;
}

}  // namespace beckon::core
