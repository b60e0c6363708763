#include <deque>

#include "parser.hpp"

namespace beckon::json {

struct Document::Arena {
  Buffer buffer;
  std::deque<Value> values;  // the root first
};

// Makes values of events. The reader's state says where each event is.
class TreeBuilder final : public Handler {
 public:
  TreeBuilder(const std::size_t& offset, std::string_view text, std::deque<Value>& values)
      : offset_(offset), text_(text), values_(values) {}

  [[nodiscard]] bool too_many() const { return values_.size() > kMaxValues; }

  bool null() override { return add(Type::kNull, 4) != nullptr; }

  bool boolean(bool value) override {
    Value* const added = add(Type::kBool, value ? 4 : 5);
    if (added != nullptr) added->boolean_ = value;
    return added != nullptr;
  }

  bool number(std::string_view digits) override { return set_text(add(Type::kNumber, digits.size()), digits); }

  bool string(std::string_view value) override {
    return set_text(add(Type::kString, string_end(text_, offset_) - offset_), value);
  }

  bool key(std::string_view name) override {
    name_ = name;
    name_offset_ = offset_;
    return true;
  }

  bool begin_object() override { return open(Type::kObject); }
  bool begin_array() override { return open(Type::kArray); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

 private:
  struct Open {
    Value* value;
    Value* last;  // its last member or element
  };

  Value* add(Type type, std::size_t size) {
    Value& added = values_.emplace_back();
    if (too_many()) return nullptr;
    added.type_ = type;
    added.begin_ = offset_;
    added.end_ = offset_ + size;
    if (open_.empty()) return &added;
    Open& parent = open_.back();
    if (parent.value->type_ == Type::kObject) {
      added.name_ = name_.data();
      added.name_size_ = static_cast<std::uint32_t>(name_.size());
      added.name_offset_ = name_offset_;
    }
    (parent.last == nullptr ? parent.value->first_ : parent.last->next_) = &added;
    parent.last = &added;
    ++parent.value->size_;
    return &added;
  }

  static bool set_text(Value* value, std::string_view text) {
    if (value == nullptr) return false;
    value->text_ = text.data();
    value->text_size_ = static_cast<std::uint32_t>(text.size());
    return true;
  }

  bool open(Type type) {
    Value* const added = add(type, 1);
    if (added == nullptr) return false;
    open_.push_back({added, nullptr});
    return true;
  }

  bool close() {
    open_.back().value->end_ = offset_ + 1;
    open_.pop_back();
    return true;
  }

  const std::size_t& offset_;
  std::string_view text_;
  std::deque<Value>& values_;
  std::vector<Open> open_;
  std::string_view name_;
  std::size_t name_offset_ = 0;
};

std::string_view name_of(Type type) {
  switch (type) {
    case Type::kNull: return "null";
    case Type::kBool: return "true or false";
    case Type::kNumber: return "a number";
    case Type::kString: return "a string";
    case Type::kArray: return "an array";
    case Type::kObject: return "an object";
  }
  return "";
}

const Value* Value::find(std::string_view name) const {
  for (const Value* member = first_; member != nullptr; member = member->next_) {
    if (type_ == Type::kObject && member->name() == name) return member;
  }
  return nullptr;
}

Document::Document() : arena_(std::make_unique<Arena>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

const Value& Document::root() const { return arena_->values.front(); }

ParseResult parse(std::string_view text, const ReadOptions& options) {
  Document document;
  Reader::State state;
  TreeBuilder builder(state.event_offset, text, document.arena_->values);
  ReadOptions bounded = options;
  bounded.max_bytes = std::min<std::size_t>(options.max_bytes, UINT32_MAX);
  if (std::optional<Error> error = state.read(text, builder, bounded)) {
    if (builder.too_many()) error->message = "more than " + std::to_string(kMaxValues) + " values";
    return {std::nullopt, std::move(error)};
  }
  document.arena_->buffer = std::move(state.buffer);
  return {std::move(document), std::nullopt};
}

}  // namespace beckon::json
