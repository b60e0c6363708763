// Ids are types of their own, so that a tab's id cannot be passed where a visitor's belongs.
//
//   base::VisitorId visitor = base::new_visitor_id();        // "v_Hq3…", 128 random bits
//   log.info("hello", {{"visitor", visitor.text()}});
//
// Thread safety: values; the functions may be called from any thread.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace beckon::base {

// A text that names something of the kind `Tag`. Empty means "none".
template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  explicit Id(std::string_view text) : text_(text) {}
  explicit Id(const char* text) : text_(text) {}

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend std::strong_ordering operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

using SiteId = Id<struct SiteTag>;        // from the configuration: "shop"
using VisitorId = Id<struct VisitorTag>;  // one browser or one signed-in person: "v_" and 22 characters
using OfferId = Id<struct OfferTag>;      // one offer to one visitor: "o_" and 22 characters
using TabId = Id<struct TabTag>;          // chosen by the browser, 1 to 64 characters
using SessionId = Id<struct SessionTag>;  // of one page load, chosen by the browser, 16 to 64 characters
using RuleId = Id<struct RuleTag>;        // from the rule file: "cart-help"
using ConversationId = Id<struct ConversationTag>;  // a visitor's one conversation on a site: "c_" and 22 characters
using OperatorId = Id<struct OperatorTag>;          // a person who answers: "p_" and 22 characters
using FileId = Id<struct FileTag>;                  // a picture or file sent: "f_" and 22 characters
using TaskId = Id<struct TaskTag>;                  // a callback or message left: "t_" and 22 characters

// Random ids of 128 bits in base64url without padding behind their prefix. Unguessable, safe in a URL, a file's name, a
// selector.
[[nodiscard]] VisitorId new_visitor_id();
[[nodiscard]] OfferId new_offer_id();
[[nodiscard]] ConversationId new_conversation_id();
[[nodiscard]] OperatorId new_operator_id();
[[nodiscard]] FileId new_file_id();
[[nodiscard]] TaskId new_task_id();

// Whether the text has the shape of such an id. Says nothing about whether it exists.
[[nodiscard]] bool is_visitor_id(std::string_view text);
[[nodiscard]] bool is_offer_id(std::string_view text);
[[nodiscard]] bool is_conversation_id(std::string_view text);
[[nodiscard]] bool is_operator_id(std::string_view text);
[[nodiscard]] bool is_file_id(std::string_view text);
[[nodiscard]] bool is_task_id(std::string_view text);
// 1 to 64 characters of [A-Za-z0-9_-]: tabs, and what a site's id may be.
[[nodiscard]] bool is_plain_name(std::string_view text);

}  // namespace beckon::base

template <class Tag>
struct std::hash<beckon::base::Id<Tag>> {
  std::size_t operator()(const beckon::base::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text()); }
};
