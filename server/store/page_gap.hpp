// What SQLite's secure_delete leaves behind. Deleted cells are overwritten, but when a page is rebuilt (3.40.1: rebuildPage,
// copyNodeContent in btree.c) copies of cells that moved stay in its unallocated gap, between the cell pointers and
// the first cell; https://www.sqlite.org/fileformat2.html#b_tree_pages describes the page.
//
// Thread safety: functions without state.
#pragma once

#include <cstdint>
#include <span>

namespace beckon::store {

// Where the gap of a b-tree page is, from the page's first byte on; empty for a page that is none, or that makes no
// sense. `page_number` counts from 1: the first page begins with the file's header of 100 bytes. The other kinds of
// page begin with the upper byte of a page number: below kMaxScrubPages none is taken for a b-tree page.
struct PageGap {
  std::size_t begin = 0, end = 0;
};
[[nodiscard]] PageGap gap_of(std::span<const std::uint8_t> page, std::int64_t page_number);

inline constexpr std::int64_t kMaxScrubPages = 0x0200'0000;

}  // namespace beckon::store
