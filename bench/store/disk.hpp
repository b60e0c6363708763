// What the disk alone takes: the measure that the store's latencies are compared with.
#pragma once

#include <filesystem>
#include <vector>

namespace beckon::bench {

// Writes 24 KiB behind the last and flushes it, `times` times; milliseconds of each.
[[nodiscard]] std::vector<double> flush_times(const std::filesystem::path& folder, int times);

}  // namespace beckon::bench
