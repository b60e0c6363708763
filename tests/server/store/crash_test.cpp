// A process that is killed while it writes: what it had acknowledged is there.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "fixture.hpp"

namespace beckon::store {
namespace {

// Writes callbacks 0, 1, 2… and tells the number of each, once acknowledged, through the pipe. Ends by being killed.
[[noreturn]] void write_until_killed(const TempDir& dir, int pipe_end) {
  SqliteOptions options;
  options.dir = dir.path();
  auto opened = open_sqlite_store(options);
  if (!opened) _exit(1);
  Waiting call(**opened);
  for (std::uint32_t i = 0;; ++i) {
    (*opened)->record(kShop, lines({line(i, at(i), kAnna, "line " + std::to_string(i))}));
    if (!call.add(kShop, callback(std::to_string(i), at(i), "1"))) _exit(1);
    if (write(pipe_end, &i, sizeof i) != sizeof i) _exit(1);
  }
}

TEST_CASE("crash: after kill -9 every acknowledged row is there once, with the lines recorded before it") {
  for (int cycle = 0; cycle < 5; ++cycle) {
    TempDir dir;
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(dir, ends[1]);
    close(ends[1]);
    std::uint32_t last = 0, number = 0;
    const std::uint32_t enough = 20 + static_cast<std::uint32_t>(cycle) * 7;
    while (last < enough && read(ends[0], &number, sizeof number) == sizeof number) last = number;
    kill(child, SIGKILL);
    // What it told before it died counts too.
    while (read(ends[0], &number, sizeof number) == sizeof number) last = number;
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));

    auto store = open(dir);
    Waiting call(*store);
    for (std::uint32_t i = 0; i <= last; ++i)
      CHECK(*call.add(kShop, callback(std::to_string(i), at(i), "1")) == Added::kDuplicate);
    const std::vector<std::string> journal = call.journal(kShop);
    REQUIRE(journal.size() >= last + 1);
    for (std::uint32_t i = 0; i <= last; ++i) CHECK(journal[i] == "line " + std::to_string(i));
  }
}

// Says things in two conversations at once, and tells through the pipe which were acknowledged with which sequence.
struct Told {
  std::uint32_t conversation = 0, number = 0;
  std::uint64_t seq = 0;
};
[[noreturn]] void say_until_killed(const TempDir& dir, int pipe_end) {
  SqliteOptions options;
  options.dir = dir.path();
  auto opened = open_sqlite_store(options);
  if (!opened) _exit(1);
  const auto talk = [&](std::uint32_t which) {
    Waiting call(**opened);
    Conversation fresh = waiting(base::VisitorId("v_" + std::to_string(which)));
    fresh.id = base::ConversationId("c_" + std::to_string(which));
    if (!call.open(kShop, fresh)) _exit(1);
    for (std::uint32_t i = 0;; ++i) {
      const auto appended = call.append(kShop, fresh.id, said(std::to_string(i), std::to_string(i)));
      if (!appended) _exit(1);
      const Told told{which, i, appended->seq};
      if (write(pipe_end, &told, sizeof told) != sizeof told) _exit(1);
    }
  };
  std::thread other(talk, 1);
  talk(0);
  _exit(1);
}

TEST_CASE("crash: after kill -9 every acknowledged message is there once, in order, under its sequence") {
  for (int cycle = 0; cycle < 5; ++cycle) {
    TempDir dir;
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) say_until_killed(dir, ends[1]);
    close(ends[1]);
    std::vector<Told> acknowledged;
    Told told;
    const std::size_t enough = 40 + static_cast<std::size_t>(cycle) * 7;
    while (acknowledged.size() < enough && read(ends[0], &told, sizeof told) == sizeof told) {
      acknowledged.push_back(told);
    }
    kill(child, SIGKILL);
    while (read(ends[0], &told, sizeof told) == sizeof told) acknowledged.push_back(told);
    close(ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));

    auto store = open(dir);
    Waiting call(*store);
    for (std::uint32_t which = 0; which < 2; ++which) {
      const base::ConversationId id("c_" + std::to_string(which));
      const auto kept = call.conversation(kShop, id);
      if (!kept) continue;  // it died before that one began
      std::vector<Message> all;
      for (std::uint64_t after = 0; after < kept->last_seq;) {
        const auto page =
            call.messages(kShop, id, {.after = after, .limit = 200, .order = MessageRange::From::kOldest});
        REQUIRE_FALSE(page.empty());
        all.insert(all.end(), page.begin(), page.end());
        after = page.back().seq;
      }
      REQUIRE(all.size() == kept->last_seq);
      for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].seq == i + 1);
        CHECK(all[i].body == std::to_string(i));
      }
      for (const Told& each : acknowledged) {
        if (each.conversation != which) continue;
        REQUIRE(each.seq <= all.size());
        CHECK(all[each.seq - 1].body == std::to_string(each.number));
        const Appended again = *call.append(kShop, id, said(std::to_string(each.number), "again"));
        CHECK(again.duplicate);
        CHECK(again.seq == each.seq);
      }
    }
  }
}

}  // namespace
}  // namespace beckon::store
