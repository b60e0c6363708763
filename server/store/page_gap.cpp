#include "store/page_gap.hpp"

namespace beckon::store {
namespace {

constexpr std::size_t kFileHeaderBytes = 100;
constexpr std::uint8_t kInteriorIndex = 2, kInteriorTable = 5, kLeafIndex = 10, kLeafTable = 13;

std::size_t two_bytes(std::span<const std::uint8_t> page, std::size_t at) {
  return std::size_t{page[at]} * 256 + page[at + 1];
}

}  // namespace

PageGap gap_of(std::span<const std::uint8_t> page, std::int64_t page_number) {
  const std::size_t header = page_number == 1 ? kFileHeaderBytes : 0;
  if (page.size() < header + 12) return {};
  const std::uint8_t kind = page[header];
  const bool interior = kind == kInteriorIndex || kind == kInteriorTable;
  if (!interior && kind != kLeafIndex && kind != kLeafTable) return {};
  const std::size_t cells = two_bytes(page, header + 3), content = two_bytes(page, header + 5);
  const PageGap gap{header + (interior ? 12 : 8) + 2 * cells, content == 0 ? 65'536 : content};
  return gap.begin < gap.end && gap.end <= page.size() ? gap : PageGap{};
}

}  // namespace beckon::store
