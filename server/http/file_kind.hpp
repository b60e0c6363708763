// What a file that somebody sends really is, by its content: what it is called and what its sender says do not count. Of
// a few kinds alone, each read from its first to its last byte, so that nothing hides in front of it, behind it or, as
// markup, inside it.
//
// Thread safety: pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace beckon::http {

struct FileKind {
  std::string_view type;           // "image/png"
  std::string_view extension;      // ".png"
  std::uint32_t width = 0, height = 0;  // of pictures, in pixels
  std::size_t bytes = 0;           // what of the content is the file; the rest is to be cut off
};

// Beyond, a picture is refused: whoever looks at it would need gigabytes.
inline constexpr std::uint32_t kMaxPictureSide = 12'000;
inline constexpr std::uint64_t kMaxPicturePixels = 60'000'000;

// PNG, JPEG, GIF, WebP, PDF, or plain text in UTF-8; or why the content is none of them, as a sentence without a full
// stop. Behind the end of a JPEG, where cameras leave previews and films, everything is cut off.
[[nodiscard]] std::variant<FileKind, std::string> kind_of(std::string_view content);

// Whether files of that type are shown where they are, as pictures; everything else is to be saved.
[[nodiscard]] bool is_shown(std::string_view type);

// The last part of a path, without control and direction characters, at most 100 bytes, and with the kind's own
// extension: "../../x.html" of a PNG is "x.html.png". Never empty.
[[nodiscard]] std::string file_name(std::string_view said, const FileKind& kind);

}  // namespace beckon::http
