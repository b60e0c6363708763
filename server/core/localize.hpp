// Texts in the visitor's language.
//
// Thread safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "beckon/rules/rule_file.hpp"
#include "core/site.hpp"

namespace beckon::core {

// The language in which a site speaks to somebody who reads `language`: that one, when it is among the site's (the region does not
// count), else the site's first. A site that names none speaks every language.
[[nodiscard]] std::string_view spoken_language(const SiteSettings& site, std::string_view language);

// The text for somebody who reads `language` (BCP 47, may be empty): that very tag (in any case), its language without region,
// any region of that language, the text without language, English, the first. Empty only when there is no text at all.
[[nodiscard]] const std::string& text_for(const rules::LocalText& texts, std::string_view language);

// An offer's object as the widget gets it: with `text` as one string in place of texts by language.
[[nodiscard]] std::string offer_body(const rules::Actions& actions, std::string_view language);

// The widget's texts as one JSON object, chosen likewise; "{}" without any.
[[nodiscard]] std::string texts_json(const WidgetTexts& texts, std::string_view language);

}  // namespace beckon::core
