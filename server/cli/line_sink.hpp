// Where exported lines go: a stream, a file, a gzip file.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace beckon::cli {

// Thread safety: none.
class LineSink {
 public:
  virtual ~LineSink() = default;
  // Adds the line break itself.
  [[nodiscard]] virtual base::Status write(std::string_view line) = 0;
  // What was written is complete. Without it a file does not come to be.
  [[nodiscard]] virtual base::Status finish() = 0;
};

// `out` must outlive the sink.
[[nodiscard]] std::unique_ptr<LineSink> sink_to(std::ostream& out);
// Writes beside the file, and puts it in its place at finish(); to a device or a pipe, at once. gzip when the name ends
// in ".gz".
[[nodiscard]] base::Result<std::unique_ptr<LineSink>> sink_to(const std::filesystem::path& file);

}  // namespace beckon::cli
