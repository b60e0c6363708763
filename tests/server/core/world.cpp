#include "world.hpp"

#include <catch2/catch.hpp>
#include <charconv>

#include "beckon/json/reader.hpp"
#include "beckon/rules/rule_file.hpp"
#include "store/await.hpp"

namespace beckon::test {

std::string FakeConnection::take() {
  if (frames.empty()) return "";
  std::string frame = std::move(frames.front());
  frames.pop_front();
  return frame;
}

std::string FakeConnection::take_type(std::string_view type) {
  while (!frames.empty()) {
    std::string frame = take();
    if (field(frame, "type") == type) return frame;
  }
  return "";
}

std::shared_ptr<const core::SiteRules> compile_rules(std::string_view text, std::string_view site) {
  rules::CheckResult checked = rules::check(text);
  if (!checked.file) {
    std::string all;
    for (const auto& each : checked.diagnostics) all += rules::render(each, "rules", text);
    FAIL(all);
  }
  auto compiled = std::make_shared<core::SiteRules>();
  compiled->compiled = rules::RuleSet::compile(std::move(*checked.file), {std::string(site)});
  compiled->text = text;
  compiled->hash = std::to_string(std::hash<std::string_view>{}(text));
  return compiled;
}

std::shared_ptr<core::SiteSettings> site_settings(std::string_view rules) {
  auto settings = std::make_shared<core::SiteSettings>();
  settings->id = base::SiteId("shop");
  settings->rules = compile_rules(rules);
  settings->consent = core::ConsentMode::kGranted;
  return settings;
}

std::string field(std::string_view frame, std::string_view path) {
  const json::ParseResult parsed = json::parse(frame);
  if (!parsed.document) return "not JSON";
  const json::Value* value = &parsed.document->root();
  while (!path.empty() && value != nullptr) {
    const std::string_view name = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(path.size(), name.size() + 1));
    if (value->is(json::Type::kArray)) {
      std::size_t index = 0;
      std::from_chars(name.data(), name.data() + name.size(), index);
      value = value->first();
      while (value != nullptr && index-- > 0) value = value->next();
    } else {
      value = value->is(json::Type::kObject) ? value->find(name) : nullptr;
    }
  }
  if (value == nullptr) return "absent";
  if (value->is(json::Type::kString)) return std::string(value->string());
  return std::string(frame.substr(value->begin_offset(), value->end_offset() - value->begin_offset()));
}

// --- Tab

Tab::Tab(World& w, std::string t, std::string s) : world(w), tab(std::move(t)), session(std::move(s)) {
  session.resize(16, '-');
  upgrade.site = base::SiteId("shop");
  world.tabs.push_back(this);
}

Tab::~Tab() {
  disconnect();
  std::erase(world.tabs, this);
}

void Tab::connect() {
  disconnect();
  connection = std::make_unique<FakeConnection>();
  shard = &world.shard_of(visitor);
  link = &shard->attach(*connection, upgrade);
}

void Tab::disconnect() {
  if (link != nullptr) shard->detach(*link);
  link = nullptr;
}

std::string Tab::hello(std::string_view url, std::string_view more) {
  connect();
  std::string text = R"({"type":"hello","site":")" + upgrade.site.text();
  text.append(R"(","tab":")").append(tab).append(R"(","session":")").append(session).append("\"");
  if (!token.empty()) text.append(R"(,"token":")").append(token).append("\"");
  text.append(more).append(R"(,"page":{"url":")").append(url).append("\"}}");
  raw(text);
  const std::string welcome = connection->take();
  if (welcome.empty()) return "";
  CHECK(field(welcome, "type") == "welcome");
  visitor = field(welcome, "visitor");
  token = field(welcome, "token") == "absent" ? "" : field(welcome, "token");
  return welcome;
}

std::string Tab::resume(std::string_view url) { return hello(url, R"(,"resume":true)"); }

void Tab::send(std::string_view rest) {
  std::string text = R"({"id":)" + std::to_string(++id);
  text.append(",").append(rest).append("}");
  raw(text);
}

void Tab::events(std::string_view list) {
  std::string text = R"("type":"events","events":[)";
  text.append(list).append("]");
  send(text);
}

void Tab::raw(std::string_view text) {
  shard->receive(*link, text);
  world.pump();
}

std::string Tab::next() {
  std::string frame = connection->take();
  while (field(frame, "type") == "ack") frame = connection->take();
  return frame;
}

// --- World

World::World(std::string_view rules, core::ShardLimits l) : World(site_settings(rules), l) {}

World::World(std::shared_ptr<core::SiteSettings> settings, core::ShardLimits l, std::uint32_t shards)
    : site(std::move(settings)), limits(l), log(base::LogLevel::kDebug, base::LogFormat::kText, log_text),
      store(store::make_memory_store()), count_(shards) {
  start();
}

World::~World() {
  for (Tab* const tab : tabs) tab->link = nullptr;
}

void World::start() {
  tasks_ = std::make_shared<std::deque<store::Task>>();
  const store::Poster post = [tasks = tasks_](store::Task task) { tasks->push_back(std::move(task)); };
  for (std::uint32_t i = 0; i < count_; ++i) {
    core::ShardOptions options{i, count_, key_, limits};
    shards_.push_back(std::make_unique<core::Shard>(options, clock, *store, *bus, log, post));
    shards_.back()->put_site(site);
  }
}

core::Shard& World::shard_of(std::string_view hint) { return *shards_[core::shard_of_request(hint, 0, count_)]; }

base::Instant World::next_deadline() const {
  base::Instant next = base::kNever;
  for (const auto& shard : shards_) next = std::min(next, shard->next_deadline());
  return next;
}

void World::pump() {
  while (store_answers && !tasks_->empty()) step();
  for (Tab* const tab : tabs) {
    if (tab->link == nullptr || !tab->answers_pings || tab->connection->pings == tab->connection->pongs) continue;
    tab->connection->pongs = tab->connection->pings;
    tab->shard->pong(*tab->link);
  }
}

void World::step() {
  REQUIRE_FALSE(tasks_->empty());
  const auto next = answers_reversed ? tasks_->end() - 1 : tasks_->begin();
  const store::Task task = std::move(*next);
  tasks_->erase(next);
  task();
}

void World::pass(base::Duration by) {
  const base::Instant end = clock.now() + by;
  while (next_deadline() <= end) {
    clock.set(std::max(clock.now(), next_deadline()));
    for (const auto& shard : shards_) shard->run_due();
    pump();
  }
  clock.set(end);
}

void World::put_rules(std::string_view rules) {
  auto changed = std::make_shared<core::SiteSettings>(*site);
  changed->rules = compile_rules(rules);
  site = changed;
  for (const auto& shard : shards_) shard->put_site(site);
}

void World::restart(base::Duration down) {
  std::size_t done = 0;
  for (const auto& shard : shards_) shard->stop([&] { ++done; });
  pump();
  CHECK(done == shards_.size());
  for (Tab* const tab : tabs) tab->disconnect();
  clock.advance(down);
  crash();
}

void World::crash() {
  stop_shards();
  start();
}

void World::stop_shards() {
  for (Tab* const tab : tabs) tab->link = nullptr;
  shards_.clear();
}

std::vector<std::string> World::journal() {
  pass(core::kBatchWithin + 1ms);
  return store::await<store::JournalPage>([&](const store::Poster& post, store::Callback<store::JournalPage> done) {
           store->read_journal(site->id, {}, {}, 10'000, post, std::move(done));
         })
      ->lines;
}

std::vector<store::RuleResult> World::results() {
  pass(core::kBatchWithin + 1ms);
  using Results = std::vector<store::RuleResult>;
  return *store::await<Results>([&](const store::Poster& post, store::Callback<Results> done) {
    store->results(site->id, {}, post, std::move(done));
  });
}

std::string World::export_of(std::string_view visitor) {
  pass(core::kBatchWithin + 1ms);
  auto exported = store::await<std::string>([&](const store::Poster& post, store::Callback<std::string> done) {
    store->export_visitor(site->id, base::VisitorId(visitor), post, std::move(done));
  });
  return exported ? *exported : std::string(base::name_of(exported.error().code));
}

}  // namespace beckon::test
