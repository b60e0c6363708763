#include "app/file_watch.hpp"

#include <catch2/catch.hpp>

#include "temporary_dir.hpp"

using beckon::app::FileWatch;
using beckon::test::TemporaryDir;

TEST_CASE("a file that stays as it is has not changed") {
  const TemporaryDir dir;
  FileWatch watch;
  watch.set({dir.write("a", "text"), dir / "missing"});
  CHECK_FALSE(watch.look());
  CHECK_FALSE(watch.look());
}

TEST_CASE("each change is seen once") {
  const TemporaryDir dir;
  const auto file = dir.write("a", "text");
  FileWatch watch;
  watch.set({file});
  SECTION("written in place") { dir.write("a", "other text"); }
  SECTION("replaced") { std::filesystem::rename(dir.write("b", "text"), file); }
  SECTION("deleted") { std::filesystem::remove(file); }
  SECTION("a folder in its place") {
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
  }
  CHECK(watch.look());
  CHECK_FALSE(watch.look());
}

TEST_CASE("a file that appears has changed") {
  const TemporaryDir dir;
  FileWatch watch;
  watch.set({dir / "a"});
  dir.write("a", "");
  CHECK(watch.look());
}

TEST_CASE("a file that is watched already keeps what was seen of it") {
  const TemporaryDir dir;
  const auto file = dir.write("a", "text");
  FileWatch watch;
  watch.set({file});
  dir.write("a", "changed before the next set");
  watch.set({file, dir / "b"});
  CHECK(watch.look());
}
