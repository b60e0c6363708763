// Where a page of the database may hold what was deleted.
#include "store/page_gap.hpp"

#include <catch2/catch.hpp>
#include <vector>

namespace beckon::store {
namespace {

using Page = std::vector<std::uint8_t>;

Page page_of(std::uint8_t kind, std::size_t cells, std::size_t content, std::size_t header = 0) {
  Page page(4096, 0);
  page[header] = kind;
  page[header + 3] = static_cast<std::uint8_t>(cells / 256);
  page[header + 4] = static_cast<std::uint8_t>(cells % 256);
  page[header + 5] = static_cast<std::uint8_t>(content / 256);
  page[header + 6] = static_cast<std::uint8_t>(content % 256);
  return page;
}

struct Case {
  const char* what;
  Page page;
  std::int64_t number;
  std::size_t begin, end;
};

TEST_CASE("page gap: between the cell pointers and the cells of a b-tree page, and nowhere else") {
  const Case cases[] = {
      {"a leaf of a table", page_of(13, 5, 700), 2, 18, 700},
      {"a leaf of an index", page_of(10, 5, 700), 2, 18, 700},
      {"an inner page of an index", page_of(2, 6, 700), 2, 24, 700},
      {"an inner page of a table", page_of(5, 6, 4000), 2, 24, 4000},
      {"the first page of the file", page_of(13, 5, 700, 100), 1, 118, 700},
      {"no cells", page_of(13, 0, 4096), 2, 8, 4096},
      {"no gap", page_of(13, 10, 28), 2, 0, 0},
      {"an overflow page", page_of(0, 5, 700), 2, 0, 0},
      {"an overflow page whose next is page 2^24", page_of(1, 5, 700), 2, 0, 0},
      {"a kind that is none", page_of(7, 5, 700), 2, 0, 0},
      {"cells that would begin among their pointers", page_of(13, 500, 700), 2, 0, 0},
      {"cells that would begin behind the page", page_of(13, 5, 5000), 2, 0, 0},
      {"cells that begin at 65,536, in a page that is smaller", page_of(13, 0, 0), 2, 0, 0},
      {"a page that is too small to be one", Page(10, 13), 2, 0, 0},
  };
  for (const Case& each : cases) {
    INFO(each.what);
    const PageGap gap = gap_of(each.page, each.number);
    CHECK(gap.begin == each.begin);
    CHECK(gap.end == each.end);
  }
  Page large(65'536, 0);
  large[0] = 13;
  CHECK(gap_of(large, 2).end == 65'536);
}

}  // namespace
}  // namespace beckon::store
