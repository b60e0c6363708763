#include "core/localize.hpp"

#include <catch2/catch.hpp>

namespace beckon::core {
namespace {

TEST_CASE("language: a site speaks the visitor's language when it is one of its own, else its first") {
  SiteSettings site;
  CHECK(spoken_language(site, "de-AT") == "de-AT");
  site.languages = {"fr", "en-GB"};
  CHECK(spoken_language(site, "fr") == "fr");
  CHECK(spoken_language(site, "FR-be") == "FR-be");
  CHECK(spoken_language(site, "en") == "en");
  CHECK(spoken_language(site, "de-AT") == "fr");
  CHECK(spoken_language(site, "") == "fr");
}

TEST_CASE("language: a site of French and English does not show its German draft") {
  SiteSettings site;
  site.languages = {"fr", "en"};
  const rules::LocalText texts{{"de", "Hilfe?"}, {"en", "Help?"}, {"fr", "De l'aide ?"}};
  CHECK(text_for(texts, spoken_language(site, "de")) == "De l'aide ?");
  CHECK(text_for(texts, spoken_language(site, "en-US")) == "Help?");
}

}  // namespace
}  // namespace beckon::core
