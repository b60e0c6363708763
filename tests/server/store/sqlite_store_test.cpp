// What SQLite's store promises beyond what every store does: that it lasts, stays small, and leaves no trace.
#include <sqlite3.h>

#include <fstream>
#include <set>
#include <thread>

#include "fixture.hpp"
#include "store/erase_request.hpp"
#include "store/migrations.hpp"
#include "store/reader.hpp"

namespace beckon::store {
namespace {

std::uintmax_t wal_file_bytes(const TempDir& dir) {
  std::error_code none;
  const auto size = std::filesystem::file_size(dir.path() / "beckon.db-wal", none);
  return none ? 0 : size;
}

// Looks again and again until it is so; gives up after ten seconds.
template <class Condition>
bool becomes(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_CASE("sqlite: everything is there after the store was closed, without a flush") {
  TempDir dir;
  {
    auto store = open(dir);
    CHECK(store->latest_instant() == Instant::min());
    store->save_visitor(kShop, record(kAnna, R"({"visits":3})"));
    Batch batch = lines({line(1, at(5), kAnna, "a line")});
    batch.offers.push_back(offer("o_1", OfferStage::kEligible, at(5), "cart-help"));
    store->record(kShop, batch);
    REQUIRE(Waiting(*store).save_setting(kServer, "salt", "s"));
  }
  auto store = open(dir);
  Waiting call(*store);
  CHECK(call.load(kShop, kAnna)->snapshot == R"({"visits":3})");
  CHECK(call.journal(kShop) == std::vector<std::string>{"a line"});
  CHECK(call.results(kShop).at(0).eligible == 1);
  CHECK(call.setting(kServer, "salt") == "s");
  CHECK(store->latest_instant() == at(5));
}

TEST_CASE("sqlite: rows of the same instant in two runs are all kept") {
  TempDir dir;
  for (int run = 0; run < 3; ++run) {
    auto store = open(dir);
    std::vector<JournalRow> rows;
    for (std::uint64_t i = 0; i < 100; ++i) rows.push_back(line(i, at(1), kAnna, "line"));
    store->record(kShop, lines(rows));
  }
  auto store = open(dir);
  CHECK(Waiting(*store).journal(kShop).size() == 300);
}

TEST_CASE("sqlite: instants before 1970 and beyond the keys' end are kept, at the edges") {
  TempDir dir;
  auto store = open(dir);
  store->record(
      kShop, lines({line(1, rules::at_ms(-5), kAnna, "early"), line(2, rules::at_ms(INT64_MAX / 2), kAnna, "late")}));
  CHECK(Waiting(*store).journal(kShop) == std::vector<std::string>{"early", "late"});
}

TEST_CASE("sqlite: a run that did not end in order shows") {
  TempDir dir;
  {
    auto store = open(dir);
    Waiting call(*store);
    REQUIRE(call.end_run(call.begin_run("0.1.0", at(1)).number, at(2)));
    call.begin_run("0.1.0", at(3));
  }
  auto reader = Reader::open(dir.path());
  REQUIRE(reader);
  const auto runs = (*reader)->runs();
  REQUIRE(runs);
  REQUIRE(runs->size() == 2);
  CHECK((*runs)[0].stopped == at(2));
  CHECK_FALSE((*runs)[1].stopped);
}

TEST_CASE("sqlite: a second server on the same data is refused, and says who has it") {
  TempDir dir;
  auto store = open(dir);
  SqliteOptions options;
  options.dir = dir.path();
  const auto second = open_sqlite_store(options);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::ErrorCode::kConflict);
  CHECK(second.error().message == "the data directory " + dir.path().string() +
                                      " is in use by another beckon (process " + std::to_string(getpid()) + ")");
  store.reset();
  CHECK(open_sqlite_store(options));
}

TEST_CASE("sqlite: what cannot be opened is one clear line") {
  TempDir dir;
  SqliteOptions options;
  options.dir = dir.path();
  const auto file = dir.path() / "beckon.db";
  SECTION("a directory below a file") {
    std::ofstream(dir.path() / "file") << "x";
    options.dir = dir.path() / "file" / "data";
    const auto opened = open_sqlite_store(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == base::ErrorCode::kUnavailable);
    CHECK(opened.error().message == "cannot write " + options.dir.string() + ": Not a directory");
  }
  SECTION("the database is a directory") {
    std::filesystem::create_directory(file);
    const auto opened = open_sqlite_store(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message == "the database " + file.string() + " cannot be opened");
  }
  SECTION("no database") {
    std::ofstream(file) << std::string(8192, 'x');
    const auto opened = open_sqlite_store(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == base::ErrorCode::kCorrupt);
    CHECK(opened.error().message == file.string() + " is not a database");
  }
  SECTION("somebody else's database") {
    {
      auto db = Database::open(file, Access::kReadWrite);
      REQUIRE(db);
      (*db)->run("CREATE TABLE other (x)");
    }
    const auto opened = open_sqlite_store(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == base::ErrorCode::kCorrupt);
  }
  SECTION("of a later version") {
    open(dir).reset();
    {
      auto db = Database::open(file, Access::kReadWrite);
      (*db)->run("PRAGMA user_version=999");
    }
    const auto opened = open_sqlite_store(options);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == base::ErrorCode::kTooNew);
    CHECK(Reader::open(dir.path()).error().code == base::ErrorCode::kTooNew);
  }
  SECTION("locked by another program") {
    open(dir).reset();
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &other) == SQLITE_OK);
    sqlite3_exec(other, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE x (y)", nullptr, nullptr,
                 nullptr);
    const auto opened = open_sqlite_store(options);
    sqlite3_close(other);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().message == "the database " + file.string() + " is locked by another process");
  }
}

TEST_CASE("sqlite: a reader of an empty directory says so and makes nothing") {
  TempDir dir;
  const auto reader = Reader::open(dir.path());
  REQUIRE_FALSE(reader);
  CHECK(reader.error().code == base::ErrorCode::kNotFound);
  CHECK(std::filesystem::is_empty(dir.path()));
}

TEST_CASE("sqlite: the data directory is its user's alone") {
  TempDir dir;
  SqliteOptions options;
  options.dir = dir.path() / "new" / "data";
  REQUIRE(open_sqlite_store(options));
  CHECK(std::filesystem::status(options.dir).permissions() == std::filesystem::perms::owner_all);
}

TEST_CASE("migrations: a database of every earlier version is brought up to date, and what was in it stays") {
  for (int version = 0; version <= latest_version(); ++version) {
    TempDir dir;
    {
      auto db = Database::open(dir.path() / "beckon.db", Access::kReadWrite);
      REQUIRE(db);
      REQUIRE(migrate(**db, version));
      CHECK((*db)->number("PRAGMA user_version") == version);
      if (version >= 1) {
        (*db)->run(
            "INSERT INTO site (number, id) VALUES (1, 'shop');"
            "INSERT INTO visitor (site, id, snapshot, first_seen, last_seen) VALUES (1, 'v_anna', '{}', 1, 2);"
            "INSERT INTO journal (id, site, shard, seq, visitor, line) VALUES (2097152, 1, 0, 1, 'v_anna', 'a line')");
        REQUIRE((*db)->status());
      }
    }
    auto store = open(dir);
    Waiting call(*store);
    CHECK(call.load(kShop, kAnna).has_value() == (version >= 1));
    CHECK(call.journal(kShop).size() == (version >= 1 ? 1 : 0));
    REQUIRE(call.add(kShop, callback("k", at(1), "1")));
  }
}

TEST_CASE("migrations: callbacks of version 1 become tasks, and their keys stay known") {
  TempDir dir;
  {
    auto db = Database::open(dir.path() / "beckon.db", Access::kReadWrite);
    REQUIRE(db);
    REQUIRE(migrate(**db, 1));
    (*db)->run(
        "INSERT INTO site (number, id) VALUES (1, 'shop'), (2, 'blog');"
        "INSERT INTO callback (site, key, offer, rule, visitor, t, phone, name, page) VALUES"
        " (1, 's:4', 'o_1', 'call-us', 'v_anna', 1800000001000, '+33 1', 'Anna', '/cart'),"
        " (2, 's:4', 'o_1', 'call-us', 'v_anna', 1800000001000, '+33 2', 'Anna', '/cart'),"
        " (1, 's:5', 'o_2', 'call-us', 'v_bert', 1800000002000, '+33 3', 'Bert', '/')");
    REQUIRE((*db)->status());
  }
  auto store = open(dir);
  Waiting call(*store);
  const TaskPage page = call.tasks(kShop);
  REQUIRE(page.rows.size() == 2);
  CHECK(page.change == 2);
  TaskRow expected = callback("s:4", at(1), "+33 1");
  expected.page_path = "/cart";
  expected.id = page.rows[0].id;
  expected.change = 1;
  CHECK(page.rows[0] == expected);
  CHECK(base::is_task_id(page.rows[0].id.text()));
  CHECK(page.rows[1].id != page.rows[0].id);
  CHECK(page.rows[1].name == "Bert");
  CHECK(call.tasks(kBlog).rows.at(0).phone == "+33 2");
  CHECK(*call.add(kShop, callback("s:4", at(1), "+33 1")) == Added::kDuplicate);
  CHECK(*call.add(kShop, callback("s:6", at(1), "+33 1")) == Added::kNew);
  CHECK(call.tasks(kShop).change == 3);
  CHECK(call.open(kShop, waiting())->change == 4);
}

TEST_CASE("migrations: numbered without a gap") {
  for (int i = 0; i < latest_version(); ++i) CHECK(migrations()[static_cast<std::size_t>(i)].version == i + 1);
}

// A conversation of the visitor, and of another, with messages, a file, a task, a context: all with the canary.
void say_around(Waiting& call, const base::VisitorId& hidden, const std::string& canary) {
  Conversation fresh = waiting(hidden);
  fresh.name = fresh.email = canary;
  fresh.context = "{\"text\":\"" + canary + "\"}";
  const auto mine = call.open(kShop, fresh)->id, other = call.open(kShop, waiting(kBert))->id;
  for (int i = 0; i < 300; ++i) {
    const auto size = static_cast<std::size_t>(i * 37 % 3000);
    REQUIRE(call.append(kShop, mine, said(canary + std::to_string(i), canary + std::string(size, 'C'))));
    REQUIRE(call.append(kShop, other, said(std::to_string(i), "other" + std::string(size, 'o'))));
  }
  FileRecord file = picture(hidden);
  file.name = canary;
  REQUIRE(call.add_file(kShop, file, canary + std::string(100'000, 'C')));
  NewMessage message = said("file", "");
  message.kind = MessageKind::kFile;
  message.file = file.id;
  REQUIRE(call.append(kShop, mine, message));
  FileRecord unsaid = picture(hidden);
  REQUIRE(call.add_file(kShop, unsaid, canary));
  TaskRow task = callback(canary, at(1), canary, hidden);
  task.text = canary;
  REQUIRE(call.add(kShop, task));
}

TEST_CASE("sqlite: an erased visitor's canary is in no file, whatever was written around it") {
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  const std::string canary = "CANARY-7f3a";
  const base::VisitorId hidden("v_" + canary);
  // Rows of many sizes, so that pages are split, balanced and freed around the ones that go.
  for (int round = 0; round < 200; ++round) {
    const bool mine = round % 3 == 0;
    const base::VisitorId who = mine ? hidden : base::VisitorId("v_" + std::to_string(round));
    const std::string text =
        (mine ? canary : "other") + std::string(static_cast<std::size_t>(round * 37 % 3000), mine ? 'C' : 'o');
    VisitorRecord visitor = record(who, "{\"text\":\"" + text + "\"}");
    visitor.identity = mine ? canary : "someone-" + std::to_string(round);
    store->save_visitor(kShop, visitor);
    Batch batch = lines({line(static_cast<std::uint64_t>(round), at(round), who, "{\"text\":\"" + text + "\"}")});
    batch.decisions.push_back({at(round), who, base::TabId("t"), base::RuleId("r"), rules::Verdict::kLimit, "", text});
    batch.offers.push_back(
        offer("o_" + text.substr(0, 40), OfferStage::kEligible, at(round), "r", OfferGroup::kTreated, who));
    store->record(kShop, batch);
    REQUIRE(call.add(kShop, callback("k" + std::to_string(round), at(round), text.substr(0, 60), who)));
    REQUIRE(call.add(kShop, survey("k" + std::to_string(round), at(round), 1, who)));
    // Others go in between, which leaves free pages.
    if (round % 50 == 49) REQUIRE(call.erase(kShop, base::VisitorId("v_" + std::to_string(round))));
  }
  REQUIRE(call.flush());
  say_around(call, hidden, canary);
  REQUIRE(holds(dir, canary));
  REQUIRE(call.erase(kShop, hidden));
  CHECK_FALSE(holds(dir, canary));
  CHECK_FALSE(holds(dir, "CCCCCCCCCCCCCCCC"));
  CHECK(wal_file_bytes(dir) == 0);
  CHECK(call.journal(kShop).size() > 100);
  // Its cached pages hold nothing either that could come back with others' rows.
  for (int i = 0; i < 100; ++i) {
    const auto other = call.conversation_of(kShop, kBert)->id;
    REQUIRE(call.append(kShop, other, said("later" + std::to_string(i), std::string(1'000, 'o'))));
  }
  CHECK_FALSE(holds(dir, canary));
  CHECK((*Reader::open(dir.path()))->check_integrity().empty());
  store.reset();
  CHECK_FALSE(holds(dir, canary));
}

TEST_CASE("sqlite: an erasure waits for a reader that holds the log, and then leaves no trace") {
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  store->record(kShop, lines({line(1, at(1), kAnna, "CANARY")}));
  REQUIRE(call.flush());
  sqlite3* reader = nullptr;
  REQUIRE(sqlite3_open_v2((dir.path() / "beckon.db").c_str(), &reader, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM journal", nullptr, nullptr, nullptr);
  std::promise<bool> erased;
  auto answer = erased.get_future();
  store->erase(kShop, kAnna, [](Task task) { task(); }, [&](base::Status how) { erased.set_value(how.ok()); });
  // Meanwhile others write.
  REQUIRE(call.add(kShop, callback("k", at(1), "1", kBert)));
  CHECK(answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  sqlite3_close(reader);
  CHECK(answer.get());
  CHECK_FALSE(holds(dir, "CANARY"));
}

TEST_CASE("sqlite: a command has a running server erase a visitor, who then is not kept again") {
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  store->save_visitor(kShop, record(kAnna, "CANARY"));
  store->record(kShop, lines({line(1, at(1), kAnna, "CANARY"), line(2, at(1), kBert, "bert")}));
  REQUIRE(request_erase(dir.path(), kShop, kAnna, std::chrono::seconds(20)));
  CHECK_FALSE(holds(dir, "CANARY"));
  // Its shard does not know yet.
  store->save_visitor(kShop, record(kAnna, "CANARY"));
  store->record(kShop, lines({line(3, at(2), kAnna, "CANARY"), line(4, at(2), kBert, "bert")}));
  REQUIRE(call.flush());
  CHECK_FALSE(call.load(kShop, kAnna));
  CHECK(call.journal(kShop) == std::vector<std::string>{"bert", "bert"});
  CHECK(std::filesystem::is_empty(dir.path() / "erase"));
}

TEST_CASE("sqlite: a request that was there before the server started is done") {
  TempDir dir;
  open(dir)->save_visitor(kShop, record(kAnna, "CANARY"));
  std::filesystem::create_directory(dir.path() / "erase");
  std::ofstream(dir.path() / "erase" / "x.request") << "shop\nv_anna\n";
  auto store = open(dir);
  CHECK(becomes([&] { return std::filesystem::exists(dir.path() / "erase" / "x.done"); }));
  CHECK_FALSE(Waiting(*store).load(kShop, kAnna));
}

TEST_CASE("sqlite: without a server a request is not answered, and does not stay") {
  TempDir dir;
  const auto answer = request_erase(dir.path(), kShop, kAnna, std::chrono::milliseconds(1));
  CHECK(answer.error().message == "the server did not answer");
  CHECK(std::filesystem::is_empty(dir.path() / "erase"));
}

TEST_CASE("sqlite: the log is emptied when nothing is written") {
  TempDir dir;
  SqliteOptions options;
  options.idle_before_truncate = std::chrono::milliseconds(1);
  auto store = open(dir, options);
  store->record(kShop, lines({line(1, at(1), kAnna, std::string(100'000, 'x'))}));
  REQUIRE(Waiting(*store).flush());
  CHECK(becomes([&] { return wal_file_bytes(dir) == 0; }));
  CHECK(becomes([&] { return store->health().wal_bytes == 0; }));
}

TEST_CASE("sqlite: the log stays within 64 MB while visitors and reports read and 200 MB are written") {
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  const auto chat = call.open(kShop, waiting())->id;
  std::atomic<bool> stop{false};
  std::thread reads([&] {
    while (!stop) {
      (void)Waiting(*store).messages(kShop, chat, {.limit = 200});
      (void)store->health();
      (void)Waiting(*store).results(kShop);
    }
  });
  std::uintmax_t most = 0;
  std::uint64_t seq = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<JournalRow> rows;
    for (int j = 0; j < 100; ++j) rows.push_back(line(++seq, at(i), kAnna, std::string(10'000, 'x')));
    Batch batch = lines(rows);
    batch.offers.push_back(offer("o_1", OfferStage::kEligible, at(i), "r"));
    store->record(kShop, batch);
    REQUIRE(call.append(kShop, chat, said(std::to_string(i), std::string(kMaxMessageBytes, 'x'))));
    REQUIRE(call.flush());
    most = std::max(most, wal_file_bytes(dir));
  }
  stop = true;
  reads.join();
  CHECK(store->health().dropped_lines == 0);
  CHECK(most <= static_cast<std::uintmax_t>(kMaxWalBytes));
}

TEST_CASE("sqlite: rows that come one by one are committed in groups") {
  TempDir dir;
  auto store = open(dir);
  for (std::uint64_t i = 0; i < 2'000; ++i) store->record(kShop, lines({line(i, at(1), kAnna, "line")}));
  REQUIRE(Waiting(*store).flush());
  CHECK(store->health().rows == 2'000);
  CHECK(store->health().commits < 500);
}

TEST_CASE("reader: a copy is whole, sound, and can be served from") {
  TempDir dir, other;
  auto store = open(dir);
  store->record(kShop, lines({line(1, at(1), kAnna, "a line")}));
  REQUIRE(Waiting(*store).flush());
  auto reader = Reader::open(dir.path());
  REQUIRE(reader);
  CHECK((*reader)->check_integrity().empty());
  REQUIRE((*reader)->copy_to(other.path() / "beckon.db"));
  CHECK((*reader)->copy_to(other.path() / "beckon.db").error().code == base::ErrorCode::kConflict);
  auto copy = open(other);
  CHECK(Waiting(*copy).journal(kShop) == std::vector<std::string>{"a line"});
}

TEST_CASE("reader: damage is found") {
  TempDir dir;
  {
    auto store = open(dir);
    std::vector<JournalRow> rows;
    for (std::uint64_t i = 0; i < 2'000; ++i) rows.push_back(line(i, at(1), kAnna, std::string(200, 'x')));
    store->record(kShop, lines(rows));
  }
  {
    std::fstream file(dir.path() / "beckon.db", std::ios::in | std::ios::out | std::ios::binary);
    for (int page = 40; page < 60; ++page) {
      file.seekp(page * 4096);
      file << std::string(64, '\x5a');
    }
  }
  auto reader = Reader::open(dir.path());
  REQUIRE(reader);
  CHECK_FALSE((*reader)->check_integrity().empty());
}

}  // namespace
}  // namespace beckon::store
