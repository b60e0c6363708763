// Disks that fail, are full, or are slow: no false acknowledgement, nothing blocks, what is lost is said.
#include "fault_vfs.hpp"

#include <set>
#include <thread>

#include "fixture.hpp"

namespace beckon::store {
namespace {

template <class Condition>
bool becomes(Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST_CASE("fault: each write and each sync failing once never makes a false acknowledgement, and the store goes on") {
  const fault::Scope scope;
  int faults = 0;
  for (int nth = 1;; ++nth) {
    INFO("operation " << nth);
    TempDir dir;
    std::set<std::string> kept;
    int refused = 0;
    {
      auto store = open(dir);
      Waiting call(*store);
      fault::fail_nth(nth);
      for (int i = 0; i < 6; ++i) {
        const std::string key = std::to_string(i);
        store->record(kShop, lines({line(static_cast<std::uint64_t>(i), at(i), kAnna, "line " + key)}));
        if (call.add(kShop, callback(key, at(i), key))) kept.insert(key);
        else ++refused;
      }
      CHECK(call.add(kShop, callback("after", at(20), "after")).ok());
      CHECK(store->health().writable);
    }
    fault::heal();
    auto store = open(dir);
    Waiting call(*store);
    for (const std::string& key : kept) CHECK(*call.add(kShop, callback(key, at(1), key)) == Added::kDuplicate);
    // Journal lines are written behind: none may be missing.
    CHECK(call.journal(kShop).size() == 6);
    CHECK(refused <= 1);
    faults += refused;
    if (nth == 32) break;
  }
  CHECK(faults > 10);
}

TEST_CASE("fault: on a full disk durable calls say so, reads go on, and what waits is kept when there is room again") {
  const fault::Scope scope;
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  REQUIRE(call.save_setting(kServer, "salt", "old"));
  fault::fill_disk();

  store->record(kShop, lines({line(1, at(1), kAnna, "while full")}));
  store->save_visitor(kShop, record(kAnna, R"({"visits":1})"));
  const auto refused = call.add(kShop, callback("k", at(1), "1"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::ErrorCode::kUnavailable);
  CHECK(refused.error().message == "no space left for the database " + (dir.path() / "beckon.db").string());
  CHECK_FALSE(call.flush());
  CHECK_FALSE(call.erase(kShop, kBert));
  CHECK_FALSE(store->health().writable);
  CHECK(store->health().problem == refused.error().message);
  CHECK(call.setting(kServer, "salt") == "old");
  CHECK(call.load(kShop, kAnna)->snapshot == R"({"visits":1})");
  store->save_visitor(kShop, record(kAnna, R"({"visits":2})"));

  fault::heal();
  CHECK(becomes([&] { return store->health().writable; }));
  REQUIRE(call.flush());
  CHECK(*call.add(kShop, callback("k", at(1), "1")) == Added::kNew);
  CHECK(call.journal(kShop) == std::vector<std::string>{"while full"});
  store.reset();
  store = open(dir);
  CHECK(Waiting(*store).load(kShop, kAnna)->snapshot == R"({"visits":2})");
}

TEST_CASE("fault: a store that cannot write takes no more than its bound, and a gap stands for what was lost") {
  const fault::Scope scope;
  TempDir dir;
  SqliteOptions options;
  options.max_pending_bytes = 100'000;
  auto store = open(dir, options);
  Waiting call(*store);
  REQUIRE(call.save_setting(kShop, "made", "the site has its number"));
  fault::fill_disk();
  for (int i = 0; i < 1'000; ++i) {
    store->record(kShop,
                  lines({line(static_cast<std::uint64_t>(i), at(i), kAnna, "{\"n\":" + std::to_string(i) + "}")}));
    CHECK(store->health().pending_bytes <= options.max_pending_bytes);
  }
  const std::uint64_t lost = store->health().dropped_lines;
  CHECK(lost > 0);
  CHECK(lost < 1'000);
  fault::heal();
  CHECK(becomes([&] { return call.flush().ok(); }));
  store->record(kShop, lines({line(1'000, at(1'000), kAnna, "{\"n\":1000}")}));

  const std::vector<std::string> journal = call.journal(kShop);
  const std::size_t before = 1'000 - lost;
  REQUIRE(journal.size() == before + 2);
  for (std::size_t i = 0; i < before; ++i) CHECK(journal[i] == "{\"n\":" + std::to_string(i) + "}");
  CHECK(journal[before] ==
        "{\"t\":" + std::to_string(rules::to_ms(at(static_cast<std::int64_t>(before)))) + ",\"type\":\"gap\"}");
  CHECK(journal.back() == "{\"n\":1000}");
}

TEST_CASE("fault: a loss after a loss, with lines kept between, has a gap of its own") {
  const fault::Scope scope;
  TempDir dir;
  SqliteOptions options;
  options.max_pending_bytes = 1'000;
  auto store = open(dir, options);
  fault::fill_disk();
  const std::string large(2'000, 'x');
  store->record(kShop, lines({line(1, at(1), kAnna, "{\"n\":1}")}));
  store->record(kShop, lines({line(2, at(2), kAnna, large)}));
  store->record(kShop, lines({line(3, at(3), kAnna, large)}));
  store->record(kShop, lines({line(4, at(4), kAnna, "{\"n\":4}")}));
  store->record(kShop, lines({line(5, at(5), kAnna, large)}));
  store->record(kBlog, lines({line(6, at(6), kAnna, "{\"n\":6}")}));
  CHECK(store->health().dropped_lines == 3);
  fault::heal();
  CHECK(becomes([&] { return Waiting(*store).flush().ok(); }));
  const auto gap = [](int t) { return "{\"t\":" + std::to_string(rules::to_ms(at(t))) + ",\"type\":\"gap\"}"; };
  const std::vector<std::string> all{"{\"n\":1}", gap(2), "{\"n\":4}", gap(5)};
  CHECK(becomes([&] { return Waiting(*store).journal(kShop) == all; }));
  CHECK(Waiting(*store).journal(kBlog) == std::vector<std::string>{"{\"n\":6}"});
}

TEST_CASE("fault: while the disk is slow nothing blocks, durable calls beyond their bound are refused at once") {
  const fault::Scope scope;
  TempDir dir;
  SqliteOptions options;
  options.max_pending_durable = 3;
  auto store = open(dir, options);
  fault::hold();
  std::vector<std::future<base::Result<Added>>> answers;
  for (int i = 0; i < 5; ++i) {
    auto promise = std::make_shared<std::promise<base::Result<Added>>>();
    answers.push_back(promise->get_future());
    store->add_task(kShop, callback(std::to_string(i), at(i), "1"), [](Task task) { task(); },
                    [promise](base::Result<Added> how) { promise->set_value(std::move(how)); });
  }
  store->record(kShop, lines({line(1, at(1), kAnna, "line")}));
  for (std::size_t i = 3; i < 5; ++i) CHECK(answers[i].get().error().code == base::ErrorCode::kOverloaded);
  CHECK(store->health().refused == 2);
  CHECK(answers[0].wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  fault::release();
  for (std::size_t i = 0; i < 3; ++i) CHECK(answers[i].get().ok());
}

TEST_CASE("fault: visitors beyond the bound are dropped and counted, and a visitor who waits already is not") {
  const fault::Scope scope;
  TempDir dir;
  SqliteOptions options;
  options.max_pending_visitors = 2;
  auto store = open(dir, options);
  fault::fill_disk();
  store->save_visitor(kShop, record(kAnna, "1"));
  store->save_visitor(kShop, record(kBert, "1"));
  store->save_visitor(kShop, record(base::VisitorId("v_carl"), "1"));
  store->save_visitor(kShop, record(kAnna, "2"));
  CHECK(store->health().dropped_visitors == 1);
  fault::heal();
  CHECK(becomes([&] { return Waiting(*store).flush().ok(); }));
  CHECK(Waiting(*store).load(kShop, kAnna)->snapshot == "2");
  CHECK_FALSE(Waiting(*store).load(kShop, base::VisitorId("v_carl")));
}

}  // namespace
}  // namespace beckon::store
