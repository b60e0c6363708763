#include "http/file_kind.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "http/picture.hpp"

namespace beckon::http {
namespace {

constexpr std::size_t kMaxNameBytes = 100;
constexpr std::size_t kSniffedBytes = 1024;  // of a text; browsers look at no more

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view text, std::string_view wanted) {
  return text.size() >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

bool is_tag(std::string_view at, std::string_view name) {
  return begins_with(at, name) && at.size() > name.size() &&
         std::string_view(" \t\r\n\f/>").find(at[name.size()]) != std::string_view::npos;
}

// Whether there is something in it that another program than a picture's viewer would run.
bool has_markup(std::string_view content) {
  for (std::size_t i = content.find('<'); i != content.npos; i = content.find('<', i + 1)) {
    const std::string_view at = content.substr(i, 16);
    if (begins_with(at, "<script") || begins_with(at, "<!doctype") || begins_with(at, "<iframe") ||
        begins_with(at, "<?php") || begins_with(at, "<!entity") || is_tag(at, "<html") || is_tag(at, "<svg") ||
        is_tag(at, "<body"))
      return true;
  }
  return false;
}

// A text's first character that is no white space is a '<': browsers and readers of XML would take it for theirs.
bool looks_like_markup(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n\f");
  return first != text.npos && text[first] == '<';
}

// The bytes of the UTF-8 character at the text's start; 0: none. Overlong forms and surrogates are none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && byte(1) < 0xa0) return 0;
  if (lead == 0xed && byte(1) >= 0xa0) return 0;
  if (lead == 0xf0 && byte(1) < 0x90) return 0;
  if (lead == 0xf4 && byte(1) >= 0x90) return 0;
  return length;
}

bool is_text(std::string_view text) {
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    const bool control = (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f') || c == 0x7f;
    const std::size_t length = utf8_length(text);
    if (control || length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

// "%PDF-" at the very front, "%%EOF" at the very end but for line breaks.
bool is_pdf(std::string_view content) {
  const std::size_t end = content.rfind("%%EOF");
  return content.starts_with("%PDF-") && end != content.npos &&
         content.find_first_not_of(" \t\r\n\0", end + 5, 5) == content.npos;
}

struct Format {
  std::optional<Picture> (*read)(std::string_view);
  std::string_view type, extension;
};
constexpr std::array<Format, 4> kFormats{{{read_png, "image/png", ".png"},
                                          {read_jpeg, "image/jpeg", ".jpg"},
                                          {read_gif, "image/gif", ".gif"},
                                          {read_webp, "image/webp", ".webp"}}};

std::variant<FileKind, std::string> picture_of(const Format& format, const Picture& picture, std::string_view content) {
  if (picture.width == 0 || picture.height == 0) return "this picture has no size";
  const std::uint64_t pixels = std::uint64_t{picture.width} * picture.height;
  if (picture.width > kMaxPictureSide || picture.height > kMaxPictureSide || pixels > kMaxPicturePixels)
    return "this picture has too many pixels";
  if (picture.bytes < content.size() && format.read != read_jpeg)
    return "there is something behind the end of this picture";
  if (has_markup(content.substr(0, picture.bytes))) return "there is markup inside this picture";
  return FileKind{format.type, format.extension, picture.width, picture.height, picture.bytes};
}

// What a shown name may not hold: controls, and the characters that turn the direction of what follows.
bool is_hidden(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0) < ' ' || byte(0) == 0x7f;
  if (character.size() == 2) return (byte(0) == 0xc2 && byte(1) < 0xa0) || (byte(0) == 0xd8 && byte(1) == 0x9c);
  if (character.size() != 3 || byte(0) != 0xe2) return false;
  const bool zero_width = byte(1) == 0x80 && byte(2) >= 0x8b && byte(2) <= 0x8f;    // U+200B to U+200F
  const bool lines = byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae;         // U+2028 to U+202E
  const bool isolates = byte(1) == 0x81 && byte(2) >= 0xa0 && byte(2) <= 0xaf;      // U+2060 to U+206F
  return zero_width || lines || isolates;
}

std::string shown_part(std::string_view said) {
  const std::size_t slash = said.find_last_of("/\\");
  if (slash != said.npos) said.remove_prefix(slash + 1);
  std::string name;
  while (!said.empty()) {
    const std::size_t length = utf8_length(said);
    const std::string_view character = said.substr(0, std::max<std::size_t>(length, 1));
    said.remove_prefix(character.size());
    if (length == 0 || is_hidden(character)) continue;
    if (name.size() + character.size() > kMaxNameBytes - 5) break;  // room for the extension
    name += character;
  }
  while (!name.empty() && (name.front() == ' ' || name.front() == '.')) name.erase(0, 1);
  while (!name.empty() && (name.back() == ' ' || name.back() == '.')) name.pop_back();
  return name;
}

bool has_extension(std::string_view name, const FileKind& kind) {
  const std::size_t dot = name.rfind('.');
  if (dot == name.npos) return false;
  const std::string_view extension = name.substr(dot);
  if (kind.extension == ".jpg" && extension.size() == 5 && begins_with(extension, ".jpeg")) return true;
  return extension.size() == kind.extension.size() && begins_with(extension, kind.extension);
}

}  // namespace

std::variant<FileKind, std::string> kind_of(std::string_view content) {
  if (content.empty()) return "this file is empty";
  for (const Format& format : kFormats) {
    if (const auto picture = format.read(content)) return picture_of(format, *picture, content);
  }
  if (is_pdf(content)) {
    if (has_markup(content.substr(0, kSniffedBytes))) return "there is markup inside this PDF";
    return FileKind{"application/pdf", ".pdf", 0, 0, content.size()};
  }
  if (!is_text(content)) return "only pictures (PNG, JPEG, GIF, WebP), PDF files and plain text in UTF-8 can be sent";
  if (looks_like_markup(content) || has_markup(content.substr(0, kSniffedBytes)))
    return "pages and drawings (HTML, SVG, XML) cannot be sent";
  return FileKind{"text/plain", ".txt", 0, 0, content.size()};
}

bool is_shown(std::string_view type) {
  return std::any_of(kFormats.begin(), kFormats.end(), [&](const Format& format) { return format.type == type; });
}

std::string file_name(std::string_view said, const FileKind& kind) {
  std::string name = shown_part(said);
  if (name.empty()) name = is_shown(kind.type) ? "picture" : "file";
  if (!has_extension(name, kind)) name += kind.extension;
  return name;
}

}  // namespace beckon::http
