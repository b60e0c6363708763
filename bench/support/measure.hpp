// What every benchmark measures with.
#pragma once

#include <string>
#include <vector>

namespace beckon::bench {

// CPU time of the calling thread so far, in seconds.
[[nodiscard]] double thread_cpu_seconds();

// Of at least one value; of an even number the upper one of the two in the middle.
[[nodiscard]] double median(std::vector<double> values);
[[nodiscard]] double least(const std::vector<double>& values);
[[nodiscard]] double most(const std::vector<double>& values);
// The value that `share` (0 to 1) of the values do not exceed.
[[nodiscard]] double quantile(std::vector<double> values, double share);

// The load averages of the machine, as /proc/loadavg has them: "0.52 0.58 0.59".
[[nodiscard]] std::string load_of_machine();

// Writes a result to `file` ("" is nowhere).
void write_result(const std::string& file, const std::string& json);

// Says what is wrong and ends this program.
[[noreturn]] void fail(const std::string& what);

}  // namespace beckon::bench
