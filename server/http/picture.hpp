// Pictures, read block by block as their formats say (PNG third edition, sections 5 and 11; GIF89a; JPEG, ITU-T T.81,
// annex B; WebP, RFC 9649), for their size and their end. Nothing is decoded.
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beckon::http {

struct Picture {
  std::uint32_t width = 0, height = 0;
  std::size_t bytes = 0;  // up to and with its last
};

// nullopt: not one of these from the first byte on, or broken off.
[[nodiscard]] std::optional<Picture> read_png(std::string_view content);
[[nodiscard]] std::optional<Picture> read_gif(std::string_view content);
[[nodiscard]] std::optional<Picture> read_jpeg(std::string_view content);
[[nodiscard]] std::optional<Picture> read_webp(std::string_view content);

}  // namespace beckon::http
