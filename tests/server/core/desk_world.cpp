#include "desk_world.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/secret.hpp"

namespace beckon::test {

// --- ConsoleTab

ConsoleTab::ConsoleTab(DeskWorld& w, const store::OperatorRecord& operator_record)
    : ConsoleTab(w, operator_record, w.sign_in(operator_record)) {}

ConsoleTab::ConsoleTab(DeskWorld& w, const store::OperatorRecord& operator_record, const base::TokenHash& s)
    : world(w), who(operator_record), session(s) {
  world.consoles.push_back(this);
}

ConsoleTab::~ConsoleTab() {
  disconnect();
  std::erase(world.consoles, this);
}

core::Shard& ConsoleTab::shard() { return world.home_of(who.id); }

void ConsoleTab::connect() {
  disconnect();
  connection = std::make_unique<FakeConnection>();
  link = &shard().attach(*connection, core::OperatorUpgrade{who.id, session, ""});
}

void ConsoleTab::disconnect() {
  if (link != nullptr) shard().detach(*link);
  link = nullptr;
}

std::string ConsoleTab::hello() {
  connect();
  send("hello");
  world.pass(50ms);
  return latest("welcome");
}

void ConsoleTab::send(std::string_view type, std::string_view rest) {
  std::string text = R"({"type":")";
  text.append(type).append(R"(","id":)").append(std::to_string(++id));
  if (!rest.empty()) text.append(",").append(rest);
  raw(text.append("}"));
}

void ConsoleTab::raw(std::string_view text) {
  REQUIRE(link != nullptr);
  shard().receive(*link, text);
}

std::string ConsoleTab::ask(std::string_view type, std::string_view rest) {
  send(type, rest);
  world.pump();
  const std::string wanted = std::to_string(id);
  for (auto frame = connection->frames.begin(); frame != connection->frames.end(); ++frame) {
    const std::string kind = field(*frame, "type");
    if ((kind != "ok" && kind != "error") || field(*frame, "id") != wanted) continue;
    std::string answer = *frame;
    connection->frames.erase(frame);
    return answer;
  }
  return "";
}

std::string ConsoleTab::latest(std::string_view type) {
  std::string found;
  std::erase_if(connection->frames, [&](const std::string& frame) {
    if (field(frame, "type") != type) return false;
    found = frame;
    return true;
  });
  return found;
}

std::size_t ConsoleTab::count(std::string_view type) {
  return static_cast<std::size_t>(
      std::count_if(connection->frames.begin(), connection->frames.end(),
                    [&](const std::string& frame) { return field(frame, "type") == type; }));
}

namespace {

std::string address_of(std::string_view conversation) {
  return R"("site":"shop","conversation":")" + std::string(conversation) + "\"";
}

}  // namespace

std::string ConsoleTab::take(std::string_view conversation, std::uint64_t version) {
  return ask("take", address_of(conversation) + ",\"version\":" + std::to_string(version));
}

std::string ConsoleTab::say(std::string_view conversation, std::string_view text, std::string_view key) {
  const std::string own =
      key.empty() ? "message-key-" + who.login + "-" + std::to_string(1'000'000 + id) : std::string(key);
  return ask("say", address_of(conversation) + R"(,"key":")" + own + R"(","text":")" + std::string(text) + "\"");
}

// --- DeskWorld

namespace {

std::shared_ptr<core::SiteSettings> desk_site(core::ChatSettings chat, std::string_view rules) {
  auto settings = chat_site(rules);
  settings->chat = std::make_shared<const core::ChatSettings>(std::move(chat));
  return settings;
}

template <class T, class Call>
T done(Call call) {
  auto result = store::await<T>(call);
  if (!result) FAIL(result.error().message);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace

DeskWorld::DeskWorld(std::uint32_t shards, core::ChatSettings chat, std::string_view rules)
    : ChatWorld(desk_site(std::move(chat), rules), {}, shards) {
  pass(10ms);
}

DeskWorld::~DeskWorld() {
  for (ConsoleTab* const console : consoles) console->link = nullptr;
}

void DeskWorld::put_site(std::shared_ptr<const core::SiteSettings> settings) {
  for (std::uint32_t i = 0; i < count(); ++i) shard_at(i).put_site(settings);
}

void DeskWorld::add_site(std::string_view id) {
  auto other = std::make_shared<core::SiteSettings>(*site);
  other->id = base::SiteId(id);
  put_site(other);
}

void DeskWorld::pump() {
  bool busy = true;
  while (busy) {
    World::pump();
    busy = false;
    for (std::uint32_t i = 0; i < count(); ++i) {
      if (shard_at(i).next_deadline() > clock.now()) continue;
      busy = true;
      shard_at(i).run_due();
    }
  }
  for (ConsoleTab* const console : consoles) {
    if (console->link == nullptr || console->connection->pings == console->connection->pongs) continue;
    console->connection->pongs = console->connection->pings;
    home_of(console->who.id).pong(*console->link);
  }
}

void DeskWorld::pass(base::Duration by) {
  pump();
  World::pass(by);
  pump();
}

core::Shard& DeskWorld::home_of(const base::OperatorId& id) { return shard_at(core::shard_of_operator(id, count())); }

store::OperatorRecord DeskWorld::add(const Person& person) {
  store::OperatorRecord record;
  record.id = base::new_operator_id();
  record.login = person.login;
  record.name = person.name;
  record.password_hash = "$argon2id$";
  record.skills = person.skills;
  record.groups = person.groups;
  record.capacity = person.capacity;
  for (const std::string& each : person.sites) record.sites.emplace_back(each);
  record.created = clock.now();
  return done<store::OperatorRecord>([&](const store::Poster& post, store::Callback<store::OperatorRecord> done) {
    store->save_operator(record, 0, store::LastAdmin::kMayGo, post, std::move(done));
  });
}

void DeskWorld::save(store::OperatorRecord record) {
  const std::uint64_t version = record.version;
  done<store::OperatorRecord>([&](const store::Poster& post, store::Callback<store::OperatorRecord> done) {
    store->save_operator(record, version, store::LastAdmin::kMayGo, post, std::move(done));
  });
}

base::TokenHash DeskWorld::sign_in(const store::OperatorRecord& who) {
  const base::TokenHash hash = base::hash_token(base::Secret::random(), base::new_token());
  done<void>([&](const store::Poster& post, store::Callback<void> done) {
    store->add_session({hash, who.id, clock.now(), clock.now() + std::chrono::hours(12)}, post, std::move(done));
  });
  return hash;
}

void DeskWorld::end_session(const base::TokenHash& session) {
  done<void>([&](const store::Poster& post, store::Callback<void> done) {
    store->end_session(session, post, std::move(done));
  });
}

void DeskWorld::hint_operators() { bus->publish(base::SiteId(), "operators", "{}"); }

store::Conversation DeskWorld::visitor_says(std::string_view visitor, std::string_view text, std::string_view skill) {
  store::Conversation fresh;
  fresh.id = base::new_conversation_id();
  fresh.visitor = base::VisitorId(visitor);
  fresh.skill = skill;
  fresh.created = fresh.waiting_since = clock.now();
  const auto opened =
      done<store::Conversation>([&](const store::Poster& post, store::Callback<store::Conversation> then) {
        store->open_conversation(site->id, fresh, post, std::move(then));
      });
  store::NewMessage message;
  message.key = "visitor-key-" + std::to_string(1'000'000 + ++keys_);
  message.body = text;
  message.at = clock.now();
  const auto appended = done<store::Appended>([&](const store::Poster& post, store::Callback<store::Appended> then) {
    store->append(site->id, opened.id, message, post, std::move(then));
  });
  hint(appended.conversation);
  return appended.conversation;
}

store::Conversation DeskWorld::row(const base::ConversationId& id) {
  using Found = std::optional<store::Conversation>;
  const Found found = done<Found>([&](const store::Poster& post, store::Callback<Found> then) {
    store->load_conversation(site->id, id, post, std::move(then));
  });
  REQUIRE(found);
  return *found;
}

std::vector<store::Message> DeskWorld::messages(const base::ConversationId& id) {
  using Messages = std::vector<store::Message>;
  store::MessageRange range;
  range.limit = 200;
  range.order = store::MessageRange::From::kOldest;
  return done<Messages>([&](const store::Poster& post, store::Callback<Messages> done) {
    store->read_messages(site->id, id, range, post, std::move(done));
  });
}

std::vector<std::string> DeskWorld::lines(const base::ConversationId& id) {
  std::vector<std::string> out;
  for (const store::Message& each : messages(id)) {
    if (each.author == store::Author::kSystem) out.push_back(each.body);
  }
  return out;
}

void DeskWorld::publish(std::string_view topic, std::string_view body) { bus->publish(site->id, topic, body); }

std::string DeskWorld::state(std::uint32_t shard, std::string_view at) {
  pass(core::kBatchWithin + 1ms);
  const auto page = done<store::JournalPage>([&](const store::Poster& post, store::Callback<store::JournalPage> done) {
    store->read_journal(base::SiteId(at), {}, {}, 10'000, post, std::move(done));
  });
  std::string latest;
  for (const std::string& line : page.lines) {
    const std::string of = field(line, "shard");
    const bool here = count() == 1 || of == std::to_string(shard);
    if (field(line, "type") == "operators" && here) latest = line;
  }
  return latest;
}

}  // namespace beckon::test
