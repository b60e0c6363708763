// The shelf on which a replay keeps visitors between their visits.
#include "cli/file_shelf.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>

#include "cli/shelf_slots.hpp"

namespace beckon::cli {
namespace {

std::string id_of(int visitor) { return "visitor-" + std::to_string(visitor); }
std::string record_of(int visitor, int visit) {
  return R"({"visits":)" + std::to_string(visit) + R"(,"of":)" + std::to_string(visitor) + "}";
}

double resident_bytes() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * 4096;
}

TEST_CASE("a record is given back once, and the last one counts") {
  const auto shelf = make_file_shelf();
  std::string record;
  CHECK_FALSE(shelf->take("anna", record));
  shelf->put("anna", "one");
  shelf->put("anna", "two");
  REQUIRE(shelf->take("anna", record));
  CHECK(record == "two");
  CHECK_FALSE(shelf->take("anna", record));
}

TEST_CASE("a cleared shelf has nothing") {
  const auto shelf = make_file_shelf();
  shelf->put("anna", "one");
  shelf->clear();
  std::string record;
  CHECK_FALSE(shelf->take("anna", record));
  shelf->put("anna", "two");
  REQUIRE(shelf->take("anna", record));
  CHECK(record == "two");
}

TEST_CASE("more visitors than the table in memory has room for come back as they went, in little memory") {
  constexpr int kVisitors = 4 * static_cast<int>(ShelfSlots::kMostInMemory);
  const auto shelf = make_file_shelf();
  const double before = resident_bytes();
  for (int i = 0; i < kVisitors; ++i) shelf->put(id_of(i), record_of(i, 1));
  std::string record;
  for (int i = 0; i < kVisitors; i += 3) {  // some come again
    REQUIRE(shelf->take(id_of(i), record));
    REQUIRE(record == record_of(i, 1));
    shelf->put(id_of(i), record_of(i, 2));
  }
  CHECK_FALSE(shelf->take(id_of(kVisitors), record));
  for (int i = 0; i < kVisitors; ++i) {
    REQUIRE(shelf->take(id_of(i), record));
    REQUIRE(record == record_of(i, i % 3 == 0 ? 2 : 1));
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which keep what is freed
  CHECK(resident_bytes() - before < 8 << 20);                        // a table of theirs in memory would be 16 MiB
#endif
}

TEST_CASE("a table in a file keeps what is set in it, and is zero elsewhere") {
  ShelfSlots slots(2 * ShelfSlots::kMostInMemory);
  const std::size_t last = slots.size() - 1;
  for (const std::size_t index : {std::size_t{0}, std::size_t{31}, std::size_t{32}, last})
    slots.set(index, {index + 1, 7});
  for (const std::size_t index : {last, std::size_t{32}, std::size_t{31}, std::size_t{0}}) {
    CHECK(slots.get(index).hash == index + 1);
    CHECK(slots.get(index).place == 7);
  }
  CHECK(slots.get(1).place == 0);
  slots.set(1, {2, 8});  // of the block that is there
  CHECK(slots.get(1).place == 8);
}

}  // namespace
}  // namespace beckon::cli
