#include "chat_world.hpp"

#include <catch2/catch.hpp>

#include "beckon/json/reader.hpp"
#include "beckon/json/writer.hpp"
#include "store/await.hpp"

namespace beckon::test {

namespace {

const base::OperatorId kAda("p_AAAAAAAAAAAAAAAAAAAAAA");

template <class T, class Call>
T done(Call call) {
  auto result = store::await<T>(call);
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

std::string quoted(std::string_view text) {
  std::string out;
  json::Writer(out).string(text);
  return out;
}

}  // namespace

std::shared_ptr<core::SiteSettings> chat_site(std::string_view rules) {
  auto settings = site_settings(rules);
  settings->chat = std::make_shared<core::ChatSettings>();
  return settings;
}

std::optional<store::Conversation> ChatWorld::conversation(std::string_view visitor) {
  using Found = std::optional<store::Conversation>;
  return done<Found>([&](const store::Poster& post, store::Callback<Found> then) {
    store->find_conversation(site->id, base::VisitorId(visitor), post, std::move(then));
  });
}

std::vector<std::string> ChatWorld::said(std::string_view visitor) {
  const auto row = conversation(visitor);
  if (!row) return {};
  using Messages = std::vector<store::Message>;
  store::MessageRange range;
  range.order = store::MessageRange::From::kOldest;
  std::vector<std::string> texts;
  while (true) {
    const Messages page = done<Messages>([&](const store::Poster& post, store::Callback<Messages> then) {
      store->read_messages(site->id, row->id, range, post, std::move(then));
    });
    for (const store::Message& each : page) texts.push_back(std::string(store::name_of(each.author)) + ": " + each.body);
    if (page.empty()) return texts;
    range.after = page.back().seq;
  }
}

std::vector<store::TaskRow> ChatWorld::tasks() {
  return done<store::TaskPage>([&](const store::Poster& post, store::Callback<store::TaskPage> then) {
           store->tasks(site->id, {}, post, std::move(then));
         })
      .rows;
}

void ChatWorld::take(std::string_view visitor, Hint hinted) {
  change(visitor, store::ConversationState::kAssigned, R"({"event":"joined","name":"Ada"})", hinted);
}

void ChatWorld::close(std::string_view visitor, Hint hinted) {
  change(visitor, store::ConversationState::kClosed, R"({"event":"closed","by":"Ada"})", hinted);
}

void ChatWorld::change(std::string_view visitor, store::ConversationState state, std::string_view line, Hint hinted) {
  const auto row = conversation(visitor);
  REQUIRE(row);
  store::ConversationChange wanted;
  wanted.state = state;
  if (state == store::ConversationState::kAssigned) wanted.operator_id = kAda;
  store::NewMessage message;
  message.author = store::Author::kSystem;
  message.kind = store::MessageKind::kEvent;
  message.body = line;
  message.at = clock.now();
  const auto now = done<store::Conversation>([&](const store::Poster& post, store::Callback<store::Conversation> then) {
    store->change_conversation(site->id, row->id, row->version, wanted, message, post, std::move(then));
  });
  if (hinted == Hint::kYes) hint(now);
}

void ChatWorld::answer(std::string_view visitor, std::string_view text, Hint hinted) {
  const auto row = conversation(visitor);
  REQUIRE(row);
  store::NewMessage message;
  message.key = "operator-message-" + std::to_string(++keys_);
  message.author = store::Author::kOperator;
  message.operator_id = kAda;
  message.name = "Ada";
  message.body = text;
  message.at = clock.now();
  const auto now = done<store::Appended>([&](const store::Poster& post, store::Callback<store::Appended> then) {
    store->append(site->id, row->id, message, post, std::move(then));
  });
  if (hinted == Hint::kYes) hint(now.conversation);
}

void ChatWorld::read(std::string_view visitor, std::uint64_t seq, Hint hinted) {
  const auto row = conversation(visitor);
  REQUIRE(row);
  store::Marks marks;
  marks.operator_read = seq;
  store->mark(site->id, row->id, marks);
  if (hinted == Hint::kYes) hint(*conversation(visitor));
}

void ChatWorld::hint(const store::Conversation& row) {
  std::string body;
  json::Writer w(body);
  w.begin_object().key("c").string(row.id.text()).key("v").string(row.visitor.text());
  w.key("seq").number(static_cast<std::int64_t>(row.last_seq));
  w.key("change").number(static_cast<std::int64_t>(row.change)).end_object();
  bus->publish(site->id, "chat", body);
  pump();
}

store::FaultyBus& ChatWorld::make_bus_faulty(const store::BusFaults& faults) {
  auto faulty = std::make_unique<store::FaultyBus>(*behind_, faults);
  store::FaultyBus& made = *faulty;
  stop_shards();
  bus = std::move(faulty);
  start();
  return made;
}

FailingStore& ChatWorld::make_store_fail() {
  auto failing = std::make_unique<FailingStore>(std::move(store));
  FailingStore& made = *failing;
  stop_shards();
  store = std::move(failing);
  start();
  return made;
}

// --- Panel

void Panel::open(std::string_view more) {
  std::string text = R"("type":"chat_open")";
  text.append(more);
  tab.send(text);
  listen();
}

std::string Panel::say(std::string_view text, std::string_view more) {
  std::string key = tab.session.substr(0, 4) + "-key-number-" + std::to_string(++keys);
  key.resize(std::max<std::size_t>(key.size(), 16), '-');
  say_as(key, text, more);
  return key;
}

void Panel::say_as(std::string_view key, std::string_view text, std::string_view more) {
  std::string frame = R"("type":"say","key":")";
  frame.append(key).append(R"(","text":)").append(quoted(text)).append(more);
  send(frame);
  listen();
}

void Panel::send(std::string_view rest) {
  std::string frame = R"({"id":)" + std::to_string(tab.id + 1);
  frame.append(",").append(rest).append("}");
  unacknowledged[++tab.id] = frame;
  if (tab.link != nullptr) tab.raw(frame);
}

void Panel::cut() {
  tab.disconnect();
  tab.connection->frames.clear();
}

void Panel::mend() {
  const std::int64_t last = chat.empty() ? 0 : std::stoll(field(chat, "last"));
  std::int64_t have = messages.empty() ? 0 : messages.begin()->first;
  while (messages.contains(have + 1)) ++have;
  if (have < last) tab.send(R"("type":"history","after":)" + std::to_string(have));
  listen();
}

void Panel::listen() {
  while (!tab.connection->frames.empty()) {
    const std::string frame = tab.connection->take();
    const std::string type = field(frame, "type");
    if (type == "chat") chat = frame;
    if (type == "error") errors.push_back(field(frame, "code"));
    if (type == "ack") acked = std::stoll(field(frame, "id"));
    if (type == "ack") unacknowledged.erase(unacknowledged.begin(), unacknowledged.upper_bound(acked));
    if (type == "welcome" && field(frame, "token") != "absent") tab.token = field(frame, "token");
    if (type != "messages") continue;
    if (field(frame, "more") == "true") ++more_said;
    for (int i = 0; field(frame, "messages." + std::to_string(i)) != "absent"; ++i) {
      const std::string at = "messages." + std::to_string(i);
      std::string text = field(frame, at + ".text");
      if (text == "absent") text = "(" + field(frame, at + ".event") + ")";
      if (!messages.emplace(std::stoll(field(frame, at + ".seq")), text).second) ++doubles;
    }
  }
}

void Panel::resume() {
  const std::int64_t has = messages.empty() ? 0 : messages.rbegin()->first;
  const std::string welcome = tab.hello("/a", R"(,"resume":true,"chat":)" + std::to_string(has));
  unacknowledged.erase(unacknowledged.begin(), unacknowledged.upper_bound(std::stoll(field(welcome, "last"))));
  listen();
  for (const auto& [id, frame] : std::map(unacknowledged)) tab.raw(frame);
  listen();
}

std::vector<std::string> Panel::shown() const {
  std::vector<std::string> texts;
  std::int64_t next = messages.empty() ? 1 : messages.begin()->first;
  for (const auto& [seq, text] : messages) {
    while (next < seq) texts.emplace_back("…"), ++next;
    texts.push_back(text);
    ++next;
  }
  return texts;
}

}  // namespace beckon::test
