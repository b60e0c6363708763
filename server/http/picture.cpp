#include "http/picture.hpp"

#include <algorithm>

namespace beckon::http {
namespace {

// Reads on, and remembers when there was not enough.
class Bytes {
 public:
  explicit Bytes(std::string_view content) : content_(content) {}

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ == content_.size(); }

  std::string_view take(std::size_t count) {
    if (count > content_.size() - at_) {
      good_ = false;
      at_ = content_.size();
      return {};
    }
    const std::string_view part = content_.substr(at_, count);
    at_ += count;
    return part;
  }
  void skip(std::size_t count) { static_cast<void>(take(count)); }
  bool literal(std::string_view text) {
    if (take(text.size()) != text) good_ = false;
    return good_;
  }
  std::uint32_t byte() { return big(1); }
  std::uint32_t big(std::size_t count) {
    std::uint32_t value = 0;
    for (const char c : take(count)) value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
  std::uint32_t little(std::size_t count) {
    const std::string_view part = take(count);
    std::uint32_t value = 0;
    for (std::size_t i = part.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(part[i]);
    return value;
  }
  // Behind the next `c`; not good when there is none.
  void behind(char c) {
    const std::size_t found = content_.find(c, at_);
    if (found == content_.npos) good_ = false;
    at_ = found == content_.npos ? content_.size() : found + 1;
  }

 private:
  std::string_view content_;
  std::size_t at_ = 0;
  bool good_ = true;
};

bool is_chunk_name(std::string_view name) {
  return name.size() == 4 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

void skip_gif_blocks(Bytes& in) {
  while (in.good()) {
    const std::uint32_t size = in.byte();
    if (size == 0) return;
    in.skip(size);
  }
}

void skip_gif_colors(Bytes& in, std::uint32_t flags) {
  if ((flags & 0x80) != 0) in.skip(std::size_t{3} << ((flags & 7) + 1));
}

// The next marker: what is behind one or more 0xff.
std::uint32_t next_marker(Bytes& in) {
  if (in.byte() != 0xff) return 0;
  std::uint32_t marker = 0xff;
  while (in.good() && marker == 0xff) marker = in.byte();
  return marker;
}

// Over the entropy-coded data behind a scan's header to the next marker that is none of its own.
std::uint32_t marker_behind_scan(Bytes& in) {
  while (in.good()) {
    in.behind('\xff');
    std::uint32_t marker = 0xff;
    while (in.good() && marker == 0xff) marker = in.byte();
    const bool of_scan = marker == 0 || (marker >= 0xd0 && marker <= 0xd7);  // a stuffed byte, a restart
    if (!of_scan) return marker;
  }
  return 0;
}

bool is_frame(std::uint32_t marker) {  // SOF0 to SOF15, without DHT, JPG and DAC between them
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

bool read_frame(Bytes& in, std::uint32_t length, Picture& picture) {
  if (length < 6) return false;
  in.skip(1);
  picture.height = in.big(2);
  picture.width = in.big(2);
  in.skip(length - 5);
  return in.good();
}

// The size that a WebP's first chunk tells; false for a chunk that tells none.
bool read_webp_size(std::string_view name, std::string_view chunk, Picture& picture) {
  Bytes in(chunk);
  if (name == "VP8X") {
    in.skip(4);
    picture.width = in.little(3) + 1;
    picture.height = in.little(3) + 1;
  } else if (name == "VP8L") {
    in.literal("\x2f");
    const std::uint32_t bits = in.little(4);
    picture.width = (bits & 0x3fff) + 1;
    picture.height = (bits >> 14 & 0x3fff) + 1;
  } else if (name == "VP8 ") {
    in.skip(3);
    in.literal("\x9d\x01\x2a");
    picture.width = in.little(2) & 0x3fff;
    picture.height = in.little(2) & 0x3fff;
  } else {
    return false;
  }
  return in.good();
}

}  // namespace

std::optional<Picture> read_png(std::string_view content) {
  Bytes in(content);
  Picture picture;
  if (!in.literal(std::string_view("\x89PNG\r\n\x1a\n", 8))) return std::nullopt;
  for (bool first = true; in.good(); first = false) {
    const std::uint32_t size = in.big(4);
    const std::string_view name = in.take(4);
    if (!is_chunk_name(name) || first != (name == "IHDR") || (first && size != 13)) return std::nullopt;
    if (first) {
      picture.width = in.big(4);
      picture.height = in.big(4);
      in.skip(5);
    } else {
      in.skip(size);
    }
    in.skip(4);  // its checksum
    picture.bytes = in.at();
    if (name == "IEND" && in.good()) return picture;
  }
  return std::nullopt;
}

std::optional<Picture> read_gif(std::string_view content) {
  Bytes in(content);
  Picture picture;
  const std::string_view version = in.take(6);
  if (version != "GIF87a" && version != "GIF89a") return std::nullopt;
  picture.width = in.little(2);
  picture.height = in.little(2);
  const std::uint32_t flags = in.byte();
  in.skip(2);
  skip_gif_colors(in, flags);
  while (in.good()) {
    const std::uint32_t kind = in.byte();
    if (kind == 0x3b && in.good()) {
      picture.bytes = in.at();
      return picture;
    }
    if (kind == 0x21) {
      in.skip(1);
    } else if (kind == 0x2c) {
      in.skip(8);
      skip_gif_colors(in, in.byte());
      in.skip(1);
    } else {
      return std::nullopt;
    }
    skip_gif_blocks(in);
  }
  return std::nullopt;
}

std::optional<Picture> read_jpeg(std::string_view content) {
  Bytes in(content);
  Picture picture;
  if (!in.literal("\xff\xd8")) return std::nullopt;
  std::uint32_t marker = next_marker(in);
  while (in.good()) {
    if (marker == 0xd9) {
      picture.bytes = in.at();
      return picture.width > 0 ? std::optional(picture) : std::nullopt;
    }
    const std::uint32_t length = in.big(2);
    if (marker < 0xc0 || length < 2) return std::nullopt;
    if (!is_frame(marker)) in.skip(length - 2);
    else if (!read_frame(in, length - 2, picture)) return std::nullopt;
    marker = marker == 0xda ? marker_behind_scan(in) : next_marker(in);
  }
  return std::nullopt;
}

std::optional<Picture> read_webp(std::string_view content) {
  Bytes in(content);
  Picture picture;
  if (!in.literal("RIFF")) return std::nullopt;
  const std::size_t end = std::size_t{in.little(4)} + 8;
  if (!in.literal("WEBP") || end > content.size()) return std::nullopt;
  for (bool first = true; in.good() && in.at() < end; first = false) {
    const std::string_view name = in.take(4);
    const std::uint32_t size = in.little(4);
    const std::string_view chunk = in.take(size);
    if (first && !read_webp_size(name, chunk, picture)) return std::nullopt;
    if (size % 2 != 0) in.skip(1);
  }
  picture.bytes = in.at();
  return in.good() && in.at() == end && picture.width > 0 ? std::optional(picture) : std::nullopt;
}

}  // namespace beckon::http
