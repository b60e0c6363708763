// Chat on disks that fail or are full: nothing is acknowledged that is not kept, nothing is kept twice.
#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <thread>

#include "fault_vfs.hpp"
#include "fixture.hpp"
#include "store/pending_files.hpp"

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

std::size_t files_in(const TempDir& dir) {
  std::error_code none;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator at(dir.path() / "files", none), end; !none && at != end; ++at) ++count;
  return count;
}

TEST_CASE("fault: each write and sync failing once: a message is acknowledged only when it is kept, and once") {
  const fault::Scope scope;
  int faults = 0;
  for (int nth = 1; nth <= 40; ++nth) {
    INFO("operation " << nth);
    TempDir dir;
    std::vector<Appended> acknowledged;
    base::ConversationId id;
    {
      auto store = open(dir);
      Waiting call(*store);
      id = call.open(kShop, waiting())->id;
      fault::fail_nth(nth);
      for (int i = 1; i <= 8; ++i) {
        // As a client does: the same key again until it is acknowledged.
        auto appended = call.append(kShop, id, said(std::to_string(i), std::to_string(i)));
        for (; !appended; ++faults) {
          CHECK(appended.error().code == base::ErrorCode::kUnavailable);
          appended = call.append(kShop, id, said(std::to_string(i), std::to_string(i)));
        }
        CHECK(appended->seq == static_cast<std::uint64_t>(i));
        store->mark(kShop, id, {.operator_read = appended->seq});
      }
    }
    fault::heal();
    auto store = open(dir);
    Waiting call(*store);
    const auto all = call.messages(kShop, id);
    REQUIRE(all.size() == 8);
    for (std::size_t i = 0; i < 8; ++i) CHECK(all[i].body == std::to_string(i + 1));
    CHECK(call.conversation(kShop, id)->operator_read == 8);
  }
  CHECK(faults > 5);
}

TEST_CASE("fault: on a full disk what is said is refused, and taken under the same key when there is room") {
  const fault::Scope scope;
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  const auto id = call.open(kShop, waiting())->id;
  REQUIRE(call.append(kShop, id, said("1", "kept")));
  const std::uint64_t change = call.conversations(kShop).change;
  fault::fill_disk();
  CHECK(call.append(kShop, id, said("2", "refused")).error().code == base::ErrorCode::kUnavailable);
  CHECK(call.change(kShop, id, 1, assigned_to(kAda)).error().code == base::ErrorCode::kUnavailable);
  CHECK(call.open(kShop, waiting(kBert)).error().code == base::ErrorCode::kUnavailable);
  CHECK(call.add(kShop, callback("k", at(1), "1")).error().code == base::ErrorCode::kUnavailable);
  CHECK(call.add_file(kShop, picture(), "bytes").error().code == base::ErrorCode::kUnavailable);
  CHECK(files_in(dir) == 0);
  store->mark(kShop, id, {.operator_read = 1});
  CHECK(bodies(call.messages(kShop, id)) == std::vector<std::string>{"kept"});
  CHECK(call.conversation(kShop, id)->version == 1);
  fault::heal();
  CHECK(becomes([&] { return call.flush().ok(); }));
  CHECK(call.append(kShop, id, said("2", "refused"))->seq == 2);
  CHECK(call.change(kShop, id, 1, assigned_to(kAda))->operator_read == 1);
  CHECK(call.open(kShop, waiting(kBert)));
  CHECK(call.conversations(kShop).change == change + 4);
}

TEST_CASE("fault: marks and contexts beyond the bound are dropped and counted, durable calls are not") {
  const fault::Scope scope;
  TempDir dir;
  SqliteOptions options;
  options.max_pending_bytes = 20'000;
  auto store = open(dir, options);
  Waiting call(*store);
  const auto id = call.open(kShop, waiting())->id;
  fault::fill_disk();
  for (int i = 0; i < 100; ++i) store->save_context(kShop, id, std::string(1'000, ' '));
  CHECK(store->health().dropped_marks > 80);
  CHECK(store->health().pending_bytes <= options.max_pending_bytes);
  fault::heal();
  CHECK(becomes([&] { return call.flush().ok(); }));
  CHECK(call.append(kShop, id, said("1", "hello")));
  CHECK(call.conversation(kShop, id)->context.size() == 1'000);
}

TEST_CASE("fault: a file is on the disk before its row, and is not acknowledged before") {
  const fault::Scope scope;
  TempDir dir;
  auto store = open(dir);
  fault::hold();
  std::promise<bool> kept;
  auto answer = kept.get_future();
  const FileRecord file = picture();
  store->add_file(kShop, file, "bytes", [](Task task) { task(); },
                  [&](base::Result<FileRecord> how) { kept.set_value(how.ok()); });
  CHECK(becomes([&] { return std::filesystem::exists(dir.path() / "files" / file.id.text()); }));
  CHECK(answer.wait_for(std::chrono::seconds(0)) == std::future_status::timeout);
  fault::release();
  CHECK(answer.get());
  CHECK(Waiting(*store).load_file(file.id)->content == "bytes");
}

TEST_CASE("fault: a file that the disk has no room for is refused, and nothing of it stays") {
  TempDir dir;
  auto store = open(dir);
  Waiting call(*store);
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = 2 * 1024 * 1024;
  REQUIRE(setrlimit(RLIMIT_FSIZE, &small) == 0);
  const FileRecord file = picture();
  const auto refused = call.add_file(kShop, file, std::string(kMaxFileBytes, 'x'));
  REQUIRE(setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, old_handler);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::ErrorCode::kUnavailable);
  CHECK(files_in(dir) == 0);
  CHECK_FALSE(call.file(file.id));
  CHECK(call.add_file(kShop, file, std::string(kMaxFileBytes, 'x')));
}

TEST_CASE("files: what a process that died left behind is swept at the next start, and nothing else") {
  TempDir dir;
  FileRecord kept = picture();
  const auto orphan = dir.path() / "files" / base::new_file_id().text();
  {
    auto store = open(dir);
    REQUIRE(Waiting(*store).add_file(kShop, kept, "kept"));
    REQUIRE(Waiting(*store).add_file(kShop, picture(), "gone from the disk"));
  }
  std::filesystem::copy_file(dir.path() / "files" / kept.id.text(), orphan);
  std::filesystem::copy_file(orphan, orphan.string() + ".part");
  CHECK(files_in(dir) == 4);
  auto store = open(dir);
  CHECK(becomes([&] { return files_in(dir) == 2; }));
  CHECK_FALSE(std::filesystem::exists(orphan));
  CHECK(Waiting(*store).load_file(kept.id)->content == "kept");
}

TEST_CASE("files: messages of a conversation that was going when the process died go at the next start") {
  TempDir dir;
  base::ConversationId other;
  {
    auto store = open(dir);
    Waiting call(*store);
    const auto id = call.open(kShop, waiting())->id;
    other = call.open(kShop, waiting(kBert))->id;
    for (int i = 0; i < 20; ++i) {
      REQUIRE(call.append(kShop, id, said(std::to_string(i), "CANARY")));
      REQUIRE(call.append(kShop, other, said(std::to_string(i), "other")));
    }
  }
  {
    auto db = Database::open(dir.path() / "beckon.db", Access::kReadWrite);
    (*db)->run(
        "INSERT INTO doomed SELECT number FROM conversation WHERE visitor = 'v_anna';"
        "DELETE FROM conversation WHERE visitor = 'v_anna'");
    REQUIRE((*db)->status());
  }
  SqliteOptions options;
  options.idle_before_truncate = std::chrono::milliseconds(1);
  auto store = open(dir, options);
  CHECK(becomes([&] { return !holds(dir, "CANARY"); }));
  CHECK(Waiting(*store).messages(kShop, other).size() == 20);
}

TEST_CASE("files: one on its way when its visitor is erased is not kept, and one that comes later is") {
  PendingFiles pending;
  const VisitorKey anna{kShop, kAnna}, bert{kShop, kBert};
  const auto before = pending.begin(anna, 10), others = pending.begin(bert, 10);
  int pushed = 0;
  pending.erase(anna, [&] { ++pushed; });
  const auto after = pending.begin(anna, 10);
  CHECK_FALSE(pending.end(*before, [&] { ++pushed; }));
  CHECK(pending.end(*others, [&] { ++pushed; }));
  CHECK(pending.end(*after, [&] { ++pushed; }));
  CHECK(pushed == 3);
  // Its bound counts what is on its way.
  const auto most = pending.begin(anna, kMaxPendingFileBytes);
  REQUIRE(most);
  CHECK_FALSE(pending.begin(bert, 1));
  pending.give_up(*most);
  CHECK(pending.begin(bert, 1));
}

}  // namespace
}  // namespace beckon::store
