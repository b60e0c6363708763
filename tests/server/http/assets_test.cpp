#include "http/assets.hpp"

#include <catch2/catch.hpp>

using namespace beckon;
using http::accepts;
using http::Asset;
using http::Caching;

namespace {

constexpr Asset kAsset{"widget/widget.js", "text/javascript", "abc", "plain text", "gzip", "br"};

net::HttpRequest request(std::vector<net::HttpHeader> headers) {
  net::HttpRequest r;
  r.method = "GET";
  r.path = "/widget.js";
  r.headers = std::move(headers);
  return r;
}

std::string header(const net::HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

}  // namespace

TEST_CASE("an encoding is accepted by name or star unless it weighs nothing") {
  CHECK(accepts("gzip, deflate, br", "br"));
  CHECK(accepts("br;q=0.5", "br"));
  CHECK_FALSE(accepts("br;q=0, *", "br"));
  CHECK_FALSE(accepts("br ; q=0.00", "br"));
  CHECK(accepts("*", "br"));
  CHECK_FALSE(accepts("*;q=0", "br"));
  CHECK_FALSE(accepts("brotli", "br"));
  CHECK_FALSE(accepts("", "br"));
}

TEST_CASE("the best accepted encoding is sent, each under its own tag") {
  const auto br = asset_response(kAsset, request({{"Accept-Encoding", "gzip, br"}}), Caching::kMinutes);
  CHECK(br.body() == "br");
  CHECK(header(br, "Content-Encoding") == "br");
  CHECK(header(br, "ETag") == "\"abc-br\"");
  const auto gz = asset_response(kAsset, request({{"Accept-Encoding", "gzip"}}), Caching::kMinutes);
  CHECK(gz.body() == "gzip");
  CHECK(header(gz, "ETag") == "\"abc-gz\"");
  const auto raw = asset_response(kAsset, request({}), Caching::kMinutes);
  CHECK(raw.body() == "plain text");
  CHECK(header(raw, "Content-Encoding").empty());
  CHECK(header(raw, "Vary") == "Accept-Encoding");
}

TEST_CASE("a browser that has it gets 304 without a body") {
  const auto same = asset_response(kAsset, request({{"If-None-Match", "W/\"x\", \"abc\""}}), Caching::kAsk);
  CHECK(same.status == 304);
  CHECK(same.body().empty());
  CHECK(header(same, "ETag") == "\"abc\"");
  const auto other = asset_response(kAsset, request({{"If-None-Match", "\"abc-br\""}}), Caching::kAsk);
  CHECK(other.status == 200);
}
