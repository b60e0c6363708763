// A process that is killed while it writes: what it had acknowledged is there.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

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

}  // namespace
}  // namespace beckon::store
