// What a file is by its content, whatever it is called.
#include "http/file_kind.hpp"

#include <catch2/catch.hpp>

using namespace beckon;
using http::FileKind;

namespace {

std::string big(std::uint32_t value, int count) {
  std::string out;
  for (int i = count - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
  return out;
}
std::string little(std::uint32_t value, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += static_cast<char>(value >> (8 * i));
  return out;
}

std::string chunk(const std::string& name, const std::string& data) {
  return big(static_cast<std::uint32_t>(data.size()), 4) + name + data + "crc!";
}
std::string png(std::uint32_t width, std::uint32_t height, const std::string& more = "") {
  return std::string("\x89PNG\r\n\x1a\n", 8) + chunk("IHDR", big(width, 4) + big(height, 4) + std::string("\x08\x06\0\0\0", 5)) +
         more + chunk("IDAT", "pixels") + chunk("IEND", "");
}
std::string gif(std::uint32_t width, std::uint32_t height) {
  return "GIF89a" + little(width, 2) + little(height, 2) + std::string("\x80\0\0", 3) + "rgbRGB" +
         std::string("\x21\xf9\x04\0\0\0\0\0", 8) + "," + std::string(8, '\0') + std::string("\0\x02\x02\x4c\x01\0", 6) + ";";
}
std::string segment(char marker, const std::string& data) {
  return std::string("\xff") + marker + big(static_cast<std::uint32_t>(data.size()) + 2, 2) + data;
}
std::string jpeg(std::uint32_t width, std::uint32_t height, const std::string& comment = "") {
  return "\xff\xd8" + segment('\xe0', std::string("JFIF\0", 5)) + (comment.empty() ? "" : segment('\xfe', comment)) +
         segment('\xc0', "\x08" + big(height, 2) + big(width, 2) + "\x01") + segment('\xda', "header") +
         std::string("scan\xff\0more\xff\xd0scan", 16) + "\xff\xd9";
}
std::string webp(const std::string& name, const std::string& data) {
  const std::string body = "WEBP" + name + little(static_cast<std::uint32_t>(data.size()), 4) + data + std::string(data.size() % 2, '\0');
  return "RIFF" + little(static_cast<std::uint32_t>(body.size()), 4) + body;
}
std::string extended_webp(std::uint32_t width, std::uint32_t height) {
  return webp("VP8X", std::string(4, '\0') + little(width - 1, 3) + little(height - 1, 3));
}

FileKind kind(const std::string& content) {
  const auto found = http::kind_of(content);
  if (const auto* wrong = std::get_if<std::string>(&found)) FAIL(*wrong);
  return std::get<FileKind>(found);
}
std::string refusal(const std::string& content) {
  const auto found = http::kind_of(content);
  REQUIRE(std::holds_alternative<std::string>(found));
  return std::get<std::string>(found);
}

}  // namespace

TEST_CASE("pictures tell their kind and size") {
  const auto check = [](const std::string& content, const std::string& type) {
    CAPTURE(type);
    const FileKind found = kind(content);
    CHECK(found.type == type);
    CHECK(found.width == 640);
    CHECK(found.height == 480);
    CHECK(found.bytes == content.size());
  };
  check(png(640, 480), "image/png");
  check(gif(640, 480), "image/gif");
  check(jpeg(640, 480), "image/jpeg");
  check(extended_webp(640, 480), "image/webp");
  check(webp("VP8L", "\x2f" + little((640 - 1) | (480 - 1) << 14, 4)), "image/webp");
  check(webp("VP8 ", "abc\x9d\x01\x2a" + little(640, 2) + little(480, 2)), "image/webp");
}

TEST_CASE("a picture that is broken off anywhere is none") {
  for (const std::string& whole : {png(6, 4), gif(6, 4), jpeg(6, 4), extended_webp(6, 4)}) {
    for (std::size_t size = 1; size < whole.size(); ++size) {
      CAPTURE(size);
      const auto found = http::kind_of(whole.substr(0, size));
      const auto* as = std::get_if<FileKind>(&found);
      CHECK((!as || as->type == "text/plain"));  // "GIF8" is a text
    }
  }
}

TEST_CASE("what is behind a picture is refused, and cut off behind a JPEG") {
  const std::string zip = "PK\x05\x06" + std::string(18, '\0');
  CHECK(refusal(png(6, 4) + zip) == "there is something behind the end of this picture");
  CHECK(refusal(gif(6, 4) + "<script>") == "there is something behind the end of this picture");
  CHECK_FALSE(refusal(extended_webp(6, 4) + zip).empty());
  CHECK(kind(jpeg(6, 4) + zip + "<script>alert(1)</script>").bytes == jpeg(6, 4).size());
}

TEST_CASE("markup inside a picture is refused") {
  for (const char* markup : {"<script>x</script>", "<SCRIPT src=x>", "<html>", "<HTML lang=en>", "<svg onload=x>", "<!DOCTYPE html>",
                             "<iframe src=x>", "<?php echo 1;", "<body onload=x>"}) {
    CAPTURE(markup);
    CHECK(refusal(jpeg(6, 4, markup)) == "there is markup inside this picture");
    CHECK(refusal(png(6, 4, chunk("tEXt", std::string("Comment") + '\0' + markup))) == "there is markup inside this picture");
  }
  CHECK(kind(jpeg(6, 4, "<x:xmpmeta><rdf:RDF/></x:xmpmeta> a < b <bodyguard>")).type == "image/jpeg");
}

TEST_CASE("a picture of more pixels than anybody can look at is refused") {
  CHECK(kind(png(12'000, 5'000)).width == 12'000);
  CHECK(refusal(png(12'001, 1)) == "this picture has too many pixels");
  CHECK(refusal(png(8'000, 8'000)) == "this picture has too many pixels");
  CHECK(refusal(png(0xffffffff, 0xffffffff)) == "this picture has too many pixels");
  CHECK(refusal(png(0, 10)) == "this picture has no size");
}

TEST_CASE("a PDF begins and ends as one") {
  CHECK(kind("%PDF-1.7\nstuff\n%%EOF\r\n").type == "application/pdf");
  CHECK(kind("%PDF-1.7\n\xff\xfe\n%%EOF").type == "application/pdf");
  CHECK_FALSE(refusal("\xff%PDF-1.7\n%%EOF").empty());
  CHECK_FALSE(refusal("%PDF-1.7\n\xff%%EOF PK\x05\x06").empty());
  CHECK(refusal("%PDF-1.7\n<html>%%EOF") == "there is markup inside this PDF");
}

TEST_CASE("plain text is UTF-8 without controls, and no page or drawing") {
  CHECK(kind("Hello,\r\n\tworld \xe2\x82\xac\n").type == "text/plain");
  CHECK(kind("if a < b then").type == "text/plain");
  for (const char* page : {"<!DOCTYPE html>", "  \n<html>", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<?xml version='1.0'?><svg/>",
                           "<p>", "\xef\xbb\xbf<p>", "text and then <script>alert(1)</script>", "<!-- --><b>"}) {
    CAPTURE(page);
    CHECK(refusal(page) == "pages and drawings (HTML, SVG, XML) cannot be sent");
  }
  for (const std::string& other : {std::string("a\0b", 3), std::string("\xff\xfe<\0h\0", 6), std::string("caf\xe9"), std::string("\xc0\xaf"),
                                   std::string("\xed\xa0\x80"), std::string("MZ\x90\0", 4), std::string("PK\x03\x04"), std::string("\x7f""ELF")}) {
    CHECK(refusal(other).starts_with("only pictures"));
  }
  CHECK(refusal("") == "this file is empty");
}

TEST_CASE("a name is its last part, plain, with the kind's extension") {
  const FileKind picture = kind(png(6, 4)), text = kind("text"), photo = kind(jpeg(6, 4));
  CHECK(http::file_name("cat.png", picture) == "cat.png");
  CHECK(http::file_name("CAT.PNG", picture) == "CAT.PNG");
  CHECK(http::file_name("photo.jpeg", photo) == "photo.jpeg");
  CHECK(http::file_name("../../etc/passwd", text) == "passwd.txt");
  CHECK(http::file_name("C:\\Windows\\x.exe", picture) == "x.exe.png");
  CHECK(http::file_name("x.html", picture) == "x.html.png");
  CHECK(http::file_name("", picture) == "picture.png");
  CHECK(http::file_name("..", text) == "file.txt");
  CHECK(http::file_name(".htaccess", text) == "htaccess.txt");
  CHECK(http::file_name("a\r\nSet-Cookie: x\0.png", picture) == "aSet-Cookie: x.png");
  CHECK(http::file_name("cat\xe2\x80\xaegnp.exe", picture) == "catgnp.exe.png");
  CHECK(http::file_name("\xff\xfe", picture) == "picture.png");
  CHECK(http::file_name("r\xc3\xa9sum\xc3\xa9.txt", text) == "r\xc3\xa9sum\xc3\xa9.txt");
  for (std::size_t size = 80; size < 300; ++size) CHECK(http::file_name(std::string(size, 'x'), picture).size() <= 100);
}
